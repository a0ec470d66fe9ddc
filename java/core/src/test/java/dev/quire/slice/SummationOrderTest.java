package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.Mapping;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of operations that quire.h promises, written down a second time: the results have the same bits. */
final class SummationOrderTest {
    private static final int CHUNK = 256;
    private static final int LANES = 32;

    private double sum;
    private double lost;
    private double mean;
    private double meanLow;
    private double deviations;
    private double deviationsLost;
    private long count;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 31, 32, 33, 63, 255, 256, 257, 513, 16_385, 50_000})
    void doublesInEitherByteOrder(int length) throws IOException {
        double[] values = new Random(length).doubles(length, -1e3, 1e6).toArray();
        reduce(values);
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            try (Mapping map = Mapping.anonymous(length * 8L + 5)) {
                DoubleSlice slice = map.bytes().slice(5, length * 8L).doubles(order);
                slice.copyFrom(0, values, 0, length);
                check(slice.summary());
                assertEquals(sum + lost, slice.sum());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 16_385, 50_000})
    void floatsInEitherByteOrder(int length) throws IOException {
        Random random = new Random(length);
        float[] values = new float[length];
        double[] widened = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat(-1e3f, 1e6f);
            widened[i] = values[i];
        }
        reduce(widened);
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            try (Mapping map = Mapping.anonymous(length * 4L + 1)) {
                FloatSlice slice = map.bytes().slice(1, length * 4L).floats(order);
                slice.copyFrom(0, values, 0, length);
                check(slice.summary());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 16_385})
    void integersInEitherByteOrder(int length) throws IOException {
        int[] values = new Random(length).ints(length).toArray();
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            try (Mapping map = Mapping.anonymous(length * 4L + 1)) {
                IntSlice slice = map.bytes().slice(1, length * 4L).ints(order);
                slice.copyFrom(0, values, 0, length);
                forget();
                reduceExactly(Arrays.stream(values).asLongStream().toArray());
                assertEquals(
                        Math.sqrt((deviations + deviationsLost) / count),
                        slice.summary().std());
                forget();
                reduceExactly(
                        Arrays.stream(values).mapToLong(Integer::toUnsignedLong).toArray());
                assertEquals(
                        Math.sqrt((deviations + deviationsLost) / count),
                        slice.unsignedSummary().std());
            }
        }
    }

    private void forget() {
        count = 0;
        mean = meanLow = deviations = deviationsLost = 0;
    }

    private void reduceExactly(long[] values) {
        BigInteger half = BigInteger.ONE.shiftLeft(64);
        for (int from = 0; from < values.length; from += CHUNK) {
            long[] x = Arrays.copyOfRange(values, from, Math.min(from + CHUNK, values.length));
            BigInteger total = BigInteger.ZERO;
            BigInteger squares = BigInteger.ZERO;
            for (long value : x) {
                BigInteger exact = BigInteger.valueOf(value);
                total = total.add(exact);
                squares = squares.add(exact.multiply(exact));
            }
            BigInteger all = squares.multiply(BigInteger.valueOf(x.length)).subtract(total.multiply(total));
            double own = all.divide(half).doubleValue() * 0x1p64 + all.mod(half).doubleValue();
            BigInteger[] parts = total.divideAndRemainder(BigInteger.valueOf(x.length));
            merge(x.length, parts[0].doubleValue(), parts[1].doubleValue() / x.length, own / x.length);
        }
    }

    private void check(Summary summary) {
        assertEquals(count, summary.count());
        assertEquals(sum + lost, summary.sum());
        assertEquals((sum + lost) / count, summary.mean());
        assertEquals(Math.sqrt((deviations + deviationsLost) / count), summary.std());
    }

    private void reduce(double[] values) {
        for (int from = 0; from < values.length; from += CHUNK) {
            double[] x = Arrays.copyOfRange(values, from, Math.min(from + CHUNK, values.length));
            double chunk = added(x);
            double total = sum + chunk;
            lost += Math.abs(sum) >= Math.abs(chunk) ? (sum - total) + chunk : (chunk - total) + sum;
            sum = total;
            double pivot = chunk / x.length;
            double[] away = Arrays.stream(x).map(value -> value - pivot).toArray();
            double residue = added(away);
            double squares = added(Arrays.stream(away).map(d -> d * d).toArray());
            merge(x.length, pivot, residue / x.length, Math.max(0, squares - residue * residue / x.length));
        }
    }

    private void merge(int length, double pivot, double correction, double squares) {
        if (count == 0) {
            mean = pivot;
            meanLow = correction;
            deviations = squares;
        } else {
            double delta = (pivot - mean) + (correction - meanLow);
            double share = (double) length / (count + length);
            double step = delta * share;
            double added = squares + (delta * (count * share)) * delta;
            deviationsLost += lostBy(deviations, added);
            deviations += added;
            meanLow += lostBy(mean, step);
            mean += step;
        }
        count += length;
    }

    /** What an addition loses is exact, and so is the sum less it. */
    private static double lostBy(double a, double b) {
        return new BigDecimal(a)
                .add(new BigDecimal(b))
                .subtract(new BigDecimal(a + b))
                .doubleValue();
    }

    private static double added(double[] x) {
        double[] lanes = new double[LANES];
        for (int i = 0; i < x.length; i++) {
            lanes[i % LANES] += x[i];
        }
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }
}
