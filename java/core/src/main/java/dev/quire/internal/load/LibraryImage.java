package dev.quire.internal.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a native library: whether it is whole and for this platform. Asked before the system loads it, because
 * loading a truncated file can end the process.
 *
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html">ELF</a>
 * @see <a href="https://learn.microsoft.com/en-us/windows/win32/debug/pe-format">PE</a>
 * @see <a href="https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h">Mach-O</a>
 */
final class LibraryImage {
    /** Where linkers keep every header that is read here; more than the PE default of 1,024. */
    private static final int HEAD_BYTES = 8192;

    private static final int ELF = 0x464c457f; // 7f 'E' 'L' 'F'
    private static final int ELF_64_LITTLE = 0x0102;
    private static final int ELF_LOAD = 1;
    private static final int MACH_O = 0xfeedfacf;
    private static final int MACH_O_SEVERAL = 0xbebafeca; // big-endian cafebabe
    private static final int MACH_O_SEGMENT = 0x19;
    private static final int MACH_O_LEAST = 8; // bytes of a command
    private static final int DOS = 0x5a4d; // 'M' 'Z'
    private static final int PE = 0x4550; // 'P' 'E' 0 0

    private static final String WINDOWS = "windows";
    private static final String MACOS = "macos";
    private static final String SEVERAL = "several architectures";

    private final ByteBuffer head;
    private String system = "";
    private String architecture = "";

    /** How many bytes the headers promise. */
    private long needed;

    private LibraryImage(ByteBuffer head) {
        this.head = head.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Why a file cannot be loaded here; null if nothing speaks against it. */
    static @Nullable String defect(Path file, NativePlatform platform) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
            int _ = channel.read(head, 0);
            return defect(head.flip(), channel.size(), platform);
        }
    }

    /** Why a library with these first bytes cannot be loaded here; null if nothing speaks against it. */
    static @Nullable String defect(ByteBuffer head, long size, NativePlatform here) {
        LibraryImage image = new LibraryImage(head);
        boolean cut = !image.parse() && head.limit() >= size;
        if (cut) {
            return "it is truncated: it has " + size + " bytes, which end inside its headers";
        }
        if (image.system.isEmpty()) {
            return "it is not a native library";
        }
        if (!image.isFor(here)) {
            return "it is for " + image.architecture + " (" + image.system + "), this is " + here;
        }
        return image.needed > size
                ? "it is truncated: it has " + size + " bytes, its headers say " + image.needed
                : null;
    }

    private boolean isFor(NativePlatform here) {
        boolean other = here.system().equals(WINDOWS) || here.system().equals(MACOS);
        return system.equals(other ? here.system() : "ELF")
                && (architecture.equals(here.architecture()) || architecture.equals(SEVERAL));
    }

    /** False if the headers go on beyond the bytes at hand. */
    private boolean parse() {
        try {
            parseFormat();
            return true;
        } catch (IndexOutOfBoundsException e) {
            return false;
        }
    }

    private void parseFormat() {
        int magic = head.getInt(0);
        if (magic == ELF) {
            parseElf();
        } else if (magic == MACH_O) {
            parseMachO();
        } else if (magic == MACH_O_SEVERAL) {
            system = MACOS;
            architecture = SEVERAL;
        } else if ((magic & 0xffff) == DOS) {
            parsePe(head.getInt(60));
        }
    }

    private void parseElf() {
        system = "ELF";
        if (head.getShort(4) != ELF_64_LITTLE) {
            architecture = "a machine with 32 bits or big-endian";
            return;
        }
        architecture = machine(head.getShort(18), 62, 183);
        int entrySize = head.getShort(54);
        int entries = head.getShort(56);
        needed = head.getLong(40) + (long) head.getShort(58) * head.getShort(60);
        long at = head.getLong(32);
        for (int i = 0; i < entries; i++, at += entrySize) {
            int entry = Math.clamp(at, -1, Integer.MAX_VALUE - Long.BYTES * 5);
            if (head.getInt(entry) == ELF_LOAD) {
                needed = Math.max(needed, head.getLong(entry + 8) + head.getLong(entry + 32));
            }
        }
    }

    private void parseMachO() {
        system = MACOS;
        architecture = machine(head.getInt(4), 0x01000007, 0x0100000c);
        int at = 32;
        for (int i = 0; i < head.getInt(16); i++) {
            if (head.getInt(at) == MACH_O_SEGMENT) {
                needed = Math.max(needed, head.getLong(at + 40) + head.getLong(at + 48));
            }
            at += Math.max(head.getInt(at + 4), MACH_O_LEAST);
        }
    }

    private void parsePe(int start) {
        if (head.getInt(start) != PE) {
            return;
        }
        system = WINDOWS;
        architecture = machine(head.getShort(start + 4) & 0xffff, 0x8664, 0xaa64);
        int sections = head.getShort(start + 6);
        int at = start + 24 + head.getShort(start + 20);
        for (int i = 0; i < sections; i++, at += 40) {
            needed = Math.max(needed, (long) head.getInt(at + 16) + head.getInt(at + 20));
        }
    }

    private static String machine(int number, int x86, int arm) {
        return number == x86 ? "x86_64" : number == arm ? "aarch64" : "machine " + number;
    }
}
