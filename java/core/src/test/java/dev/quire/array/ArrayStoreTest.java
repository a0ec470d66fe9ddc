package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One rule for values on every way into an array, and the index before the value. */
class ArrayStoreTest {
    /** The first whole number that a double does not have. */
    private static final long ODD = 9_007_199_254_740_993L;

    @TempDir
    private Path folder;

    private static ArrayView over(Mapping mapping, String dtype, long... dims) {
        return ArrayView.over(mapping.bytes(), DType.parse(dtype), Shape.of(dims), Order.C);
    }

    /** Every way that a double goes into an array. */
    private Map<String, Executable> ways(ArrayView target, ArrayView wide, double value) {
        wide.setDouble(0, value);
        ArraySpec spec = ArraySpec.of(target.dtype(), Shape.of(1));
        Path file = folder.resolve("refused.npy");
        Map<String, Executable> ways = new LinkedHashMap<>();
        ways.put("setDouble", () -> target.setDouble(0, value));
        ways.put("setDouble 4", () -> target.reshape(1, 1, 1, 1).setDouble(0, 0, 0, 0, value));
        ways.put("setAt", () -> target.setAt(new long[] {0}, value));
        ways.put("fill", () -> target.fill(value));
        ways.put("double[]", () -> target.copyFrom(new double[] {value}));
        ways.put("view", () -> target.copyFrom(wide));
        ways.put("swapped view", () -> target.slice("::-1").copyFrom(wide));
        ways.put("create fill", () -> MappedArray.create(file, spec, value).close());
        ways.put(
                "create array",
                () -> MappedArray.create(file, spec, new double[] {value}).close());
        ways.put("create view", () -> MappedArray.create(file, spec, wide).close());
        if ((float) value == value || Double.isNaN(value)) {
            ways.put("float[]", () -> target.copyFrom(new float[] {(float) value}));
        }
        return ways;
    }

    /** Every way that a whole number goes into an array. */
    private Map<String, Executable> ways(ArrayView target, ArrayView wide, long value) {
        wide.setLong(0, value);
        ArraySpec spec = ArraySpec.of(target.dtype(), Shape.of(1));
        Path file = folder.resolve("refused.npy");
        Map<String, Executable> ways = new LinkedHashMap<>();
        ways.put("setLong", () -> target.setLong(0, value));
        ways.put("setLong 4", () -> target.reshape(1, 1, 1, 1).setLong(0, 0, 0, 0, value));
        ways.put("setAt", () -> target.setAt(new long[] {0}, value));
        ways.put("fill", () -> target.fill(value));
        ways.put("long[]", () -> target.copyFrom(new long[] {value}));
        ways.put("view", () -> target.copyFrom(wide));
        ways.put("create fill", () -> MappedArray.create(file, spec, value).close());
        ways.put(
                "create array",
                () -> MappedArray.create(file, spec, new long[] {value}).close());
        ways.put("create view", () -> MappedArray.create(file, spec, wide).close());
        if ((int) value == value) {
            ways.put("int[]", () -> target.copyFrom(new int[] {(int) value}));
        }
        return ways;
    }

    private void assertRefused(ArrayView target, Map<String, Executable> ways, String... spellings) {
        double before = target.getDouble(0);
        ways.forEach((name, way) -> {
            var failure = assertThrows(ArithmeticException.class, way, name);
            String end = " is not a value of " + target.dtype().type();
            assertTrue(
                    Stream.of(spellings).map(value -> value + end).anyMatch(failure.getMessage()::equals),
                    () -> name + ": " + failure.getMessage());
            assertEquals(before, target.getDouble(0), name);
        });
        assertTrue(Files.notExists(folder.resolve("refused.npy")));
    }

    @ParameterizedTest
    @CsvSource({
        "<f2,1e6",
        ">f2,-65520",
        "<f4,1e39",
        ">f4,-1.7976931348623157E308",
        "<f2,3.4e38",
        "<i4,0.5",
        ">i4,2147483648",
        "<i8,9.223372036854775808E18",
        "<i8,NaN",
        "u1,-1",
        "u1,Infinity",
        "<u8,-1",
        "<u8,1.8446744073709551616E19",
        ">u8,NaN",
        "i1,-Infinity",
        "<u2,65535.5"
    })
    void aNumberThatTheTypeDoesNotHaveIsRefusedOnEveryWay(String dtype, double value) throws IOException {
        try (Mapping mapping = Mapping.anonymous(64);
                Mapping other = Mapping.anonymous(64)) {
            ArrayView target = over(mapping, dtype, 1);
            target.setLong(0, 7);
            assertRefused(
                    target, ways(target, over(other, "<f8", 1), value), Double.toString(value), Long.toString((long)
                            value));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<f8,9007199254740993",
        ">f8,9223372036854775807",
        "<f4,16777217",
        ">f4,-16777217",
        "<f2,2049",
        ">f2,65536",
        "<f2,-9223372036854775808",
        "i1,128",
        "u1,-1",
        "<i2,32768",
        ">u2,65536",
        "<i4,-2147483649",
        "<u4,4294967296"
    })
    void aWholeNumberThatTheTypeDoesNotHaveIsRefusedOnEveryWay(String dtype, long value) throws IOException {
        try (Mapping mapping = Mapping.anonymous(64);
                Mapping other = Mapping.anonymous(64)) {
            ArrayView target = over(mapping, dtype, 1);
            target.setLong(0, 7);
            assertRefused(target, ways(target, over(other, ">i8", 1), value), Long.toString(value));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {ODD, Long.MAX_VALUE, Long.MIN_VALUE, -ODD})
    void wholeNumbersStayWhatTheyAre(long value) throws IOException {
        Path file = folder.resolve("exact.npy");
        try (MappedArray array = MappedArray.create(file, ArraySpec.of("<i8", 3), value)) {
            assertArrayEquals(new long[] {value, value, value}, array.toLongs());
            array.fill(0);
            array.fill(value);
            array.setLong(1, -7);
            array.setAt(new long[] {2}, value);
            assertArrayEquals(new long[] {value, -7, value}, array.toLongs());
        }
    }

    @Test
    void floatTypesRoundFractionsAndKeepNaNAndInfinity() throws IOException {
        double[] values = {0.1, 16_777_217, 1e-60, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0
        };
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView singles = over(mapping, ">f4", values.length);
            singles.copyFrom(values);
            for (int i = 0; i < values.length; i++) {
                assertEquals((float) values[i], singles.getFloat(i));
                singles.setDouble(i, values[i]);
                assertEquals((float) values[i], singles.getFloat(i));
            }
        }
    }

    @Test
    void boolTakesTheTruthOfEveryNumber() throws IOException {
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView bools = over(mapping, "?", 5);
            bools.copyFrom(new double[] {0, -0.0, 0.5, Double.NaN, 1e300});
            assertArrayEquals(new long[] {0, 0, 1, 1, 1}, bools.toLongs());
            bools.copyFrom(new long[] {0, 2, -1, Long.MIN_VALUE, 1});
            assertArrayEquals(new long[] {0, 1, 1, 1, 1}, bools.toLongs());
        }
    }

    @Test
    void onlyALongHasTheBitsOfAnUnsignedElement() throws IOException {
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView unsigned = over(mapping, "<u8", 2);
            unsigned.copyFrom(new long[] {-1, Long.MIN_VALUE});
            assertArrayEquals(new long[] {-1, Long.MIN_VALUE}, unsigned.toLongs());
            assertEquals(0x1p63, unsigned.getDouble(1));
            for (Object negative : new Object[] {new int[] {1, -1}, new short[] {1, -1}, new byte[] {1, -1}}) {
                assertThrows(ArithmeticException.class, () -> unsigned.copyFrom(negative));
            }
        }
    }

    static Stream<Arguments> javaArrays() {
        return Stream.of(
                Arguments.of(new double[] {1, 2, 3, 4, 5, 6}, "f8,f4,f2,i1,u8,>i4"),
                Arguments.of(new float[] {1, 2, 3, 4, 5, 6}, "f8,f4,>f4,f2,i1,u8,>i4"),
                Arguments.of(new long[] {1, 2, 3, 4, 5, 6}, "f8,f4,f2,i1,u8,>i4"),
                Arguments.of(new int[] {1, 2, 3, 4, 5, 6}, "f8,f4,f2,i1,u8,>i4"),
                Arguments.of(new short[] {1, 2, 3, 4, 5, 6}, "f8,f4,f2,i1,u8,>i4"),
                Arguments.of(new byte[] {1, 2, 3, 4, 5, 6}, "f8,f4,f2,i1,u1,u8,>i4"),
                Arguments.of(new char[] {1, 2, 3, 4, 5, 6}, "f8,f4,f2,i1,u8,>i4"),
                Arguments.of(new int[][] {{1, 2, 3}, {4, 5, 6}}, "f8,>i4"),
                Arguments.of(new float[][] {{1, 2, 3}, {4, 5, 6}}, "f8,f4,>i4"));
    }

    @ParameterizedTest
    @MethodSource("javaArrays")
    void javaArraysOfEveryKindGoIntoAnOpenArray(Object source, String dtypes) throws IOException {
        for (String dtype : dtypes.split(",")) {
            Path file = folder.resolve("open.npy");
            MappedArray.create(file, ArraySpec.of(dtype, 2, 6)).close();
            try (MappedArray array = MappedArray.open(file, MapMode.READ_WRITE)) {
                array.slice(":, ::-2").copyFrom(source);
                assertArrayEquals(new double[] {0, 3, 0, 2, 0, 1, 0, 6, 0, 5, 0, 4}, array.toDoubles(), dtype);
            }
        }
    }

    @Test
    void longJavaArraysAreConvertedPieceByPiece() throws IOException {
        int count = 3 * Runs.CHUNK + 5;
        int[] numbers = new int[count];
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i - 7;
            floats[i] = i / 4f;
        }
        try (Mapping mapping = Mapping.anonymous(8L * count)) {
            ArrayView array = over(mapping, ">f8", count);
            array.copyFrom(numbers);
            for (int i = 0; i < count; i++) {
                assertEquals(numbers[i], array.getDouble(i));
            }
            array.copyFrom(floats);
            for (int i = 0; i < count; i++) {
                assertEquals(floats[i], array.getDouble(i));
            }
        }
    }

    @Test
    void javaArraysOfAnotherShapeAreRefusedBeforeAnythingIsStored() throws IOException {
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView array = over(mapping, "<i4", 2, 3);
            for (Object wrong : new Object[] {
                new int[][] {{1, 2, 3}, {4, 5}},
                new int[][] {{1, 2, 3}, null},
                new int[][] {{1, 2}, {3, 4}, {5, 6}},
                new int[5],
                new String[] {"1", "2", "3", "4", "5", "6"},
                "123456",
                5L
            }) {
                assertThrows(IllegalArgumentException.class, () -> array.copyFrom(wrong));
            }
            assertArrayEquals(new long[6], array.toLongs());
        }
    }

    @Test
    void theIndexComesFirst() throws IOException {
        try (Mapping mapping = Mapping.anonymous(8L * 4 * 8)) {
            ArrayView x = over(mapping, "<i8", 4, 8);
            x.setLong(3, 2, 7);
            assertEquals(7, x.getLong(3, 2));
            assertEquals(0, x.getLong(2, 7));
            x.setDouble(1, 4, 6);
            assertEquals(6, x.getDouble(1, 4));
            ArrayView four = x.reshape(2, 2, 2, 4);
            four.setLong(1, 0, 1, 3, 5);
            assertEquals(5, four.getLong(1, 0, 1, 3));
            assertEquals(5, over(mapping, "<i4", 4, 2, 2, 4).getInt(2, 1, 1, 2));
            assertEquals(5, x.getLong(2, 7));
            ArrayView five = x.reshape(2, 2, 2, 2, 2);
            five.setAt(new long[] {0, 1, 1, 0, 1}, ODD);
            assertEquals(ODD, five.getLong(0, 1, 1, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> five.setAt(new long[] {0, 1}, 1));
            ArrayView one = over(mapping, "<f4");
            one.setAt(new long[0], 2.5);
            assertEquals(2.5f, one.getFloat());
        }
    }

    @Test
    void sixtyFourAxesOfComplexNumbersAreSaved() throws IOException {
        long[] dims = new long[Shape.MAX_RANK];
        Arrays.fill(dims, 1);
        dims[5] = 2;
        Path file = folder.resolve("axes.npy");
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView array = over(mapping, ">c16", dims);
            array.real().copyFrom(new double[] {1, 2});
            array.imaginary().copyFrom(new double[] {3, 4});
            array.save(file);
        }
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            assertArrayEquals(new double[] {1, 2}, array.real().toDoubles());
            assertArrayEquals(new double[] {3, 4}, array.imaginary().toDoubles());
        }
    }
}
