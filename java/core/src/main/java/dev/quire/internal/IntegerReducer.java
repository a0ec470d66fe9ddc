package dev.quire.internal;

import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_reduction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;

/** Count, exact sum, deviations, minimum and maximum of integers, signed or not, and of bools. */
public final class IntegerReducer extends Reducer {
    private final int elementBytes;
    private final boolean unsigned;

    /** Of a byte each, of which any but 0 is 1. */
    private final boolean bools;

    /** What turns the order of unsigned 64-bit numbers into that of signed ones: they are kept less two to the 63rd. */
    private final long flip;

    private final long mask;
    private final Moments moments = new Moments();
    private final byte[] bytes;
    private final short[] shorts;
    private final int[] ints;
    private final long[] longs = new long[Moments.CHUNK];
    private long count;
    private BigInteger sum = BigInteger.ZERO;
    private long high;
    private long low;
    private long smallest = Long.MAX_VALUE;
    private long largest = Long.MIN_VALUE;

    /** Reduces integers of 1, 2, 4 or 8 bytes. */
    public IntegerReducer(int elementBytes, boolean swapped, boolean unsigned) {
        this(elementBytes, swapped, unsigned, false);
    }

    /** Reduces bools. */
    public static IntegerReducer ofBools() {
        return new IntegerReducer(Byte.BYTES, false, true, true);
    }

    private IntegerReducer(int elementBytes, boolean swapped, boolean unsigned, boolean bools) {
        super(elementBytes, swapped);
        this.elementBytes = elementBytes;
        this.unsigned = unsigned;
        this.bools = bools;
        this.flip = unsigned && elementBytes == Long.BYTES ? Long.MIN_VALUE : 0;
        this.mask = unsigned && elementBytes < Long.BYTES ? (1L << (elementBytes * 8)) - 1 : -1;
        this.bytes = new byte[elementBytes == Byte.BYTES ? Moments.CHUNK : 0];
        this.shorts = new short[elementBytes == Short.BYTES ? Moments.CHUNK : 0];
        this.ints = new int[elementBytes == Integer.BYTES ? Moments.CHUNK : 0];
    }

    /** As new: one that has its arrays already serves many short runs. */
    public IntegerReducer reset() {
        moments.reset();
        count = 0;
        sum = BigInteger.ZERO;
        high = 0;
        low = 0;
        smallest = Long.MAX_VALUE;
        largest = Long.MIN_VALUE;
        return this;
    }

    @Override
    int element() {
        if (bools) {
            return QuireHeader.QUIRE_B1();
        }
        int first = unsigned ? QuireHeader.QUIRE_U1() : QuireHeader.QUIRE_I1();
        return first + Integer.numberOfTrailingZeros(elementBytes);
    }

    @Override
    int wanted() {
        return QuireHeader.QUIRE_REDUCE_ALL();
    }

    @Override
    void take(MemorySegment reduction) {
        long before = count;
        count = quire_reduction.count(reduction);
        high += quire_reduction.high(reduction) - (flip >>> 32) * (count - before);
        low += quire_reduction.low(reduction);
        carry();
        moments.set(count, quire_reduction.mean(reduction), quire_reduction.deviations(reduction));
        smallest = Math.min(smallest, quire_reduction.smallest(reduction));
        largest = Math.max(largest, quire_reduction.largest(reduction));
    }

    @Override
    void add(MemorySegment from, long at, int length) {
        load(from, at, length);
        count += length;
        double chunk = addUp(longs, length);
        compare(longs, length);
        convert(longs, flip >>> 32, moments.values);
        moments.add(length, Moments.mean(chunk, length));
    }

    private void load(MemorySegment from, long at, int length) {
        switch (elementBytes) {
            case Byte.BYTES -> {
                MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, bytes, 0, length);
                widen(bytes, mask, longs);
                if (bools) {
                    truths(longs);
                }
            }
            case Short.BYTES -> {
                MemorySegment.copy(from, ValueLayout.JAVA_SHORT_UNALIGNED, at, shorts, 0, length);
                widen(shorts, mask, longs);
            }
            case Integer.BYTES -> {
                MemorySegment.copy(from, ValueLayout.JAVA_INT_UNALIGNED, at, ints, 0, length);
                widen(ints, mask, longs);
            }
            default -> {
                MemorySegment.copy(from, ValueLayout.JAVA_LONG_UNALIGNED, at, longs, 0, length);
                if (flip != 0) {
                    flip(longs);
                }
            }
        }
    }

    private static void widen(byte[] from, long mask, long[] to) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            to[i] = from[i] & mask;
        }
    }

    private static void widen(short[] from, long mask, long[] to) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            to[i] = from[i] & mask;
        }
    }

    private static void widen(int[] from, long mask, long[] to) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            to[i] = from[i] & mask;
        }
    }

    /** What is greater than 0 becomes 1. */
    private static void truths(long[] values) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            values[i] = -values[i] >>> 63;
        }
    }

    private static void flip(long[] values) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            values[i] ^= Long.MIN_VALUE;
        }
    }

    /** To what the elements are: of those less two to the 63rd the upper half lacks two to the 31st. Rounded once. */
    private static void convert(long[] from, long lacking, double[] to) {
        if (lacking == 0) {
            for (int i = 0; i < Moments.CHUNK; i++) {
                to[i] = from[i];
            }
        } else {
            for (int i = 0; i < Moments.CHUNK; i++) {
                to[i] = ((from[i] >> 32) + lacking) * 0x1p32 + (from[i] & 0xFFFFFFFFL);
            }
        }
    }

    /** Adds the halves of each element apart, so that nothing overflows; the sum of what the chunk's elements are. */
    private double addUp(long[] chunk, int length) {
        long upper = 0;
        long lower = 0;
        for (int i = 0; i < length; i++) {
            upper += chunk[i] >> 32;
            lower += chunk[i] & 0xFFFFFFFFL;
        }
        high += upper;
        low += lower;
        if ((count & (1L << 30) - 1) < length) {
            carry();
        }
        return (upper + length * (flip >>> 32)) * 0x1p32 + lower;
    }

    /** Moves the halves to the sum long before they can overflow: each element adds less than two to the 32nd. */
    private void carry() {
        sum = sum.add(BigInteger.valueOf(high).shiftLeft(32)).add(BigInteger.valueOf(low));
        high = 0;
        low = 0;
    }

    private void compare(long[] chunk, int length) {
        long min = smallest;
        long max = largest;
        for (int i = 0; i < length; i++) {
            min = Math.min(min, chunk[i]);
            max = Math.max(max, chunk[i]);
        }
        smallest = min;
        largest = max;
    }

    /** How many elements came. */
    public long count() {
        return count;
    }

    /** Their exact sum. */
    public BigInteger sum() {
        carry();
        return flip == 0 ? sum : sum.add(BigInteger.valueOf(count).shiftLeft(63));
    }

    /** Their standard deviation; NaN if there is none. */
    public double std() {
        return moments.std();
    }

    /** The smallest; 0 if there is none. */
    public long min() {
        return count == 0 ? 0 : smallest ^ flip;
    }

    /** The largest; 0 if there is none. */
    public long max() {
        return count == 0 ? 0 : largest ^ flip;
    }
}
