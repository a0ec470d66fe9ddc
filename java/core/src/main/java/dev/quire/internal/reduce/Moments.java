package dev.quire.internal.reduce;

import dev.quire.internal.ffi.quire_reduction;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sum, mean and squared deviations of numbers that come in chunks, in the order of operations that {@code quire.h}
 * writes down. The kernels of the C layer have the same bits.
 *
 * <p>The loops are in the shape that HotSpot makes vector code of: arrays of the heap, lengths that it knows, no sum
 * from one element to the next.
 */
final class Moments {
    /** Numbers of a chunk: 2 KiB of doubles stay in the first-level cache. */
    static final int CHUNK = 256;

    private static final int LANES = 32;

    /** The chunk: users of this class store it here. */
    final double[] values = new double[CHUNK];

    private final double[] lanes = new double[LANES];
    private final double[] squares = new double[LANES];
    private long count;
    private double sum;
    private double lost;
    private double mean;
    private double meanLow;
    private double deviations;
    private double deviationsLost;

    /** Where chunks are put down instead of being merged; null if they are merged. */
    private @Nullable ChunkResults apart;

    /** From now on chunks are put down there, for another that merges them. */
    void putDown(ChunkResults results) {
        apart = results;
    }

    /** The sum of the chunk's first elements. */
    double chunkSum(int length) {
        Arrays.fill(values, length, CHUNK, 0);
        addRows(values, lanes);
        return join(lanes);
    }

    /** Adds a chunk's sum and keeps what the addition lost (Neumaier 1974). */
    void keep(double chunk) {
        if (apart != null) {
            apart.putSum(chunk);
            return;
        }
        double total = sum + chunk;
        lost += Math.abs(sum) >= Math.abs(chunk) ? (sum - total) + chunk : (chunk - total) + sum;
        sum = total;
    }

    /**
     * Adds the deviations of the chunk's first elements, which have this sum (Chan, Golub, LeVeque, "Algorithms for
     * computing the sample variance", 1983: the deviations of a union are those of its parts around their own means,
     * and of the means).
     */
    void deviate(int length, double chunk) {
        double pivot = chunk / length;
        Arrays.fill(values, length, CHUNK, pivot);
        addDeviations(values, pivot, lanes, squares);
        double residue = join(lanes);
        double own = join(squares) - residue * residue / length;
        merge(length, pivot, residue / length, own < 0 ? 0 : own);
    }

    /** Adds a chunk of so many numbers: its mean, what that lacks, and its deviations. */
    void merge(int length, double pivot, double correction, double own) {
        if (apart != null) {
            apart.putMoments(pivot, correction, own);
            return;
        }
        if (count == 0) {
            mean = pivot;
            meanLow = correction;
            deviations = own;
        } else {
            double delta = (pivot - mean) + (correction - meanLow);
            double share = (double) length / (count + length);
            addToDeviations(own + (delta * (count * share)) * delta);
            addToMean(delta * share);
        }
        count += length;
    }

    /** What the addition loses is kept (Knuth 1969). */
    private void addToDeviations(double value) {
        double total = deviations + value;
        double added = total - deviations;
        deviationsLost += (deviations - (total - added)) + (value - added);
        deviations = total;
    }

    private void addToMean(double value) {
        double total = mean + value;
        double added = total - mean;
        meanLow += (mean - (total - added)) + (value - added);
        mean = total;
    }

    /** As new. */
    void reset() {
        count = 0;
        sum = 0;
        lost = 0;
        mean = 0;
        meanLow = 0;
        deviations = 0;
        deviationsLost = 0;
    }

    /** Takes over what a kernel found. */
    void take(MemorySegment reduction) {
        count = quire_reduction.count(reduction);
        sum = quire_reduction.sum(reduction);
        lost = quire_reduction.lost(reduction);
        mean = quire_reduction.mean(reduction);
        meanLow = quire_reduction.mean_low(reduction);
        deviations = quire_reduction.deviations(reduction);
        deviationsLost = quire_reduction.deviations_lost(reduction);
    }

    double sum() {
        return completed(sum, lost);
    }

    /** The squared deviations, added up. */
    double deviations() {
        return completed(deviations, deviationsLost);
    }

    /** Behind an infinity or NaN the lost parts mean nothing. */
    private static double completed(double sum, double lost) {
        return Double.isFinite(sum) ? sum + lost : sum;
    }

    private static void addRows(double[] x, double[] lanes) {
        for (int j = 0; j < LANES; j++) {
            double upper = 0.0 + x[j] + x[LANES + j] + x[2 * LANES + j] + x[3 * LANES + j];
            lanes[j] = upper + x[4 * LANES + j] + x[5 * LANES + j] + x[6 * LANES + j] + x[7 * LANES + j];
        }
    }

    private static void addDeviations(double[] x, double pivot, double[] residues, double[] squares) {
        for (int j = 0; j < LANES; j++) {
            double a = x[j] - pivot;
            double b = x[LANES + j] - pivot;
            double c = x[2 * LANES + j] - pivot;
            double d = x[3 * LANES + j] - pivot;
            double e = x[4 * LANES + j] - pivot;
            double f = x[5 * LANES + j] - pivot;
            double g = x[6 * LANES + j] - pivot;
            double h = x[7 * LANES + j] - pivot;
            residues[j] = 0.0 + a + b + c + d + e + f + g + h;
            squares[j] = a * a + b * b + c * c + d * d + e * e + f * f + g * g + h * h;
        }
    }

    private static double join(double[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int j = 0; j < half; j++) {
                lanes[j] += lanes[j + half];
            }
        }
        return lanes[0];
    }
}
