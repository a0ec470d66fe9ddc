package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Mapping;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Acceptance 30, 32, 39: reductions of views in every type, byte order and layout against loops over elements. */
class ArrayReductionTest {
    static Stream<DType> dtypes() {
        return Stream.of(ElementType.values())
                .filter(type -> !type.isComplex() && (type.isOfNumPy() || type == ElementType.BFLOAT16))
                .flatMap(type ->
                        Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN).map(order -> new DType(type, order)));
    }

    private static Stream<ArrayView> views(ArrayView whole) {
        return Stream.of("...", "::2", "::-1, ::3", ":, 1", "..., ::-2", "1:1", "3, 2:7, ::-1")
                .map(whole::slice)
                .flatMap(view -> Stream.of(view, view.transpose()));
    }

    private static double[] elements(ArrayView view) {
        return Indices.of(view.shape()).stream().mapToDouble(view::getDouble).toArray();
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void agreeWithLoops(DType dtype) throws IOException {
        for (Order order : Order.values()) {
            try (Mapping mapping = Mapping.anonymous(16 * 5 * 9 * 130)) {
                ArrayView whole = ArrayView.over(mapping.bytes(), dtype, Shape.of(5, 9, 130), order);
                fill(whole);
                views(whole).forEach(ArrayReductionTest::checkWhole);
                views(whole).forEach(ArrayReductionTest::checkAxes);
            }
        }
    }

    /** Long axes with few results beside each other, and short ones with many. */
    @ParameterizedTest
    @ValueSource(strings = {"<f8", ">f4", "f2", ">i8", "u8", "u1", "b1"})
    void agreeWithLoopsWhateverTheProportions(String dtype) throws IOException {
        for (Shape shape : List.of(Shape.of(3, 1100, 4), Shape.of(1100, 3), Shape.of(3, 1100), Shape.of(2, 17_000))) {
            for (Order order : Order.values()) {
                DType type = DType.parse(dtype);
                try (Mapping mapping = Mapping.anonymous(shape.byteCount(type.itemBytes()))) {
                    ArrayView whole = ArrayView.over(mapping.bytes(), type, shape, order);
                    fill(whole);
                    if (shape.dim(1) < 17_000) {
                        checkAxes(whole);
                        checkAxes(whole.slice("::-1, ::2"));
                    } else {
                        checkColumns(whole);
                    }
                }
            }
        }
    }

    /** More results than are worked on at once. */
    private static void checkColumns(ArrayView view) {
        double[] sums = view.along(0).sum();
        long[] lowest = view.along(0).argmin();
        for (int column = 0; column < sums.length; column++) {
            double upper = view.getDouble(0, column);
            double lower = view.getDouble(1, column);
            assertEquals(upper + lower, sums[column]);
            assertEquals(lower < upper ? 1 : 0, lowest[column]);
        }
    }

    private static void fill(ArrayView array) {
        Random random = new Random(7);
        boolean signed = array.dtype().type().kind() != 'u';
        for (long[] index : Indices.of(array.shape())) {
            array.setAt(index, random.nextInt(100) - (signed ? 50 : 0));
        }
    }

    private static void checkWhole(ArrayView view) {
        double[] values = elements(view);
        assertArrayEquals(values, view.toDoubles());
        double sum = DoubleStream.of(values).sum();
        assertEquals(sum, view.sum(), 1e-9);
        if (values.length == 0) {
            assertTrue(Double.isNaN(view.mean()) && Double.isNaN(view.min()) && !view.any() && view.all());
            return;
        }
        assertEquals(sum / values.length, view.mean(), 1e-9);
        assertEquals(std(values), view.std(), 1e-9);
        double min = DoubleStream.of(values).min().orElseThrow();
        double max = DoubleStream.of(values).max().orElseThrow();
        assertEquals(min, view.min());
        assertEquals(max, view.max());
        assertEquals(first(values, min), view.argmin());
        assertEquals(first(values, max), view.argmax());
        assertEquals(DoubleStream.of(values).anyMatch(value -> value != 0), view.any());
        assertEquals(DoubleStream.of(values).allMatch(value -> value != 0), view.all());
    }

    private static double std(double[] values) {
        double mean = DoubleStream.of(values).sum() / values.length;
        return Math.sqrt(DoubleStream.of(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / values.length);
    }

    private static long first(double[] values, double wanted) {
        return IntStream.range(0, values.length)
                .filter(i -> values[i] == wanted)
                .findFirst()
                .orElseThrow();
    }

    private static void checkAxes(ArrayView view) {
        for (int axis = 0; axis < view.shape().rank(); axis++) {
            AxisReduction along = view.along(axis);
            double[] sums = along.sum();
            double[] stds = along.std();
            boolean[] any = along.any();
            boolean[] all = along.all();
            boolean extremes = view.shape().dim(axis) > 0;
            double[] mins = extremes ? along.min() : sums;
            double[] maxs = extremes ? along.max() : sums;
            long[] lowest = extremes ? along.argmin() : new long[0];
            long[] highest = extremes ? along.argmax() : new long[0];
            int place = 0;
            for (long[] index : Indices.of(along.shape())) {
                ArrayView line = line(view, axis, index);
                assertEquals(line.sum(), sums[place], 1e-9);
                assertEquals(line.std(), stds[place], 1e-9);
                assertEquals(line.any(), any[place]);
                assertEquals(line.all(), all[place]);
                if (extremes) {
                    assertEquals(line.min(), mins[place]);
                    assertEquals(line.max(), maxs[place]);
                    assertEquals(line.argmin(), lowest[place]);
                    assertEquals(line.argmax(), highest[place]);
                }
                place++;
            }
            assertEquals(place, sums.length);
        }
    }

    private static ArrayView line(ArrayView view, int axis, long[] rest) {
        ArrayView line = view;
        int taken = 0;
        for (int i = 0; i < view.shape().rank(); i++) {
            if (i != axis) {
                line = line.index(i < axis ? 0 : 1, rest[taken++]);
            }
        }
        return line;
    }

    @Test
    void nanIsWhatNumPySays() throws IOException {
        try (Mapping mapping = Mapping.anonymous(48)) {
            ArrayView array = ArrayView.over(mapping.bytes(), DType.parse("f8"), Shape.of(2, 3), Order.C);
            array.copyFrom(new double[] {1, Double.NaN, 3, 4, 5, 6});
            assertTrue(Double.isNaN(array.sum()) && Double.isNaN(array.min()) && Double.isNaN(array.max()));
            assertEquals(1, array.argmin());
            assertArrayEquals(new double[] {5, Double.NaN, 9}, array.along(0).sum());
            assertArrayEquals(new double[] {1, Double.NaN, 3}, array.along(0).min());
            assertArrayEquals(new long[] {1, 2}, array.along(1).argmax());
            assertArrayEquals(new double[] {Double.NaN, 5}, array.along(1).mean());
            assertTrue(array.all());
        }
    }

    @Test
    void zeroesAreEqualAndNaNIsFirstAlongAnAxis() throws IOException {
        try (Mapping mapping = Mapping.anonymous(2 * 4 * 8)) {
            ArrayView array = ArrayView.over(mapping.bytes(), DType.parse("f8"), Shape.of(2, 4), Order.C);
            double nan = Double.longBitsToDouble(0xFFF8000000000001L);
            double infinity = Double.POSITIVE_INFINITY;
            array.copyFrom(new double[] {0.0, -0.0, nan, infinity, -0.0, 0.0, -infinity, nan});
            assertArrayEquals(new long[] {0, 0, 0, 1}, array.along(0).argmin());
            assertArrayEquals(new long[] {0, 0, 0, 1}, array.along(0).argmax());
            assertArrayEquals(new long[] {2, 3}, array.along(1).argmax());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f8", ">f8"})
    void extremesAcrossRowsTellTheZeroesApart(String type) throws IOException {
        try (Mapping mapping = Mapping.anonymous(5 * 4 * 8)) {
            ArrayView array = ArrayView.over(mapping.bytes(), DType.parse(type), Shape.of(5, 4), Order.C);
            double nan = Double.NaN;
            array.copyFrom(
                    new double[] {0.0, -0.0, nan, 2, -0.0, 0.0, 1, -1, 0.0, 0.0, 2, nan, 0.0, 0.0, 3, 4, 0.0, -0.0, 4, 5
                    });
            assertArrayEquals(
                    new double[] {-0.0, -0.0, nan, nan}, array.along(0).min());
            assertArrayEquals(new double[] {0.0, 0.0, nan, nan}, array.along(0).max());
        }
    }

    @Test
    void truthsAcrossRowsAreDecidedEachByItself() throws IOException {
        int columns = 2 * AxisWalk.CHUNK + 5;
        try (Mapping mapping = Mapping.anonymous(6L * columns)) {
            ArrayView array = ArrayView.over(mapping.bytes(), DType.parse("u1"), Shape.of(6, columns), Order.C);
            double[] ones = new double[columns];
            Arrays.fill(ones, 1);
            array.index(0, 0).copyFrom(ones);
            array.setDouble(0, AxisWalk.CHUNK, 0);
            array.setDouble(0, columns - 1, 0);
            array.setDouble(5, columns - 1, 7);
            boolean[] any = new boolean[columns];
            Arrays.fill(any, true);
            any[AxisWalk.CHUNK] = false;
            assertArrayEquals(any, array.along(0).any());
            assertArrayEquals(new boolean[columns], array.along(0).all());
            array.fill(2);
            array.setDouble(4, AxisWalk.CHUNK, 0);
            assertArrayEquals(any, array.along(0).all());
        }
    }

    @Test
    void smallUnsignedNumbersDeviateToo() throws IOException {
        try (Mapping mapping = Mapping.anonymous(32)) {
            ArrayView array = ArrayView.over(mapping.bytes(), DType.parse("u8"), Shape.of(4), Order.C);
            array.copyFrom(new long[] {1, 2, 3, 4});
            assertEquals(Math.sqrt(1.25), array.std());
            assertEquals(10, array.sum());
        }
    }

    @Test
    void complexArraysReduceByParts() throws IOException {
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView array = ArrayView.over(mapping.bytes(), DType.parse(">c8"), Shape.of(4), Order.C);
            array.real().copyFrom(new double[] {1, 2, 3, 4});
            array.imaginary().fill(-1);
            assertEquals(10, array.real().sum());
            assertEquals(-4, array.imaginary().sum());
            assertThrows(UnsupportedOperationException.class, array::sum);
        }
    }

    @Test
    void unsignedNumbersAreUnsigned() throws IOException {
        try (Mapping mapping = Mapping.anonymous(16)) {
            ArrayView array = ArrayView.over(mapping.bytes(), DType.parse("u8"), Shape.of(2), Order.C);
            array.copyFrom(new long[] {-1, 1});
            assertEquals(0x1p64, array.max());
            assertEquals(1, array.argmin());
            assertEquals("18446744073709551616", array.integerSummary().sum().toString());
            assertEquals(0x1p64, array.getDouble(0));
        }
    }
}
