package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Acceptance 38. The bytes are laid out here once more, field by field, so that writer and reader cannot err alike. */
class SciHeaderTest {

    private static byte[] file(int tag, long total, int dataBytes, long... dims) {
        ByteBuffer file = ByteBuffer.allocate(64 + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0, new byte[] {'M', 'M', 'A', 'P', 1, (byte) tag});
        file.putShort(6, (short) dims.length).putLong(8, total);
        for (int axis = 0; axis < dims.length && axis < 6; axis++) {
            file.putLong(16 + 8 * axis, dims[axis]);
        }
        return file.array();
    }

    private static SciHeader read(byte[] file) throws IOException {
        return SciHeader.read(ByteSource.of("a.mmap", file));
    }

    private static <E extends ArrayFileException> E refused(Class<E> kind, byte[] file) {
        E failure = assertThrows(kind, () -> read(file));
        assertTrue(failure.getMessage().startsWith("a.mmap: "), failure::getMessage);
        return failure;
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32,1,4", "FLOAT64,2,8", "INT32,3,4", "INT64,4,8"})
    void readsAndWritesEveryTypeInZeroToSixDimensions(ElementType type, int tag, int itemBytes) throws IOException {
        for (long[] dims : List.of(
                new long[] {},
                new long[] {0},
                new long[] {5},
                new long[] {2, 3},
                new long[] {2, 3, 4},
                new long[] {2, 1, 3, 2},
                new long[] {1, 2, 3, 1, 2},
                new long[] {2, 1, 3, 1, 2, 2})) {
            long total = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
            byte[] file = file(tag, total, (int) total * itemBytes, dims);
            SciHeader expected = SciHeader.of("a.mmap", type, Shape.of(dims));
            assertEquals(expected, read(file));
            assertArrayEquals(Arrays.copyOf(file, 64), expected.toBytes());
            if (total > 0) {
                byte[] cut = Arrays.copyOf(file, file.length - 1);
                ArrayFileException.Truncated failure = refused(ArrayFileException.Truncated.class, cut);
                assertEquals(file.length, failure.expectedBytes());
                assertEquals(cut.length, failure.foundBytes());
            }
        }
    }

    @Test
    void refusesAWrongMagicVersionTypeAndRank() {
        byte[] magic = file(1, 1, 4, 1);
        magic[3] = 'p';
        refused(ArrayFileException.BadMagic.class, magic);
        byte[] version = file(1, 1, 4, 1);
        version[4] = 2;
        assertEquals(
                "2",
                refused(ArrayFileException.UnsupportedVersion.class, version).version());
        assertEquals(
                "tag 0",
                refused(ArrayFileException.UnsupportedDType.class, file(0, 1, 8, 1))
                        .dtype());
        assertEquals(
                "tag 255",
                refused(ArrayFileException.UnsupportedDType.class, file(255, 1, 8, 1))
                        .dtype());
        refused(ArrayFileException.BadHeader.class, file(1, 1, 4, 1, 1, 1, 1, 1, 1, 1));
    }

    @Test
    void refusesNumbersThatContradictEachOther() {
        refused(ArrayFileException.ShapeMismatch.class, file(1, 7, 24, 2, 3));
        refused(ArrayFileException.ShapeMismatch.class, file(1, -1, 24, 2, 3));
        byte[] extra = file(1, 6, 24, 2, 3);
        extra[32] = 1;
        refused(ArrayFileException.BadHeader.class, extra);
    }

    @Test
    void refusesOverflow() {
        refused(ArrayFileException.BadHeader.class, file(1, 0, 24, 1L << 32, 1L << 32));
        refused(ArrayFileException.BadHeader.class, file(1, 0, 24, -1));
        refused(ArrayFileException.BadHeader.class, file(2, 1L << 60, 24, 1L << 60));
        refused(ArrayFileException.Truncated.class, file(2, 1L << 59, 24, 1L << 59));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 63})
    void refusesAShortHeader(int length) {
        refused(ArrayFileException.Truncated.class, Arrays.copyOf(file(1, 0, 0, 0), length));
    }

    @Test
    void refusesToHoldWhatTheFormatCannot() {
        assertThrows(
                ArrayFileException.UnsupportedDType.class,
                () -> SciHeader.of("a.mmap", ElementType.FLOAT16, Shape.of(1)));
        ArrayFileException rank = assertThrows(
                ArrayFileException.ShapeMismatch.class,
                () -> SciHeader.of("a.mmap", ElementType.FLOAT64, Shape.of(1, 1, 1, 1, 1, 1, 1)));
        assertTrue(rank.getMessage().contains("more than the 6 axes"), rank::getMessage);
    }
}
