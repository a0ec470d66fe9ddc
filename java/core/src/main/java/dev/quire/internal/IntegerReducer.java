package dev.quire.internal;

import java.math.BigInteger;

/** Count, exact sum, deviations, minimum and maximum of integers that come in chunks, widened to 64 bits. */
public final class IntegerReducer {
    /** Elements of a chunk: two arrays of it and the source stay in the first-level cache. */
    public static final int CHUNK = 1024;

    private final boolean unsigned;
    private final double[] values = new double[CHUNK];
    private final Moments moments = new Moments();
    private long count;
    private BigInteger sum = BigInteger.ZERO;
    private long high;
    private long low;
    private long smallest = Long.MAX_VALUE;
    private long largest = Long.MIN_VALUE;

    /** Elements are taken as unsigned or not. */
    public IntegerReducer(boolean unsigned) {
        this.unsigned = unsigned;
    }

    /** Adds a chunk; at most {@link #CHUNK} elements. */
    public void add(long[] chunk, int length) {
        if (length == 0) {
            return;
        }
        count += length;
        double chunkSum = sum(chunk, length);
        // Flipping the sign bit turns the order of unsigned numbers into that of signed ones.
        long flip = unsigned ? Long.MIN_VALUE : 0;
        smallest = Math.min(smallest, min(chunk, length, flip));
        largest = Math.max(largest, max(chunk, length, flip));
        for (int i = 0; i < length; i++) {
            values[i] = chunk[i];
        }
        if (unsigned) {
            restoreTopBits(chunk, length);
        }
        double mean = chunkSum / length;
        moments.add(length, mean, Moments.deviations(values, length, mean));
    }

    private void restoreTopBits(long[] chunk, int length) {
        for (int i = 0; i < length; i++) {
            values[i] += chunk[i] < 0 ? 0x1p64 : 0;
        }
    }

    /** Adds the halves of each element apart, so that nothing overflows; the chunk's own sum. */
    private double sum(long[] chunk, int length) {
        long upper = 0;
        long lower = 0;
        for (int i = 0; i < length; i++) {
            upper += unsigned ? chunk[i] >>> 32 : chunk[i] >> 32;
            lower += chunk[i] & 0xFFFFFFFFL;
        }
        high += upper;
        low += lower;
        if ((count & (1L << 30) - 1) < length) {
            carry();
        }
        return upper * 0x1p32 + lower;
    }

    /** Moves the halves to the sum long before they can overflow: each element adds less than 2 to the 32nd. */
    private void carry() {
        sum = sum.add(BigInteger.valueOf(high).shiftLeft(32)).add(BigInteger.valueOf(low));
        high = 0;
        low = 0;
    }

    private static long min(long[] chunk, int length, long flip) {
        long min = Long.MAX_VALUE;
        for (int i = 0; i < length; i++) {
            min = Math.min(min, chunk[i] ^ flip);
        }
        return min;
    }

    private static long max(long[] chunk, int length, long flip) {
        long max = Long.MIN_VALUE;
        for (int i = 0; i < length; i++) {
            max = Math.max(max, chunk[i] ^ flip);
        }
        return max;
    }

    /** How many elements came. */
    public long count() {
        return count;
    }

    /** Their exact sum. */
    public BigInteger sum() {
        carry();
        return sum;
    }

    /** Their standard deviation; NaN if there is none. */
    public double std() {
        return moments.std();
    }

    /** The smallest; 0 if there is none. */
    public long min() {
        return count == 0 ? 0 : smallest ^ (unsigned ? Long.MIN_VALUE : 0);
    }

    /** The largest; 0 if there is none. */
    public long max() {
        return count == 0 ? 0 : largest ^ (unsigned ? Long.MIN_VALUE : 0);
    }
}
