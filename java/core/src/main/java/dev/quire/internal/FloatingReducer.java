package dev.quire.internal;

import java.lang.foreign.MemorySegment;

/**
 * Count, sum, deviations, minimum and maximum of floating-point numbers that come in chunks, from mapped memory or the heap.
 *
 * <p>The order of additions is fixed, so that every implementation gives the same bits: blocks of {@value #BLOCK} elements,
 * in each of which lane j adds the elements j, j + 8, j + 16 ...; the lanes are added as ((0+1)+(2+3))+((4+5)+(6+7)), what is
 * left of a block shorter than a multiple of 8 one by one; and the blocks one after the other with the error of each addition
 * kept (Neumaier 1974). A chunk is {@value #CHUNK} elements; its deviations are taken around its own mean while it is in the
 * first-level cache.
 */
public final class FloatingReducer {
    /** Elements of a chunk. */
    public static final int CHUNK = 2048;

    /** Elements of a block: 16 additions in each lane, as NumPy's pairwise summation has at its lowest level. */
    static final int BLOCK = 128;

    /** No buffer, for who needs none. */
    public static final double[] NONE = {};

    /** Compute the sum. */
    public static final int SUM = 1;

    /** Compute minimum and maximum. */
    public static final int EXTREMES = 2;

    /** Compute everything. */
    public static final int ALL = 7;

    private static final int DEVIATIONS = 4;

    private static final long INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private final int what;
    private final Moments moments = new Moments();
    private final double[] rest = new double[8];
    private long count;
    private double sum;
    private double error;
    private long smallest = Long.MAX_VALUE;
    private long largest = Long.MIN_VALUE;

    /** Computes what the bits of SUM and EXTREMES say, or ALL. */
    public FloatingReducer(int what) {
        this.what = what;
    }

    /** Adds a chunk of mapped doubles in the machine's byte order; at most {@link #CHUNK}. */
    public void addDoubles(MemorySegment from, long at, int length) {
        count += length;
        if ((what & EXTREMES) != 0) {
            smallest = Math.min(smallest, FloatingKernels.minDoubles(from, at, length));
            largest = Math.max(largest, FloatingKernels.maxDoubles(from, at, length));
        }
        if ((what & SUM) == 0) {
            return;
        }
        double chunkSum = 0;
        for (int i = 0; i < length; i += BLOCK) {
            int block = Math.min(BLOCK, length - i);
            long start = at + i * 8L;
            chunkSum +=
                    keep(block == BLOCK ? FloatingKernels.sumDoubles(from, start) : shortDoubles(from, start, block));
        }
        if ((what & DEVIATIONS) != 0 && length > 0) {
            double mean = chunkSum / length;
            int whole = length & -8;
            double deviations = FloatingKernels.deviationsDoubles(from, at, whole, mean);
            left(from, at + whole * 8L, length - whole, 8);
            moments.add(length, mean, deviations + Moments.deviations(rest, length - whole, mean));
        }
    }

    /** Adds a chunk of mapped floats in the machine's byte order; at most {@link #CHUNK}. */
    public void addFloats(MemorySegment from, long at, int length) {
        count += length;
        if ((what & EXTREMES) != 0 && length > 0) {
            smallest = Math.min(smallest, FloatingKernels.widened(FloatingKernels.minFloats(from, at, length)));
            largest = Math.max(largest, FloatingKernels.widened(FloatingKernels.maxFloats(from, at, length)));
        }
        if ((what & SUM) == 0) {
            return;
        }
        double chunkSum = 0;
        for (int i = 0; i < length; i += BLOCK) {
            int block = Math.min(BLOCK, length - i);
            long start = at + i * 4L;
            chunkSum += keep(block == BLOCK ? FloatingKernels.sumFloats(from, start) : shortFloats(from, start, block));
        }
        if ((what & DEVIATIONS) != 0 && length > 0) {
            double mean = chunkSum / length;
            int whole = length & -8;
            double deviations = FloatingKernels.deviationsFloats(from, at, whole, mean);
            left(from, at + whole * 4L, length - whole, 4);
            moments.add(length, mean, deviations + Moments.deviations(rest, length - whole, mean));
        }
    }

    /** Adds a chunk from the heap; at most {@link #CHUNK}. */
    public void add(double[] values, int length) {
        addDoubles(MemorySegment.ofArray(values), 0, length);
    }

    private double shortDoubles(MemorySegment from, long at, int block) {
        int whole = block & -8;
        double lanes = FloatingKernels.sumDoubles(from, at, whole);
        return lanes + left(from, at + whole * 8L, block - whole, 8);
    }

    private double shortFloats(MemorySegment from, long at, int block) {
        int whole = block & -8;
        double lanes = FloatingKernels.sumFloats(from, at, whole);
        return lanes + left(from, at + whole * 4L, block - whole, 4);
    }

    /** The fewer than eight elements behind the lanes: kept in {@code rest}, and their sum. */
    private double left(MemorySegment from, long at, int length, int elementBytes) {
        double total = 0;
        for (int i = 0; i < length; i++) {
            rest[i] = elementBytes == 8
                    ? from.get(FloatingKernels.DOUBLE, at + i * 8L)
                    : from.get(FloatingKernels.FLOAT, at + i * 4L);
            total += rest[i];
        }
        return total;
    }

    /** Adds a block's sum and keeps what the addition lost. */
    private double keep(double block) {
        double total = sum + block;
        error += Math.abs(sum) >= Math.abs(block) ? (sum - total) + block : (block - total) + sum;
        sum = total;
        return block;
    }

    /** How many elements came. */
    public long count() {
        return count;
    }

    /** Their sum. */
    public double sum() {
        // Behind an infinity or NaN the lost parts mean nothing.
        return Double.isFinite(sum) ? sum + error : sum;
    }

    /** Their standard deviation; NaN if there is none. */
    public double std() {
        return moments.std();
    }

    /** The smallest; NaN if there is none, or one is NaN. */
    public double min() {
        return count == 0 || hasNaN() ? Double.NaN : value(smallest);
    }

    /** The largest; NaN if there is none, or one is NaN. */
    public double max() {
        return count == 0 || hasNaN() ? Double.NaN : value(largest);
    }

    private boolean hasNaN() {
        return largest > INFINITY || smallest < FloatingKernels.key(INFINITY | Long.MIN_VALUE);
    }

    private static double value(long key) {
        return Double.longBitsToDouble(FloatingKernels.key(key));
    }
}
