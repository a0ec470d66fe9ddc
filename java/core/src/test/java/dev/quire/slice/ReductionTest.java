package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.Lifetime;
import dev.quire.Mapping;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reductions against exact arithmetic, around every border of blocks and chunks. */
final class ReductionTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 63, 64, 65, 255, 256, 257, 5000, 16_383, 16_384, 16_385, 100_003})
    void doublesAgreeWithExactArithmetic(int count) throws IOException {
        Random random = new Random(count);
        double[] values = random.doubles(count, -1e6, 1e9).toArray();
        BigDecimal sum = BigDecimal.ZERO;
        for (double value : values) {
            sum = sum.add(new BigDecimal(value));
        }
        double mean = sum.doubleValue() / count;
        BigDecimal deviations = BigDecimal.ZERO;
        for (double value : values) {
            deviations = deviations.add(
                    new BigDecimal(value).subtract(new BigDecimal(mean)).pow(2));
        }
        double std = deviations
                .divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
                .sqrt(MathContext.DECIMAL64)
                .doubleValue();
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            try (Mapping map = Mapping.anonymous(count * 8L + 3)) {
                DoubleSlice slice = map.bytes().slice(3, count * 8L).doubles(order);
                slice.copyFrom(0, values, 0, count);
                Summary summary = slice.summary();
                assertEquals(count, summary.count());
                assertEquals(sum.doubleValue(), summary.sum(), Math.abs(sum.doubleValue()) * 1e-15);
                assertEquals(summary.sum(), slice.sum());
                assertEquals(mean, summary.mean(), Math.abs(mean) * 1e-14);
                assertEquals(std, summary.std(), std * 1e-13);
                assertEquals(Arrays.stream(values).min().orElseThrow(), summary.min());
                assertEquals(Arrays.stream(values).max().orElseThrow(), summary.max());
                assertEquals(summary.min(), slice.min());
                assertEquals(summary.max(), slice.max());
                assertEquals(summary.std(), slice.std());
                assertEquals(summary.mean(), slice.mean());
            }
        }
    }

    @Test
    void bothByteOrdersGiveTheSameBits() throws IOException {
        double[] values = new Random(5).doubles(50_001, -1, 1).toArray();
        try (Mapping map = Mapping.anonymous(values.length * 8L)) {
            DoubleSlice little = map.bytes().doubles(ByteOrder.LITTLE_ENDIAN);
            little.copyFrom(0, values, 0, values.length);
            Summary first = little.summary();
            DoubleSlice big = map.bytes().doubles(ByteOrder.BIG_ENDIAN);
            big.copyFrom(0, values, 0, values.length);
            assertEquals(first, big.summary());
        }
    }

    @Test
    void specialValuesAreAsNumPyHasThem() throws IOException {
        double nan = Double.NaN;
        double inf = Double.POSITIVE_INFINITY;
        assertEquals(new Summary(0, 0, nan, nan, nan, nan), summary());
        assertEquals(new Summary(1, 5, 5, 0, 5, 5), summary(5));
        assertEquals(new Summary(2, nan, nan, nan, nan, nan), summary(1, nan));
        assertEquals(new Summary(2, nan, nan, nan, nan, nan), summary(-nan, 1));
        assertEquals(new Summary(2, inf, inf, nan, 1, inf), summary(1, inf));
        assertEquals(new Summary(2, -inf, -inf, nan, -inf, 1), summary(1, -inf));
        assertEquals(new Summary(2, nan, nan, nan, -inf, inf), summary(inf, -inf));
        assertEquals(0.0, summary(-0.0, 0.0).max());
    }

    /** A NaN with its sign set sorts below every number as bits; it must be found all the same. */
    @Test
    void findsNegativeNaN() throws IOException {
        double negative = Double.longBitsToDouble(0xFFF8000000000000L);
        assertEquals(Double.NaN, summary(1, negative, 2).min());
        assertEquals(Double.NaN, summary(1, negative, 2).max());
        try (Mapping map = Mapping.anonymous(12)) {
            map.ints().copyFrom(0, new int[] {0x3F800000, 0xFFC00000, 0x40000000}, 0, 3);
            assertEquals(Double.NaN, map.floats().min());
            assertEquals(Double.NaN, map.floats().summary().max());
        }
    }

    private static Summary summary(double... values) throws IOException {
        try (Mapping map = Mapping.anonymous(values.length * 8L, Lifetime.CONFINED)) {
            map.doubles().copyFrom(0, values, 0, values.length);
            return map.doubles().summary();
        }
    }

    @Test
    void manyFloatsStayWithinAMillionth() throws IOException {
        int count = 100_000_000;
        try (Mapping map = Mapping.anonymous(count * 4L)) {
            float[] block = new float[1_000_000];
            Arrays.fill(block, 0.1f);
            for (int at = 0; at < count; at += block.length) {
                map.floats().copyFrom(at, block, 0, block.length);
            }
            double exact = (double) 0.1f * count;
            assertEquals(exact, map.floats().sum(), exact * 1e-12);
            Summary summary = map.floats().summary();
            assertEquals(0.1f, summary.min());
            assertEquals(0.1f, summary.max());
            assertEquals(0, summary.std(), 1e-9);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 10_007})
    void integersAgreeWithExactArithmetic(int count) throws IOException {
        long[] values = new Random(count).longs(count).toArray();
        try (Mapping map = Mapping.anonymous(count * 8L)) {
            map.longs().copyFrom(0, values, 0, count);
            check(map.longs().summary(), values, false);
            check(map.longs().unsignedSummary(), values, true);
            check(map.bytes().longs(ByteOrder.LITTLE_ENDIAN).summary(), values, false);
            check(map.ints().summary(), widened(map.ints()), false);
            check(map.shorts().summary(), widened(map.shorts(), false), false);
            check(map.shorts().unsignedSummary(), widened(map.shorts(), true), false);
            check(map.bytes().summary(), widened(map.bytes(), false), false);
            check(map.bytes().unsignedSummary(), widened(map.bytes(), true), false);
        }
    }

    @Test
    void integersInEitherByteOrderComeToTheSame() throws IOException {
        int count = 1001;
        long[] values = new Random(7).longs(count).toArray();
        try (Mapping map = Mapping.anonymous(count * 8L + 1)) {
            for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
                LongSlice longs = map.bytes().slice(1, count * 8L).longs(order);
                longs.copyFrom(0, values, 0, count);
                check(longs.unsignedSummary(), values, true);
                assertEquals(longs.summary().sum(), longs.sum());
                assertEquals(Arrays.stream(values).min().orElseThrow(), longs.min());
                assertEquals(Arrays.stream(values).max().orElseThrow(), longs.max());
                assertEquals(longs.summary().mean(), longs.mean());
                assertEquals(longs.summary().std(), longs.std());
                IntSlice ints = map.bytes().slice(1, count * 8L).ints(order);
                check(ints.summary(), widened(ints), false);
                check(ints.unsignedSummary(), unsigned(ints), false);
                ShortSlice shorts = map.bytes().slice(1, count * 8L).shorts(order);
                check(shorts.summary(), widened(shorts, false), false);
                check(shorts.unsignedSummary(), widened(shorts, true), false);
            }
        }
    }

    /** Far from zero the deviations are small differences of large numbers. */
    @Test
    void deviationsFarFromZeroAreRight() throws IOException {
        double[] values = new Random(11).doubles(300_000).toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = 1e9 + Math.rint(values[i] * 0x1p20) * 0x1p-20;
        }
        double[] near = new double[values.length];
        Arrays.setAll(near, i -> values[i] - 1e9);
        double std = summary(near).std();
        assertEquals(std, summary(values).std(), std * 1e-8);
    }

    private static long[] unsigned(IntSlice slice) {
        return Arrays.stream(slice.toArray()).mapToLong(Integer::toUnsignedLong).toArray();
    }

    private static long[] widened(IntSlice slice) {
        return Arrays.stream(slice.toArray()).asLongStream().toArray();
    }

    private static long[] widened(ShortSlice slice, boolean unsigned) {
        long[] all = new long[(int) slice.length()];
        Arrays.setAll(all, i -> unsigned ? Short.toUnsignedInt(slice.get(i)) : slice.get(i));
        return all;
    }

    private static long[] widened(ByteSlice slice, boolean unsigned) {
        long[] all = new long[(int) slice.length()];
        Arrays.setAll(all, i -> unsigned ? Byte.toUnsignedInt(slice.get(i)) : slice.get(i));
        return all;
    }

    private static void check(IntegerSummary summary, long[] values, boolean unsigned) {
        BigInteger sum = BigInteger.ZERO;
        BigInteger min = null;
        BigInteger max = null;
        for (long bits : values) {
            BigInteger value = exact(bits, unsigned);
            sum = sum.add(value);
            min = min == null ? value : min.min(value);
            max = max == null ? value : max.max(value);
        }
        assertEquals(values.length, summary.count());
        assertEquals(sum, summary.sum());
        if (min == null || max == null) {
            assertEquals(Double.NaN, summary.mean());
            assertEquals(Double.NaN, summary.std());
            return;
        }
        assertEquals(min, exact(summary.min(), unsigned));
        assertEquals(max, exact(summary.max(), unsigned));
        double mean = sum.doubleValue() / values.length;
        double deviations = 0;
        for (long bits : values) {
            deviations += Math.pow(exact(bits, unsigned).doubleValue() - mean, 2);
        }
        double std = Math.sqrt(deviations / values.length);
        assertEquals(mean, summary.mean(), Math.abs(mean) * 1e-12);
        assertEquals(std, summary.std(), std * 1e-9 + 1e-9);
    }

    private static BigInteger exact(long bits, boolean unsigned) {
        BigInteger value = BigInteger.valueOf(bits);
        return unsigned && bits < 0 ? value.add(BigInteger.ONE.shiftLeft(64)) : value;
    }

    /** Deviations are small beside the values, and the last chunk is not whole. */
    @ParameterizedTest
    @ValueSource(ints = {255, 257, 300, 511, 4092})
    void deviationsOfLargeIntegersKeepTheirDigits(int count) throws IOException {
        try (Mapping map = Mapping.anonymous(count * 4L)) {
            IntSlice ints = map.ints();
            long sum = 0;
            long squares = 0;
            for (int i = 0; i < count; i++) {
                int away = i * 7 % 5;
                sum += away;
                squares += (long) away * away;
                ints.set(i, 1_800_000_000 + away);
            }
            double exact = Math.sqrt((double) (count * squares - sum * sum)) / count;
            assertEquals(exact, ints.std(), exact * 4e-16);
        }
    }

    @Test
    void everyNaNThatComesOutIsTheSame() throws IOException {
        try (Mapping map = Mapping.anonymous(8 * 300)) {
            map.longs().fill(0xFFF8_1234_5678_9ABCL);
            Summary all = map.doubles().summary();
            for (double value : new double[] {all.sum(), all.mean(), all.std(), all.min(), all.max()}) {
                assertEquals(Double.doubleToRawLongBits(Double.NaN), Double.doubleToRawLongBits(value));
            }
            DoubleSlice swapped = map.bytes()
                    .doubles(
                            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                                    ? ByteOrder.BIG_ENDIAN
                                    : ByteOrder.LITTLE_ENDIAN);
            map.longs().fill(Long.reverseBytes(0xFFF8_1234_5678_9ABCL));
            assertEquals(Double.doubleToRawLongBits(Double.NaN), Double.doubleToRawLongBits(swapped.min()));
            assertEquals(Double.doubleToRawLongBits(Double.NaN), Double.doubleToRawLongBits(swapped.std()));
        }
    }
}
