package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Mapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Acceptance 26, 27, 32 for arrays: what elements are in Java, and what comes back from Java arrays. */
class ArrayValueTest {
    @TempDir
    private Path folder;

    private static ArrayView over(Mapping mapping, String dtype, long... dims) {
        return ArrayView.over(mapping.bytes(), DType.parse(dtype), Shape.of(dims), Order.C);
    }

    @ParameterizedTest
    @CsvSource({
        "u1,255",
        "i1,-128",
        "<u2,65535",
        ">u2,65535",
        ">i2,-32768",
        "<u4,4294967295",
        ">u4,4294967295",
        ">i4,-2147483648",
        "<u8,-1",
        ">i8,-9223372036854775808"
    })
    void wholeNumbersWiden(String dtype, long value) throws IOException {
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView array = over(mapping, dtype, 2);
            array.fill(value);
            assertEquals(value, array.getLong(0));
            array.fill(0);
            array.setLong(1, value);
            assertEquals(value, array.getLong(1));
            assertArrayEquals(new long[] {0, value}, array.toLongs());
            assertEquals(array.dtype().type() == ElementType.UINT64 ? 0x1p64 : value, array.getDouble(1));
        }
    }

    @ParameterizedTest
    @CsvSource({"u1,256", "u1,-1", "i1,128", "<u2,65536", ">i2,-32769", "<u4,4294967296", ">i4,2147483648"})
    void whatDoesNotFitIsRefused(String dtype, long value) throws IOException {
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView array = over(mapping, dtype, 1);
            assertThrows(ArithmeticException.class, () -> array.setLong(0, value));
            assertThrows(ArithmeticException.class, () -> array.setDouble(0, value));
            assertThrows(ArithmeticException.class, () -> array.setDouble(0, 0.5));
            assertEquals(0, array.getLong(0));
        }
    }

    @ParameterizedTest
    @CsvSource({"<f2", ">f2"})
    void halfFloatsAreRoundedOnceToNearest(String dtype) throws IOException {
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView array = over(mapping, dtype, 1);
            double[][] cases = {
                {65504, 65504},
                {65519.99, 65504},
                {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY},
                {0x1p-24, 0x1p-24},
                {0x1p-25, 0},
                {0x1.000002p-25, 0x1p-24},
                {1 + 0x1p-11, 1},
                {1 + 0x1p-11 + 0x1p-40, 1 + 0x1p-10},
                {-0.1, -0.0999755859375}
            };
            for (double[] pair : cases) {
                array.setDouble(0, pair[0]);
                assertEquals(pair[1], array.getDouble(0));
                assertEquals((float) pair[1], array.getFloat(0));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"<c8", ">c8", "<c16", ">c16"})
    void complexElementsArePairs(String dtype) throws IOException {
        try (Mapping mapping = Mapping.anonymous(64);
                Mapping other = Mapping.anonymous(64)) {
            ArrayView array = over(mapping, dtype, 2);
            array.real().setDouble(1, 1.5);
            array.imaginary().setDouble(1, -2);
            assertEquals(1.5, array.real().sum());
            assertEquals(-2, array.imaginary().min());
            assertThrows(UnsupportedOperationException.class, () -> array.getDouble(1));
            assertThrows(UnsupportedOperationException.class, array::sum);
            ArrayView swapped = over(other, dtype.startsWith("<") ? ">c8" : "<c16", 2);
            swapped.copyFrom(array);
            assertArrayEquals(new double[] {0, 1.5}, swapped.real().toDoubles());
            assertArrayEquals(new double[] {0, -2}, swapped.imaginary().toDoubles());
        }
    }

    @ParameterizedTest
    @CsvSource({"<f2,>f2", "<f4,>f4", ">f8,<f8", "<c8,>c8", ">c16,<c16", "<f4,<f4"})
    void copiesKeepTheBitsOfEveryNaN(String from, String to) throws IOException {
        try (Mapping left = Mapping.anonymous(256);
                Mapping right = Mapping.anonymous(256)) {
            for (int i = 0; i < 256; i++) {
                left.bytes().set(i, (byte) (0xFF - (i % 4 == 1 ? 0x41 : 0)));
            }
            int width = (int) DType.parse(from).itemBytes();
            ArrayView source = over(left, from, 2, 64 / width);
            ArrayView target = over(right, to, 2, 64 / width);
            for (String view : new String[] {"...", "::-1, ::3", ":, ::-1"}) {
                target.slice(view).copyFrom(source.slice(view));
                ArrayView again = over(right, to, 2, 64 / width);
                for (long[] index : Indices.of(source.slice(view).shape())) {
                    assertArrayEquals(
                            element(source.slice(view), index, false),
                            element(again.slice(view), index, !from.equals(to)));
                }
            }
        }
    }

    private static byte[] element(ArrayView array, long[] index, boolean turned) {
        int part = array.dtype().type().componentBytes();
        byte[] bytes = new byte[(int) array.dtype().itemBytes()];
        for (int i = 0; i < bytes.length; i++) {
            int at = turned ? i / part * part + part - 1 - i % part : i;
            bytes[i] = array.bytes.get(array.layout.offsetOf(index) + at);
        }
        return bytes;
    }

    static Stream<Object> javaArrays() {
        float strange = Float.intBitsToFloat(0x7F800001);
        return Stream.of(
                new double[][][] {{{1, 2}, {3, 4}, {5, 6}}, {{7, 8}, {9, Double.NaN}, {11, 12}}},
                new float[][] {{1, strange}, {Float.NEGATIVE_INFINITY, 4}},
                new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE},
                new int[][] {{1}, {2}, {3}},
                new short[][][] {{{-1, 2}}},
                new byte[] {-128, 127},
                new boolean[][] {{true, false}, {false, true}},
                new double[0],
                new int[3][0]);
    }

    @ParameterizedTest
    @MethodSource("javaArrays")
    void nestedJavaArraysComeBack(Object values) throws IOException {
        Path file = folder.resolve("nested.npy");
        MappedArray.save(file, values);
        Object loaded = MappedArray.load(file);
        assertEquals(values.getClass(), loaded.getClass());
        assertArrayEquals(new Object[] {values}, new Object[] {loaded});
        if (values instanceof float[][] floats) {
            assertEquals(0x7F800001, Float.floatToRawIntBits(((float[][]) loaded)[0][1]), floats::toString);
        }
    }

    @Test
    void raggedArraysAreRefused() {
        Path file = folder.resolve("ragged.npy");
        double[][] ragged = {{1, 2}, {3}};
        var failure = assertThrows(IllegalArgumentException.class, () -> MappedArray.save(file, ragged));
        assertTrue(failure.getMessage().contains("ragged"), failure::getMessage);
        assertThrows(IllegalArgumentException.class, () -> MappedArray.save(file, new String[] {"a"}));
    }

    @Test
    void accessorsRefuseWhatTheyCannotHold() throws IOException {
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView wide = over(mapping, "f8", 2, 2);
            assertThrows(UnsupportedOperationException.class, () -> wide.getLong(0, 0));
            assertThrows(UnsupportedOperationException.class, () -> wide.getFloat(0, 0));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> over(mapping, "u4", 2).getInt(0));
            assertThrows(IllegalArgumentException.class, () -> wide.getDouble(0));
            assertThrows(IndexOutOfBoundsException.class, () -> wide.getDouble(2, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> wide.getDouble(0, -1));
        }
    }
}
