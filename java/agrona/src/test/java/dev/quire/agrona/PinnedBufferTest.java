package dev.quire.agrona;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.LeasedMapping;
import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.Healing;
import dev.quire.slice.Pin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long the memory under a buffer lives, and what becomes of lost bytes. */
class PinnedBufferTest {
    private static final int PAGE = (int) Platform.pageSize();

    @TempDir
    Path folder;

    private Path file(int size) throws IOException {
        return Files.write(folder.resolve("file"), new byte[size]);
    }

    private boolean isMapped() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.anyMatch(line -> line.contains(folder.toString()));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theMemoryOutlivesItsMapping() throws Exception {
        Mapping map = Mapping.open(file(100), MapMode.READ_WRITE);
        PinnedBuffer buffer = PinnedBuffer.of(map.bytes().slice(8, 16));
        UnsafeBuffer around = new UnsafeBuffer(buffer, 8, 8);
        map.close();
        around.putLongVolatile(0, 42);
        assertEquals(42, buffer.getLong(8));
        assertTrue(isMapped());
        assertFalse(buffer.isClosed());
        CompletableFuture.runAsync(buffer::close).join();
        buffer.close();
        assertTrue(buffer.isClosed());
        assertFalse(isMapped());
        assertEquals(
                42,
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve("file")))
                        .order(ByteOrder.nativeOrder())
                        .getLong(16));
    }

    @Test
    void aClosedBufferHasNoBytes() throws IOException {
        try (Mapping map = Mapping.anonymous(64)) {
            PinnedBuffer buffer = PinnedBuffer.of(map.longs());
            assertEquals(64, buffer.capacity());
            buffer.close();
            assertEquals(0, buffer.capacity());
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.getLong(0));
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.putByte(0, (byte) 1));
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.getBytes(0, new byte[3]));
            assertThrows(IllegalStateException.class, buffer::requireIntact);
            PinnedBuffer other = PinnedBuffer.of(map.bytes());
            other.close();
            assertEquals(other, buffer);
        }
    }

    @Test
    void aPinIsTakenOver() throws IOException {
        LeasedMapping map = Mapping.anonymous(64, Lifetime.LEASED);
        Pin pin = map.pin();
        try (PinnedBuffer buffer = PinnedBuffer.of(pin)) {
            assertEquals(pin.address(), buffer.addressOffset());
            assertNull(buffer.byteArray());
            assertNull(buffer.byteBuffer());
            assertFalse(buffer.isExpandable());
        }
        assertTrue(pin.isClosed());
        map.close();
        assertThrows(IllegalStateException.class, () -> PinnedBuffer.of(pin));
    }

    @Test
    void itStaysWhereItIs() throws IOException {
        try (Mapping map = Mapping.anonymous(64);
                PinnedBuffer buffer = PinnedBuffer.of(map.bytes())) {
            UnsafeBuffer other = new UnsafeBuffer(new byte[8]);
            List<Runnable> wraps = List.of(
                    () -> buffer.wrap(new byte[8]),
                    () -> buffer.wrap(new byte[8], 1, 2),
                    () -> buffer.wrap(ByteBuffer.allocate(8)),
                    () -> buffer.wrap(ByteBuffer.allocate(8), 1, 2),
                    () -> buffer.wrap(other),
                    () -> buffer.wrap(other, 1, 2),
                    () -> buffer.wrap(0, 0));
            for (Runnable wrap : wraps) {
                assertThrows(UnsupportedOperationException.class, wrap::run);
            }
            buffer.putInt(60, 5);
            assertEquals(5, map.ints().get(15));
        }
    }

    /** Nothing is left pinned by a refusal: a resize does not wait. */
    @Test
    void whatCannotBeIsRefused() throws IOException {
        try (Mapping map = Mapping.open(file(100), MapMode.READ_ONLY)) {
            IllegalArgumentException readOnly =
                    assertThrows(IllegalArgumentException.class, () -> PinnedBuffer.of(map.bytes()));
            assertTrue(readOnly.getMessage().contains("COPY_ON_WRITE"), readOnly.getMessage());
        }
        MapOptions sparse = MapOptions.DEFAULT.with(MapOptions.Option.NO_RESERVE);
        try (Mapping map = Mapping.anonymous(3L << 30, Lifetime.SHARED, sparse)) {
            assertThrows(IllegalArgumentException.class, () -> PinnedBuffer.of(map.bytes()));
            PinnedBuffer.of(map.bytes().slice(2L << 30, Integer.MAX_VALUE >> 1)).close();
            map.resize(4096);
        }
        try (Mapping map = Mapping.open(file(100), MapMode.COPY_ON_WRITE);
                PinnedBuffer buffer = PinnedBuffer.of(map.bytes())) {
            buffer.putByte(0, (byte) 1);
            assertEquals(1, buffer.getByte(0));
        }
        assertEquals(0, Files.readAllBytes(folder.resolve("file"))[0]);
    }

    @Test
    void aMisalignedSliceIsFound() throws IOException {
        try (Mapping map = Mapping.anonymous(64);
                PinnedBuffer aligned = PinnedBuffer.of(map.bytes().slice(8, 8));
                PinnedBuffer misaligned = PinnedBuffer.of(map.bytes().slice(3, 8))) {
            aligned.verifyAlignment();
            assertThrows(IllegalStateException.class, misaligned::verifyAlignment);
        }
    }

    /** All that reads many bytes of the last page. */
    static List<Consumer<PinnedBuffer>> bulkReads() {
        int at = 3 * PAGE + 8;
        return List.of(
                buffer -> buffer.getBytes(at, new byte[9]),
                buffer -> buffer.getBytes(at, new byte[9], 1, 8),
                buffer -> buffer.getBytes(at, new UnsafeBuffer(new byte[9]), 0, 9),
                buffer -> buffer.getBytes(at, ByteBuffer.allocate(9), 9),
                buffer -> buffer.getBytes(at, ByteBuffer.allocate(9), 0, 9),
                buffer -> buffer.getStringAscii(at),
                buffer -> buffer.getStringAscii(at, new StringBuilder()),
                buffer -> buffer.getStringAscii(at, ByteOrder.BIG_ENDIAN),
                buffer -> buffer.getStringAscii(at, new StringBuilder(), ByteOrder.BIG_ENDIAN),
                buffer -> buffer.getStringAscii(at, 3),
                buffer -> buffer.getStringAscii(at, 3, new StringBuilder()),
                buffer -> buffer.getStringWithoutLengthAscii(at, 3),
                buffer -> buffer.getStringWithoutLengthAscii(at, 3, new StringBuilder()),
                buffer -> buffer.getStringUtf8(at),
                buffer -> buffer.getStringUtf8(at, ByteOrder.BIG_ENDIAN),
                buffer -> buffer.getStringUtf8(at, 3),
                buffer -> buffer.getStringWithoutLengthUtf8(at, 3),
                buffer -> buffer.parseIntAscii(at, 3),
                buffer -> buffer.parseLongAscii(at, 3),
                buffer -> buffer.parseNaturalIntAscii(at, 3),
                buffer -> buffer.parseNaturalLongAscii(at, 3),
                buffer -> buffer.equals(elsewhere()),
                PinnedBuffer::hashCode,
                buffer -> buffer.compareTo(elsewhere()));
    }

    /** Digits from the second page on. */
    private static byte[] digits() {
        byte[] bytes = new byte[4 * PAGE];
        byte[] text = "100".repeat(PAGE).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, bytes, PAGE, text.length);
        return bytes;
    }

    /** What the buffer would be like if nothing were lost of it, but for the zeros. */
    private static PinnedBuffer elsewhere() {
        try {
            PinnedBuffer buffer =
                    PinnedBuffer.of(Mapping.anonymous(4L * PAGE, Lifetime.AUTO).bytes());
            buffer.putBytes(0, digits(), 0, 3 * PAGE);
            return buffer;
        } catch (MappingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void buffersWithTheSameBytesAreEqual() throws IOException {
        try (Mapping map = Mapping.anonymous(64);
                PinnedBuffer left = PinnedBuffer.of(map.bytes().slice(0, 32));
                PinnedBuffer right = PinnedBuffer.of(map.bytes().slice(32, 32))) {
            assertEquals(left, right);
            assertEquals(left.hashCode(), right.hashCode());
            assertEquals(0, left.compareTo(new UnsafeBuffer(new byte[32])));
            right.putByte(31, (byte) 1);
            assertNotEquals(left, right);
            assertTrue(left.compareTo(right) < 0);
        }
    }

    @ParameterizedTest
    @MethodSource("bulkReads")
    void zerosOfLostBytesAreNotHandedOut(Consumer<PinnedBuffer> read) throws IOException {
        assumeTrue(Platform.facts().healing() == Healing.ON, "faults are not healed here");
        Path file = file(4 * PAGE);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            PinnedBuffer buffer = PinnedBuffer.of(map.bytes());
            buffer.putBytes(0, digits());
            cut(file, 3 * PAGE);
            assertThrows(MemoryFaultException.class, () -> read.accept(buffer));
            assertEquals(100, buffer.parseIntAscii(PAGE, 3), "bytes beside the damage are there");
            assertThrows(MemoryFaultException.class, buffer::requireIntact);
            assertThrows(MemoryFaultException.class, buffer::close);
            assertTrue(buffer.isClosed());
        }
    }

    /** Single elements read zeros; whoever closes is told. */
    @Test
    void closingTellsOfLostBytes() throws IOException {
        assumeTrue(Platform.facts().healing() == Healing.ON, "faults are not healed here");
        Path file = file(2 * PAGE);
        byte[] bytes = new byte[2 * PAGE];
        Arrays.fill(bytes, (byte) 7);
        Files.write(file, bytes);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            PinnedBuffer buffer = PinnedBuffer.of(map.bytes());
            UnsafeBuffer around = new UnsafeBuffer(buffer);
            buffer.requireIntact();
            cut(file, PAGE);
            assertEquals(0, around.getByte(PAGE + 1));
            MemoryFaultException fault = assertThrows(MemoryFaultException.class, buffer::close);
            assertEquals(file.toString(), fault.subject());
            buffer.close();
        }
    }

    private static void cut(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }
}
