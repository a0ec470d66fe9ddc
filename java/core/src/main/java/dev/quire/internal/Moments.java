package dev.quire.internal;

import java.util.Arrays;

/**
 * Sum, mean and squared deviations of numbers that come in chunks, with one fixed order of operations, so that every
 * implementation gives the same bits:
 *
 * <ul>
 *   <li>A chunk is {@value #CHUNK} numbers, the last one filled up with zeroes: four rows of {@value #LANES} lanes. Lane j is
 *       {@code (x[j] + x[64+j]) + (x[128+j] + x[192+j])}.
 *   <li>Lanes become one number by eight sums of every eighth lane, from left to right, and
 *       {@code ((0+1)+(2+3))+((4+5)+(6+7))} of those.
 *   <li>Squared deviations are taken around the chunk's own mean, added over the rows in the same way, and then to what the
 *       lane has from the chunks before; after {@value #ROUND} chunks the lanes are emptied into the total. What fills up the
 *       last chunk deviates by nothing.
 *   <li>Nothing is fused: a multiplication is rounded before its result is added.
 * </ul>
 *
 * <p>The kernels of the C layer ({@code quire_kernels.h}) do the same in every version.
 *
 * <p>The loops are in the shape that HotSpot makes vector code of: arrays of the heap, lengths that it knows, no sum from
 * one element to the next.
 */
final class Moments {
    /** Numbers of a chunk: 2 KiB of doubles, which the processor works on while it fetches the next ones. */
    static final int CHUNK = 256;

    /** A multiple of every vector's length. */
    private static final int LANES = 64;

    /** Few enough that what the additions in a lane lose does not show. */
    private static final int ROUND = 64;

    /** The chunk: whoever uses this class stores it here. */
    final double[] values = new double[CHUNK];

    private final double[] lanes = new double[LANES];
    private final double[] squares = new double[LANES];
    private int chunks;
    private long count;
    private double mean;
    private double deviations;

    /** The sum of the chunk's first elements. */
    double sum(int length) {
        Arrays.fill(values, length, CHUNK, 0);
        addRows(values, lanes);
        return addLanes(lanes);
    }

    /** A chunk's mean; for a whole one the compiler knows the count and multiplies, to the same bits. */
    static double mean(double sum, int length) {
        return length == CHUNK ? sum / CHUNK : sum / length;
    }

    /**
     * Adds the chunk's first elements, of which the mean is known.
     *
     * <p>Source: Chan, Golub, LeVeque, "Algorithms for computing the sample variance", 1983: the deviations of a union are
     * those of its parts around their own means plus what the means differ.
     */
    void add(int length, double chunkMean) {
        Arrays.fill(values, length, CHUNK, chunkMean);
        addSquares(values, chunkMean, squares);
        if (++chunks == ROUND) {
            empty();
        }
        long all = count + length;
        double delta = chunkMean - mean;
        double share = (double) length / all;
        deviations += delta * delta * (count * share);
        mean += delta * share;
        count = all;
    }

    /** As new. */
    void reset() {
        chunks = 0;
        Arrays.fill(squares, 0);
        set(0, 0, 0);
    }

    /** Goes on behind what a kernel added: whole rounds, or the end. */
    void set(long newCount, double newMean, double newDeviations) {
        count = newCount;
        mean = newMean;
        deviations = newDeviations;
    }

    private void empty() {
        deviations += addLanes(squares);
        Arrays.fill(squares, 0);
        chunks = 0;
    }

    /** The standard deviation of everything added; NaN if that is nothing. */
    double std() {
        empty();
        return Math.sqrt(deviations / count);
    }

    private static void addRows(double[] x, double[] lanes) {
        for (int j = 0; j < LANES; j++) {
            lanes[j] = (x[j] + x[LANES + j]) + (x[2 * LANES + j] + x[3 * LANES + j]);
        }
    }

    private static void addSquares(double[] x, double around, double[] lanes) {
        for (int j = 0; j < LANES; j++) {
            double a = x[j] - around;
            double b = x[LANES + j] - around;
            double c = x[2 * LANES + j] - around;
            double d = x[3 * LANES + j] - around;
            lanes[j] += (a * a + b * b) + (c * c + d * d);
        }
    }

    private static double addLanes(double[] lanes) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (int i = 0; i < LANES; i += 8) {
            a += lanes[i];
            b += lanes[i + 1];
            c += lanes[i + 2];
            d += lanes[i + 3];
            e += lanes[i + 4];
            f += lanes[i + 5];
            g += lanes[i + 6];
            h += lanes[i + 7];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }
}
