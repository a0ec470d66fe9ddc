package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One answer: a view, its copy, its summary and its axes have the same bits, and they are near those of exact arithmetic. */
class OneSumTest {
    @TempDir
    Path folder;

    private static ArrayView over(Mapping mapping, String dtype, long... shape) {
        return ArrayView.over(mapping.bytes(), DType.parse(dtype), Shape.of(shape), Order.C);
    }

    /** Numbers of mixed sign and order, for which every order of additions has another result. */
    private static void fill(ArrayView array, double scale) {
        Random random = new Random(11);
        array.copyFrom(random.doubles(array.shape().elementCount())
                .map(x -> (x - 0.3) * scale)
                .toArray());
    }

    private static double[] figures(ArrayView array) {
        return new double[] {array.sum(), array.mean(), array.std(), array.min(), array.max()};
    }

    private static double[] summary(ArrayView array) {
        var summary = array.summary();
        return new double[] {summary.sum(), summary.mean(), summary.std(), summary.min(), summary.max()};
    }

    /** The figures of the same elements side by side. */
    private static double[] copied(ArrayView view) throws IOException {
        double[] values = view.toDoubles();
        try (Mapping mapping = Mapping.anonymous(Math.max(8, values.length * 8L))) {
            ArrayView copy = over(mapping, "f8", values.length);
            copy.copyFrom(values);
            return figures(copy);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f8", ">f8", "<f4", ">f4", "<f2", ">f2", "<i4", "u1"})
    void viewsSummariesAndCopiesAgree(String dtype) throws IOException {
        try (Mapping mapping = Mapping.anonymous(70 * 41 * 53 * 8)) {
            ArrayView whole = over(mapping, dtype, 70, 41, 53);
            if (whole.dtype().type().isInteger()) {
                whole.copyFrom(new Random(1)
                        .doubles(whole.shape().elementCount())
                        .map(x -> Math.rint(x * 200))
                        .toArray());
            } else {
                fill(whole, 1000);
            }
            for (String part : new String[] {
                "...", "::2", ":, ::2", "..., ::3", "::-1", "..., ::-1", "5:, 3:4, ::2", "::2, ::3, ::-2", "4"
            }) {
                ArrayView view = whole.slice(part);
                assertArrayEquals(copied(view), figures(view), part);
                assertArrayEquals(figures(view), summary(view), part);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f8", ">f8", "<f4", "<f2", "<i8", "<u4", "b1"})
    void axesAgreeWithTheirLines(String dtype) throws IOException {
        try (Mapping mapping = Mapping.anonymous(7 * 530 * 36 * 8)) {
            ArrayView whole = over(mapping, dtype, 7, 530, 36);
            if (whole.dtype().type().kind() == 'f') {
                fill(whole, 1000);
            } else {
                Random random = new Random(1);
                whole.bytes().copyFrom(0, bytes(random, whole.bytes().byteSize()), 0, (int)
                        whole.bytes().byteSize());
            }
            for (String part : new String[] {"...", "..., ::2", "::-1, ::-1, ::-1", ":, 100:300"}) {
                for (int axis = 0; axis < 3; axis++) {
                    checkAxis(whole.slice(part), axis);
                    checkAxis(whole.slice(part).transpose(), axis);
                }
            }
        }
    }

    private static byte[] bytes(Random random, long count) {
        byte[] bytes = new byte[(int) count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void checkAxis(ArrayView view, int axis) {
        AxisReduction along = view.along(axis);
        double[][] figures = {along.sum(), along.mean(), along.std(), along.min(), along.max()};
        int place = 0;
        for (long[] index : Indices.of(along.shape())) {
            ArrayView line = view;
            for (int i = 0, taken = 0; i < 3; i++) {
                line = i == axis ? line : line.index(i < axis ? 0 : 1, index[taken++]);
            }
            double[] actual = new double[5];
            for (int k = 0; k < 5; k++) {
                actual[k] = figures[k][place];
            }
            assertArrayEquals(figures(line), actual);
            place++;
        }
    }

    /** Against exact arithmetic, to two units in the last place. */
    @ParameterizedTest
    @CsvSource({"100000000, 0", "100000000, 1", "1e15, 3", "0, 1", "-1e8, 1e-3", "1e200, 0", "1e155, 1e140", "0.1, 0"})
    void deviationsKeepTheirDigits(double mean, double spread) throws IOException {
        int count = 5000;
        double[] values =
                new Random(3).doubles(count).map(x -> mean + (x - 0.5) * spread).toArray();
        try (Mapping mapping = Mapping.anonymous(count * 8L)) {
            ArrayView array = over(mapping, "f8", count);
            array.copyFrom(values);
            double exact = exactStd(values);
            assertEquals(exact, array.std(), exact * 4e-16);
            assertEquals(exact, over(mapping, "f8", 1, count).along(1).std()[0], exact * 4e-16);
        }
    }

    /**
     * Files of finite numbers. NumPy 2.4 has the first two numbers for float64; the third is what it has for longdouble, since its
     * squares overflow in float64.
     */
    @ParameterizedTest
    @CsvSource({"std_one, 0", "std_155, 4.999999997345077e+147", "nodata, 7.784239614998252e+307"})
    void finiteFilesHaveADeviation(String name, double numPy) throws IOException {
        Path path = folder.resolve(name + ".npy");
        try (InputStream file = OneSumTest.class.getResourceAsStream("/deviations/" + name + ".npy")) {
            Files.write(path, file.readAllBytes());
        }
        try (MappedArray array = MappedArray.open(path, MapMode.READ_ONLY)) {
            double[] values = array.toDoubles();
            assertEquals(numPy, exactStd(values), numPy * 2e-16);
            assertEquals(numPy, array.std(), numPy * 4e-16);
            assertEquals(array.std(), array.summary().std());
            assertEquals(array.std(), array.along(0).std()[0]);
            assertEquals(Arrays.stream(values).average().orElseThrow(), array.mean(), Math.ulp(array.mean()));
        }
    }

    private static double exactStd(double[] values) {
        MathContext digits = new MathContext(450);
        BigDecimal count = new BigDecimal(values.length);
        BigDecimal sum = Arrays.stream(values).mapToObj(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal mean = sum.divide(count, digits);
        BigDecimal squares = Arrays.stream(values)
                .mapToObj(x -> new BigDecimal(x).subtract(mean).pow(2))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return squares.divide(count, digits).sqrt(digits).doubleValue();
    }

    @Test
    void finiteNumbersThatOverflowOnTheWayHaveASum() throws IOException {
        try (Mapping mapping = Mapping.anonymous(4 * 600 * 8)) {
            ArrayView few = over(mapping, "f8", 4);
            few.copyFrom(new double[] {-1e308, -1e308, 1e308, 1e308});
            assertArrayEquals(new double[] {0, 0, 1e308, -1e308, 1e308}, figures(few));
            few.copyFrom(new double[] {1e308, 1e308, 1e308, 1e308});
            assertArrayEquals(new double[] {Double.POSITIVE_INFINITY, 1e308, 0, 1e308, 1e308}, figures(few));
            few.copyFrom(new double[] {1e200, 3e200, 1e200, 3e200});
            assertEquals(1e200, few.std());
            few.copyFrom(new double[] {1, Double.NEGATIVE_INFINITY, 2, 3});
            assertEquals(Double.NEGATIVE_INFINITY, few.sum());
            ArrayView columns = over(mapping, "f8", 600, 4);
            for (int i = 0; i < 600; i++) {
                columns.index(0, i)
                        .copyFrom(new double[] {i % 4 < 2 ? -1e308 : 1e308, 1, i == 9 ? Double.NaN : 1e308, 3});
            }
            assertArrayEquals(
                    new double[] {0, 600, Double.NaN, 1800}, columns.along(0).sum());
            assertArrayEquals(
                    new double[] {1e308, 0, Double.NaN, 0}, columns.along(0).std(), 1e292);
        }
    }

    /** Finite elements that overflow to the other infinity, in the lanes and between chunks, do not hide an infinity. */
    @ParameterizedTest
    @ValueSource(ints = {4, 300, 5000})
    void infinitiesAndNaNDecideTheSumWhateverOverflows(int count) throws IOException {
        double inf = Double.POSITIVE_INFINITY;
        double nan = Double.NaN;
        checkSpecial(count, 1e308, -inf, 1e308, -inf);
        checkSpecial(count, -1e308, inf, -1e308, inf);
        checkSpecial(count, 1e308, -inf, -inf, -inf);
        checkSpecial(count, 1e308, inf, 1e308, inf);
        checkSpecial(count, 1e308, inf, -inf, nan);
        checkSpecial(count, -1e308, -inf, inf, nan);
        checkSpecial(count, 1e308, nan, 1e308, nan);
        checkSpecial(count, 1e308, -inf, nan, nan);
        checkSpecial(count, 1, nan, inf, nan);
    }

    /** Two special elements among finite ones: whole, strided, swapped, in several axes, and as lines along either axis. */
    private static void checkSpecial(int count, double finite, double one, double other, double sum)
            throws IOException {
        double[] values = new double[count];
        Arrays.fill(values, finite);
        values[count / 2 - 1] = one;
        values[count - 1] = other;
        boolean hasNaN = Double.isNaN(one) || Double.isNaN(other);
        double min = hasNaN ? Double.NaN : Math.min(finite, Math.min(one, other));
        double max = hasNaN ? Double.NaN : Math.max(finite, Math.max(one, other));
        double[] expected = {sum, sum, Double.NaN, min, max};
        int lines = 40;
        for (String dtype : new String[] {"<f8", ">f8"}) {
            try (Mapping mapping = Mapping.anonymous((long) count * lines * 16)) {
                ArrayView rows = over(mapping, dtype, lines, count);
                for (ArrayView view :
                        List.of(rows, over(mapping, dtype, lines, 2L * count).slice(":, ::2"))) {
                    view.copyFrom(copies(values, lines));
                    assertArrayEquals(expected, figures(view.index(0, 3)), "line");
                    assertArrayEquals(expected, summary(view.index(0, 3)), "summary");
                    assertArrayEquals(expected, figures(view.slice("::3, ::-1")), "all");
                    checkAxis(view, 1, expected);
                }
                ArrayView columns = over(mapping, dtype, count, lines);
                for (ArrayView view :
                        List.of(columns, over(mapping, dtype, count, 2L * lines).slice(":, ::2"))) {
                    view.transpose().copyFrom(copies(values, lines));
                    checkAxis(view, 0, expected);
                    checkAxis(view.slice(":, :3"), 0, expected);
                }
            }
        }
    }

    private static double[] copies(double[] values, int lines) {
        double[] all = new double[values.length * lines];
        for (int i = 0; i < lines; i++) {
            System.arraycopy(values, 0, all, i * values.length, values.length);
        }
        return all;
    }

    /** Each line along the axis has these figures. */
    private static void checkAxis(ArrayView view, int axis, double[] expected) {
        AxisReduction along = view.along(axis);
        double[][] figures = {along.sum(), along.mean(), along.std(), along.min(), along.max()};
        for (int k = 0; k < figures.length; k++) {
            double[] all = new double[figures[k].length];
            Arrays.fill(all, expected[k]);
            assertArrayEquals(all, figures[k], "figure " + k + " along " + axis);
        }
    }

    /** Bit for bit those of the parts; near those of exact arithmetic, whole and along each axis of a view. */
    @ParameterizedTest
    @ValueSource(strings = {"<c8", ">c8", "<c16", ">c16"})
    void complexSumsAreThoseOfTheirParts(String dtype) throws IOException {
        try (Mapping mapping = Mapping.anonymous(70 * 41 * 16)) {
            ArrayView whole = over(mapping, dtype, 70, 41);
            fill(whole.real(), 1000);
            fill(whole.imaginary(), -7);
            whole.imaginary().setDouble(3, 3, 1e30);
            for (ArrayView view : List.of(whole, whole.slice("::-2, ::3"), whole.transpose(), whole.slice("5"))) {
                double[] sum = view.sumComplex();
                double[] mean = view.meanComplex();
                assertArrayEquals(
                        new double[] {view.real().sum(), view.imaginary().sum()}, sum);
                assertArrayEquals(
                        new double[] {view.real().mean(), view.imaginary().mean()}, mean);
                double exact = exactSum(view.imaginary().toDoubles());
                assertEquals(exact, sum[1], Math.abs(exact) * 1e-15);
                exact = exactSum(view.real().toDoubles());
                assertEquals(exact, sum[0], Math.abs(exact) * 1e-13);
                assertEquals(exact / view.shape().elementCount(), mean[0], Math.abs(mean[0]) * 1e-13);
                for (int axis = 0; axis < view.shape().rank(); axis++) {
                    AxisReduction along = view.along(axis);
                    double[] sums = along.sumComplex();
                    double[] means = along.meanComplex();
                    int place = 0;
                    for (long[] index : Indices.of(along.shape())) {
                        ArrayView line = index.length == 0 ? view : view.index(1 - axis, index[0]);
                        assertArrayEquals(line.sumComplex(), Arrays.copyOfRange(sums, place, place + 2));
                        assertArrayEquals(line.meanComplex(), Arrays.copyOfRange(means, place, place + 2));
                        place += 2;
                    }
                    assertEquals(place, sums.length);
                }
            }
        }
    }

    @Test
    void complexSumsOfNothingAndOfWhatIsNotComplex() throws IOException {
        try (Mapping mapping = Mapping.anonymous(160)) {
            ArrayView array = over(mapping, "c16", 4);
            array.real().copyFrom(new double[] {1, 2, -3.5, 4});
            array.imaginary().copyFrom(new double[] {0.5, Double.NEGATIVE_INFINITY, 1e308, 1e308});
            assertArrayEquals(new double[] {3.5, Double.NEGATIVE_INFINITY}, array.sumComplex());
            assertArrayEquals(new double[] {0.875, Double.NEGATIVE_INFINITY}, array.meanComplex());
            assertArrayEquals(array.sumComplex(), array.along(0).sumComplex());
            ArrayView none = array.slice("2:2");
            assertArrayEquals(new double[] {0, 0}, none.sumComplex());
            assertArrayEquals(new double[] {Double.NaN, Double.NaN}, none.meanComplex());
            assertArrayEquals(new double[] {0, 0}, none.along(0).sumComplex());
            assertThrows(UnsupportedOperationException.class, array::sum);
            assertThrows(UnsupportedOperationException.class, array::std);
            AxisReduction along = array.along(0);
            List<Executable> refused = List.of(along::sum, along::std, along::max, along::argmin, along::any);
            refused.forEach(method -> assertThrows(UnsupportedOperationException.class, method));
            ArrayView real = over(mapping, "f8", 4);
            assertThrows(UnsupportedOperationException.class, real::sumComplex);
            assertThrows(UnsupportedOperationException.class, real::meanComplex);
            assertThrows(UnsupportedOperationException.class, real.along(0)::sumComplex);
            assertThrows(UnsupportedOperationException.class, real.along(0)::meanComplex);
        }
    }

    private static double exactSum(double[] values) {
        return Arrays.stream(values)
                .mapToObj(BigDecimal::new)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .doubleValue();
    }

    @Test
    void extremesOf64BitsAreExactAlongAnAxis() throws IOException {
        try (Mapping mapping = Mapping.anonymous(2 * 40 * 8)) {
            ArrayView array = over(mapping, "i8", 2, 40);
            array.fill(9007199254740992.0);
            array.setLong(1, 7, 9007199254740993L);
            long[] most = array.along(0).maxLong();
            assertEquals(9007199254740993L, most[7]);
            assertEquals(9007199254740992L, most[8]);
            assertEquals(9007199254740992L, array.along(1).minLong()[1]);
            ArrayView unsigned = over(mapping, "u8", 80);
            unsigned.setLong(3, -1);
            assertEquals(
                    "18446744073709551615",
                    Long.toUnsignedString(unsigned.along(0).maxLong()[0]));
            assertEquals(
                    new BigInteger("18446744073709551615"),
                    new BigInteger(
                            Long.toUnsignedString(unsigned.integerSummary().max())));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> over(mapping, "f8", 80).along(0).minLong());
        }
    }

    @Test
    void nothingHasNoExtreme() throws IOException {
        try (Mapping mapping = Mapping.anonymous(80)) {
            for (String dtype : new String[] {"f8", "i4"}) {
                ArrayView none = over(mapping, dtype, 10).slice("3:3");
                assertTrue(
                        Double.isNaN(none.min()) && Double.isNaN(none.summary().max()));
                assertTrue(Double.isNaN(none.along(0).min()[0]) && none.along(0).sum()[0] == 0);
                assertThrows(NoSuchElementException.class, none::argmin);
                assertThrows(NoSuchElementException.class, () -> none.along(0).argmax());
            }
            ArrayView none = over(mapping, "i4", 10).slice("3:3");
            assertThrows(
                    NoSuchElementException.class, () -> none.integerSummary().min());
            assertThrows(NoSuchElementException.class, () -> none.along(0).maxLong());
            assertThrows(
                    NoSuchElementException.class,
                    () -> mapping.bytes().slice(0, 0).ints().min());
        }
    }
}
