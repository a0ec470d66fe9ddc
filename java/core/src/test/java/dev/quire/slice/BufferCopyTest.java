package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.error.MemoryFaultException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.Healing;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies between slices and buffers of the heap, of native memory and of mapped memory. */
final class BufferCopyTest {
    /** More than one piece of 8 MiB. */
    private static final int SIZE = (17 << 20) + 5;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = Pattern.file(folder.resolve("file"), SIZE);
    }

    private static List<ByteBuffer> buffers() {
        return List.of(ByteBuffer.allocate(SIZE), ByteBuffer.allocateDirect(SIZE));
    }

    @ParameterizedTest
    @MethodSource("buffers")
    void whatIsLeftOfABufferIsCopied(ByteBuffer buffer) throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                Mapping back = Mapping.anonymous(SIZE)) {
            buffer.position(3).limit(SIZE - 2);
            map.bytes().copyTo(4, buffer);
            assertEquals(SIZE - 2, buffer.position());
            byte[] all = new byte[SIZE];
            buffer.clear().get(all);
            byte[] expected = new byte[SIZE];
            System.arraycopy(Pattern.bytes(4, SIZE - 5), 0, expected, 3, SIZE - 5);
            assertArrayEquals(expected, all);
            buffer.position(3).limit(SIZE - 2);
            back.bytes().copyFrom(5, buffer);
            assertEquals(SIZE - 2, buffer.position());
            Pattern.check(back.segment().asSlice(5), 4);
            assertEquals(0, back.bytes().get(4));
        }
    }

    @Test
    void nothingIsCopiedThatDoesNotFit() throws IOException {
        try (Mapping map = Mapping.anonymous(10)) {
            map.bytes().fill((byte) 1);
            ByteBuffer buffer = ByteBuffer.allocate(8);
            assertThrows(IndexOutOfBoundsException.class, () -> map.bytes().copyTo(3, buffer));
            assertThrows(IndexOutOfBoundsException.class, () -> map.bytes().copyFrom(3, buffer));
            assertThrows(IndexOutOfBoundsException.class, () -> map.bytes().copyTo(-1, buffer));
            assertThrows(ReadOnlyBufferException.class, () -> map.bytes().copyTo(0, buffer.asReadOnlyBuffer()));
            assertEquals(0, buffer.position());
            assertEquals(0, buffer.get(7));
            assertEquals(1, map.bytes().get(3));
            map.bytes().copyFrom(2, buffer.asReadOnlyBuffer());
            assertEquals(0, map.bytes().get(2));
            map.protect(true);
            assertThrows(ReadOnlyMemoryException.class, () -> map.bytes().copyFrom(0, buffer));
            assertEquals(0, buffer.position());
        }
    }

    /** Zeros that stand for lost bytes go neither way. */
    @Test
    void lostBytesAreAnErrorOnBothSides() throws IOException {
        assumeTrue(Platform.facts().healing() == Healing.ON, "faults are not healed here");
        long kept = 1 << 20;
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                Mapping other = Mapping.anonymous(SIZE)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(kept);
            }
            ByteBuffer buffer = ByteBuffer.allocate(100);
            assertThrows(MemoryFaultException.class, () -> map.bytes().copyTo(2 * kept, buffer));
            assertEquals(0, buffer.position());
            map.bytes().copyTo(0, buffer);
            assertEquals(100, buffer.position());
            ByteBuffer lost = map.bytes().slice(2 * kept, 100).byteBuffer();
            assertThrows(MemoryFaultException.class, () -> other.bytes().copyFrom(0, lost));
        }
    }
}
