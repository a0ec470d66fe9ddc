package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Mapping;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One answer: a view, its copy, its summary and its axes have the same bits, and they are near those of exact arithmetic. */
class OneSumTest {
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

    /** Against exact arithmetic; NumPy's two passes have 1e-16 here, the landed version had 5e-11 for the first. */
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
                    new BigInteger(Long.toUnsignedString(unsigned.integerSummary().max())));
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
            assertThrows(NoSuchElementException.class, () -> none.integerSummary().min());
            assertThrows(NoSuchElementException.class, () -> none.along(0).maxLong());
            assertThrows(
                    NoSuchElementException.class,
                    () -> mapping.bytes().slice(0, 0).ints().min());
        }
    }
}
