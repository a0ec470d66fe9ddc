package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LibraryImageTest {
    private static final NativePlatform WINDOWS = new NativePlatform("windows", "x86_64");
    private static final NativePlatform MACOS = new NativePlatform("macos", "aarch64");
    private static final NativePlatform LINUX = new NativePlatform("linux", "x86_64");

    private static @Nullable String defect(byte[] content, NativePlatform here) {
        return LibraryImage.defect(ByteBuffer.wrap(content), content.length, here);
    }

    private static ByteBuffer image(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** One section of 512 bytes at 512. */
    private static byte[] pe(int machine) {
        ByteBuffer image = image(1024).put(0, new byte[] {'M', 'Z'}).putInt(60, 128);
        image.putInt(128, 0x4550).putShort(132, (short) machine).putShort(134, (short) 1);
        image.putShort(148, (short) 240).putInt(128 + 24 + 240 + 16, 512).putInt(128 + 24 + 240 + 20, 512);
        return image.array();
    }

    /** One segment of 4,096 bytes at 0 behind a command of another kind. */
    private static byte[] machO(int processor) {
        ByteBuffer image =
                image(4096).putInt(0, 0xfeedfacf).putInt(4, processor).putInt(16, 2);
        image.putInt(32, 0x1b).putInt(36, 24);
        image.putInt(56, 0x19).putInt(60, 72).putLong(56 + 40, 0).putLong(56 + 48, 4096);
        return image.array();
    }

    @Test
    void everyTruncationOfTheBundledLibraryIsFound() throws Exception {
        byte[] whole = Bundled.bytes();
        assertNull(defect(whole, NativePlatform.current()));
        for (int length = 0; length < whole.length; length += 97) {
            assertNotNull(defect(Arrays.copyOf(whole, length), NativePlatform.current()), "cut at " + length);
        }
        assertNotNull(defect(Arrays.copyOf(whole, whole.length - 1), NativePlatform.current()));
    }

    @Test
    void windows() {
        assertNull(defect(pe(0x8664), WINDOWS));
        assertEquals("it is for aarch64 (windows), this is windows-x86_64", defect(pe(0xaa64), WINDOWS));
        assertEquals("it is for x86_64 (windows), this is linux-x86_64", defect(pe(0x8664), LINUX));
        assertEquals(
                "it is truncated: it has 1023 bytes, its headers say 1024",
                defect(Arrays.copyOf(pe(0x8664), 1023), WINDOWS));
        assertEquals(
                "it is truncated: it has 150 bytes, which end inside its headers",
                defect(Arrays.copyOf(pe(0x8664), 150), WINDOWS));
    }

    @Test
    void aProgramForDosIsNoLibrary() {
        byte[] program = pe(0x8664);
        program[128] = 'N';
        assertEquals("it is not a native library", defect(program, WINDOWS));
    }

    @Test
    void macos() {
        assertNull(defect(machO(0x0100000c), MACOS));
        assertEquals("it is for x86_64 (macos), this is macos-aarch64", defect(machO(0x01000007), MACOS));
        assertEquals(
                "it is truncated: it has 4000 bytes, its headers say 4096",
                defect(Arrays.copyOf(machO(0x0100000c), 4000), MACOS));
        assertNull(
                defect(image(64).order(ByteOrder.BIG_ENDIAN).putInt(0xcafebabe).array(), MACOS));
    }

    @Test
    void commandsWithoutLengthEnd() {
        byte[] content = machO(0x0100000c);
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(36, 0).putInt(16, Integer.MAX_VALUE);
        assertNotNull(defect(content, MACOS));
    }

    @Test
    void otherMachines() {
        ByteBuffer elf = image(64).putInt(0, 0x464c457f).putShort(4, (short) 0x0101);
        assertEquals(
                "it is for a machine with 32 bits or big-endian (ELF), this is linux-x86_64",
                defect(elf.array(), LINUX));
        elf.putShort(4, (short) 0x0102).putShort(18, (short) 243);
        assertEquals("it is for machine 243 (ELF), this is linux-x86_64", defect(elf.array(), LINUX));
    }

    @Test
    void headersBeyondTheBytesReadAreLeftToTheSystem() {
        ByteBuffer elf =
                image(64).putInt(0, 0x464c457f).putShort(4, (short) 0x0102).putShort(18, (short) 62);
        elf.putLong(32, 1 << 20).putShort(54, (short) 56).putShort(56, (short) 3);
        assertNull(LibraryImage.defect(elf, 1 << 21, LINUX));
        assertNotNull(LibraryImage.defect(elf, 64, LINUX));
    }

    @Test
    void text() {
        assertEquals("it is not a native library", defect("#!/bin/sh\n".getBytes(), LINUX));
    }
}
