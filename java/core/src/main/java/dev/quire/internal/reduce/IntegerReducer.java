package dev.quire.internal.reduce;

import dev.quire.internal.Kernels;
import dev.quire.internal.ffi.quire_reduction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;

/** Count, exact sum, deviations, minimum and maximum of integers, signed or not, and of bools. */
public final class IntegerReducer extends Reducer {
    private final boolean unsigned;

    /** Of a byte each, of which any but 0 is 1. */
    private final boolean bools;

    /** What turns the order of unsigned 64-bit numbers into that of signed ones: they are kept less two to the 63rd. */
    private final long flip;

    private final long mask;
    private final long[] longs = new long[Moments.CHUNK];
    private long count;
    private BigInteger sum = BigInteger.ZERO;
    private long high;
    private long low;
    private long smallest = Long.MAX_VALUE;
    private long largest = Long.MIN_VALUE;

    /** Reduces integers of 1, 2, 4 or 8 bytes. */
    public IntegerReducer(int elementBytes, boolean swapped, boolean unsigned, Statistics what) {
        this(elementBytes, swapped, unsigned, false, what);
    }

    /** Reduces bools. */
    public static IntegerReducer ofBools(Statistics what) {
        return new IntegerReducer(Byte.BYTES, false, true, true, what);
    }

    private IntegerReducer(int elementBytes, boolean swapped, boolean unsigned, boolean bools, Statistics what) {
        super(elementBytes, swapped, what);
        this.unsigned = unsigned;
        this.bools = bools;
        this.flip = unsigned && elementBytes == Long.BYTES ? Long.MIN_VALUE : 0;
        this.mask = unsigned && elementBytes < Long.BYTES ? (1L << (elementBytes * 8)) - 1 : -1;
    }

    @Override
    void reset() {
        moments.reset();
        count = 0;
        sum = BigInteger.ZERO;
        high = 0;
        low = 0;
        smallest = Long.MAX_VALUE;
        largest = Long.MIN_VALUE;
    }

    @Override
    Kernels.Elements elements() {
        if (bools) {
            return new Kernels.Elements(Codes.B1, elementBytes);
        }
        int first = unsigned ? Codes.U1 : Codes.I1;
        return new Kernels.Elements(first + Integer.numberOfTrailingZeros(elementBytes), elementBytes);
    }

    @Override
    void take(MemorySegment reduction) {
        moments.take(reduction);
        take(reduction, quire_reduction.count(reduction) - count);
    }

    @Override
    void takeApart(MemorySegment reduction) {
        take(reduction, quire_reduction.count(reduction));
    }

    private void take(MemorySegment reduction, long more) {
        count += more;
        high += quire_reduction.high(reduction) - (flip >>> 32) * more;
        low += quire_reduction.low(reduction);
        carry();
        smallest = Math.min(smallest, quire_reduction.smallest(reduction));
        largest = Math.max(largest, quire_reduction.largest(reduction));
    }

    @Override
    IntegerReducer another() {
        return new IntegerReducer(elementBytes, swapped, unsigned, bools, what);
    }

    @Override
    boolean addsSumsInSequence() {
        return false;
    }

    @Override
    void absorb(Reducer part) {
        IntegerReducer other = (IntegerReducer) part;
        other.carry();
        count += other.count;
        sum = sum.add(other.sum);
        smallest = Math.min(smallest, other.smallest);
        largest = Math.max(largest, other.largest);
    }

    @Override
    void addChunk(int length) {
        count += length;
        double chunk = addUp(longs, length);
        compare(longs, length);
        if (what.hasDeviations()) {
            if (elementBytes == Long.BYTES) {
                convert(longs, flip >>> 32, moments.values);
                moments.deviate(length, chunk);
            } else {
                long total = (long) chunk;
                double own = exactDeviations(longs, length, total) / length;
                long whole = total / length;
                moments.merge(length, (double) whole, (double) (total - whole * length) / length, own);
            }
        }
    }

    /** The number of elements times the sum of their squares, less the square of their sum: 128 bits, as a double. */
    private static double exactDeviations(long[] chunk, int length, long sum) {
        long upper = 0;
        long lower = 0;
        for (int i = 0; i < length; i++) {
            long square = chunk[i] * chunk[i];
            upper += square >>> 32;
            lower += square & 0xFFFFFFFFL;
        }
        upper *= length;
        lower *= length;
        long low = (upper << 32) + lower;
        long high = (upper >>> 32) + (Long.compareUnsigned(low, lower) < 0 ? 1 : 0);
        long squareLow = sum * sum;
        high -= Math.multiplyHigh(sum, sum) + (Long.compareUnsigned(low, squareLow) < 0 ? 1 : 0);
        low -= squareLow;
        return high * 0x1p64 + ((low >>> 32) * 0x1p32 + (low & 0xFFFFFFFFL));
    }

    @Override
    void load(MemorySegment from, long at, long stride, int place, int length) {
        switch (elementBytes) {
            case Byte.BYTES -> {
                for (int i = 0; i < length; i++) {
                    longs[place + i] = from.get(ValueLayout.JAVA_BYTE, at + i * stride) & mask;
                }
                if (bools) {
                    truths(longs);
                }
            }
            case Short.BYTES -> {
                for (int i = 0; i < length; i++) {
                    short value = from.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + i * stride);
                    longs[place + i] = (swapped ? Short.reverseBytes(value) : value) & mask;
                }
            }
            case Integer.BYTES -> {
                for (int i = 0; i < length; i++) {
                    int value = from.get(ValueLayout.JAVA_INT_UNALIGNED, at + i * stride);
                    longs[place + i] = (swapped ? Integer.reverseBytes(value) : value) & mask;
                }
            }
            default -> {
                for (int i = 0; i < length; i++) {
                    long value = from.get(ValueLayout.JAVA_LONG_UNALIGNED, at + i * stride);
                    longs[place + i] = (swapped ? Long.reverseBytes(value) : value) ^ flip;
                }
            }
        }
    }

    /** What is greater than 0 becomes 1. */
    private static void truths(long[] values) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            values[i] = -values[i] >>> 63;
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

    @Override
    boolean hasOverflowed() {
        return false;
    }

    @Override
    void scale() {
        throw new IllegalStateException("integers do not overflow");
    }

    @Override
    boolean isScaled() {
        return false;
    }

    @Override
    public long count() {
        return count;
    }

    /** The exact sum. */
    public BigInteger exactSum() {
        carry();
        return flip == 0 ? sum : sum.add(BigInteger.valueOf(count).shiftLeft(63));
    }

    /** The exact sum, rounded once. */
    @Override
    public double sum() {
        boolean isSmall = sum.signum() == 0 && flip == 0 && Math.abs(high) < 1L << 30 && low >>> 62 == 0;
        return isSmall ? (double) ((high << 32) + low) : exactSum().doubleValue();
    }

    /** The exact sum's lowest 64 bits. */
    public long sumBits() {
        return sum.longValue() + (high << 32) + low + (flip == 0 ? 0 : count << 63);
    }

    @Override
    public double mean() {
        return sum() / count;
    }

    @Override
    public double std() {
        return Math.sqrt(moments.deviations() / count);
    }

    /** The smallest; {@link Long#MAX_VALUE}, or all bits of an unsigned one, if there is none. */
    public long exactMin() {
        return smallest ^ flip;
    }

    /** The largest; {@link Long#MIN_VALUE}, or 0 of unsigned ones, if there is none. */
    public long exactMax() {
        return largest ^ flip;
    }

    @Override
    public double min() {
        return count == 0 ? Double.NaN : asDouble(smallest);
    }

    @Override
    public double max() {
        return count == 0 ? Double.NaN : asDouble(largest);
    }

    private double asDouble(long kept) {
        long value = kept ^ flip;
        return flip == 0 || value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }
}
