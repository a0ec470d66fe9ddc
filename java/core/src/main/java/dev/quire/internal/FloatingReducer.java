package dev.quire.internal;

import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_reduction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Count, sum, deviations, minimum and maximum of floating-point numbers. Floats and halves are widened first.
 *
 * <p>The sums of the chunks (see {@link Moments}) are added one after the other, and what each addition loses is kept and
 * added at the end (Neumaier 1974).
 *
 * <p>The order of floating-point numbers is that of their bits taken as integers, once the bits behind the sign of a
 * negative number are turned over: there are instructions for that. NaN lies behind the infinity of its sign.
 */
public final class FloatingReducer extends Reducer {
    /** What to compute. */
    public enum What {
        /** The sum. */
        SUM,
        /** Minimum and maximum. */
        EXTREMES,
        /** Everything. */
        ALL
    }

    private static final long INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private final What what;
    private final int elementBytes;
    private final Moments moments = new Moments();
    private final short[] shorts;
    private final float[] floats;
    private final int[] ints;
    private final long[] longs;
    private long count;
    private double sum;
    private double error;
    private long smallest = Long.MAX_VALUE;
    private long largest = Long.MIN_VALUE;

    /** Reduces doubles, floats or halves, by their length. */
    public FloatingReducer(int elementBytes, boolean swapped, What what) {
        super(elementBytes, swapped);
        this.what = what;
        this.elementBytes = elementBytes;
        this.shorts = new short[elementBytes == Short.BYTES ? Moments.CHUNK : 0];
        this.floats = new float[elementBytes == Float.BYTES ? Moments.CHUNK : 0];
        this.ints = new int[elementBytes == Float.BYTES ? Moments.CHUNK : 0];
        this.longs = new long[elementBytes == Double.BYTES ? Moments.CHUNK : 0];
    }

    /** Whether it was made for this. */
    public boolean isFor(int bytes, boolean swapped, What wanted) {
        return what == wanted && elementBytes == bytes && isSwapped() == swapped;
    }

    /** As new: one that has its arrays already serves many short runs. */
    public FloatingReducer reset() {
        moments.reset();
        count = 0;
        sum = 0;
        error = 0;
        smallest = Long.MAX_VALUE;
        largest = Long.MIN_VALUE;
        return this;
    }

    @Override
    int element() {
        return switch (elementBytes) {
            case Short.BYTES -> QuireHeader.QUIRE_F2();
            case Float.BYTES -> QuireHeader.QUIRE_F4();
            default -> QuireHeader.QUIRE_F8();
        };
    }

    @Override
    int wanted() {
        return switch (what) {
            case SUM -> QuireHeader.QUIRE_REDUCE_SUM();
            case EXTREMES -> QuireHeader.QUIRE_REDUCE_EXTREMES();
            case ALL -> QuireHeader.QUIRE_REDUCE_ALL();
        };
    }

    @Override
    void take(MemorySegment reduction) {
        count = quire_reduction.count(reduction);
        sum = quire_reduction.sum(reduction);
        error = quire_reduction.lost(reduction);
        moments.set(count, quire_reduction.mean(reduction), quire_reduction.deviations(reduction));
        smallest = Math.min(smallest, key(Double.doubleToRawLongBits(quire_reduction.min(reduction))));
        largest = Math.max(largest, key(Double.doubleToRawLongBits(quire_reduction.max(reduction))));
    }

    @Override
    void add(MemorySegment from, long at, int length) {
        count += length;
        double chunk = what == What.EXTREMES ? 0 : added(from, at, length);
        // In between, so that the processor has something to do while it waits for the mean.
        if (what != What.SUM) {
            compare(from, at, length);
        }
        if (what == What.ALL) {
            moments.add(length, Moments.mean(chunk, length));
        }
    }

    private double added(MemorySegment from, long at, int length) {
        load(from, at, length);
        double chunk = moments.sum(length);
        keep(chunk);
        return chunk;
    }

    private void compare(MemorySegment from, long at, int length) {
        switch (elementBytes) {
            case Short.BYTES -> {
                MemorySegment.copy(from, ValueLayout.JAVA_SHORT_UNALIGNED, at, shorts, 0, length);
                compare(shorts, length);
            }
            case Float.BYTES -> {
                MemorySegment.copy(from, ValueLayout.JAVA_INT_UNALIGNED, at, ints, 0, length);
                compare(ints, length);
            }
            default -> {
                MemorySegment.copy(from, ValueLayout.JAVA_LONG_UNALIGNED, at, longs, 0, length);
                compare(longs, length);
            }
        }
    }

    private void load(MemorySegment from, long at, int length) {
        switch (elementBytes) {
            case Short.BYTES -> {
                MemorySegment.copy(from, ValueLayout.JAVA_SHORT_UNALIGNED, at, shorts, 0, length);
                widen(shorts, moments.values);
            }
            case Float.BYTES -> {
                MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, at, floats, 0, length);
                widen(floats, moments.values);
            }
            default -> MemorySegment.copy(from, ValueLayout.JAVA_DOUBLE_UNALIGNED, at, moments.values, 0, length);
        }
    }

    private static void widen(short[] from, double[] to) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            to[i] = Float.float16ToFloat(from[i]);
        }
    }

    private static void widen(float[] from, double[] to) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            to[i] = from[i];
        }
    }

    /** Adds a chunk's sum and keeps what the addition lost. */
    private void keep(double chunk) {
        double total = sum + chunk;
        error += Math.abs(sum) >= Math.abs(chunk) ? (sum - total) + chunk : (chunk - total) + sum;
        sum = total;
    }

    private void compare(long[] chunk, int length) {
        long min = smallest;
        long max = largest;
        for (int i = 0; i < length; i++) {
            long key = key(chunk[i]);
            min = Math.min(min, key);
            max = Math.max(max, key);
        }
        smallest = min;
        largest = max;
    }

    private void compare(int[] chunk, int length) {
        int min = Integer.MAX_VALUE;
        int max = Integer.MIN_VALUE;
        for (int i = 0; i < length; i++) {
            int key = key(chunk[i]);
            min = Math.min(min, key);
            max = Math.max(max, key);
        }
        smallest = Math.min(smallest, widened(min));
        largest = Math.max(largest, widened(max));
    }

    private void compare(short[] chunk, int length) {
        int min = Short.MAX_VALUE;
        int max = Short.MIN_VALUE;
        for (int i = 0; i < length; i++) {
            int key = key(chunk[i]);
            min = Math.min(min, key);
            max = Math.max(max, key);
        }
        smallest = Math.min(smallest, widened((short) min));
        largest = Math.max(largest, widened((short) max));
    }

    private static long key(long bits) {
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }

    private static int key(int bits) {
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    private static short key(short bits) {
        return (short) (bits ^ (bits >> 15 & Short.MAX_VALUE));
    }

    /** The key of a float as that of the double it is. */
    private static long widened(int key) {
        return key(Double.doubleToRawLongBits(Float.intBitsToFloat(key(key))));
    }

    private static long widened(short key) {
        return key(Double.doubleToRawLongBits(Float.float16ToFloat(key(key))));
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
        return largest > INFINITY || smallest < key(INFINITY | Long.MIN_VALUE);
    }

    private static double value(long key) {
        return Double.longBitsToDouble(key(key));
    }
}
