package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.Mapping;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of operations that {@link Summary} promises, written down a second time: the results have the same bits. */
final class SummationOrderTest {
    private static final int CHUNK = 256;
    private static final int LANES = 64;
    private static final int ROUND = 64;

    private double sum;
    private double lost;
    private double mean;
    private double deviations;
    private long count;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 63, 64, 65, 255, 256, 257, 513, 16_383, 16_384, 16_385, 50_000})
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

    private void check(Summary summary) {
        assertEquals(count, summary.count());
        assertEquals(sum + lost, summary.sum());
        assertEquals((sum + lost) / count, summary.mean());
        assertEquals(Math.sqrt(deviations / count), summary.std());
    }

    private void reduce(double[] values) {
        double[] squares = new double[LANES];
        for (int chunk = 0; chunk * CHUNK < values.length; chunk++) {
            int length = Math.min(CHUNK, values.length - chunk * CHUNK);
            double[] x = new double[CHUNK];
            System.arraycopy(values, chunk * CHUNK, x, 0, length);
            double chunkSum = added(rows(x, 0, false));
            double total = sum + chunkSum;
            lost += Math.abs(sum) >= Math.abs(chunkSum) ? (sum - total) + chunkSum : (chunkSum - total) + sum;
            sum = total;
            double chunkMean = chunkSum / length;
            Arrays.fill(x, length, CHUNK, chunkMean);
            double[] square = rows(x, chunkMean, true);
            for (int j = 0; j < LANES; j++) {
                squares[j] += square[j];
            }
            if (chunk % ROUND == ROUND - 1) {
                deviations += added(squares);
                squares = new double[LANES];
            }
            double delta = chunkMean - mean;
            double share = (double) length / (count + length);
            deviations += delta * delta * (count * share);
            mean += delta * share;
            count += length;
        }
        deviations += added(squares);
    }

    private static double[] rows(double[] x, double around, boolean square) {
        double[] rows = new double[CHUNK];
        for (int i = 0; i < CHUNK; i++) {
            double d = x[i] - around;
            rows[i] = square ? d * d : x[i];
        }
        double[] lanes = new double[LANES];
        for (int j = 0; j < LANES; j++) {
            lanes[j] = (rows[j] + rows[LANES + j]) + (rows[2 * LANES + j] + rows[3 * LANES + j]);
        }
        return lanes;
    }

    private static double added(double[] lanes) {
        double[] eight = new double[8];
        for (int j = 0; j < LANES; j++) {
            eight[j % 8] += lanes[j];
        }
        return ((eight[0] + eight[1]) + (eight[2] + eight[3])) + ((eight[4] + eight[5]) + (eight[6] + eight[7]));
    }
}
