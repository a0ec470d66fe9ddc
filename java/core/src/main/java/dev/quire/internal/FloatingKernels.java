package dev.quire.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The loops over mapped floating-point numbers in the machine's byte order, small enough to be compiled early and inlined.
 *
 * <p>Eight lanes, because the compiler keeps them apart and the processor adds them side by side; minimum and maximum as
 * integers, because there are instructions for that. The counts are multiples of eight for sums and deviations.
 *
 * <p>The order of floating-point numbers is that of their bits taken as integers, once the bits behind the sign of a
 * negative number are turned over. NaN lies behind the infinity of its sign.
 */
final class FloatingKernels {
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfLong DOUBLE_BITS = ValueLayout.JAVA_LONG_UNALIGNED;
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt FLOAT_BITS = ValueLayout.JAVA_INT_UNALIGNED;

    private FloatingKernels() {}

    static long key(long bits) {
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }

    static int key(int bits) {
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    /** The key of a float as that of the double it is. */
    static long widened(int key) {
        return key(Double.doubleToRawLongBits(Float.intBitsToFloat(key(key))));
    }

    /** The sum of a whole block: a count that the compiler knows is worth half of the speed. */
    static double sumDoubles(MemorySegment from, long at) {
        return sumDoubles(from, at, FloatingReducer.BLOCK);
    }

    static double sumDoubles(MemorySegment from, long at, int count) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (int i = 0; i < count; i += 8) {
            long o = at + (long) i * 8;
            a += from.get(DOUBLE, o + 0);
            b += from.get(DOUBLE, o + 8);
            c += from.get(DOUBLE, o + 16);
            d += from.get(DOUBLE, o + 24);
            e += from.get(DOUBLE, o + 32);
            f += from.get(DOUBLE, o + 40);
            g += from.get(DOUBLE, o + 48);
            h += from.get(DOUBLE, o + 56);
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    static double deviationsDoubles(MemorySegment from, long at, int count, double around) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (int i = 0; i < count; i += 8) {
            long o = at + (long) i * 8;
            a += Moments.square(from.get(DOUBLE, o + 0) - around);
            b += Moments.square(from.get(DOUBLE, o + 8) - around);
            c += Moments.square(from.get(DOUBLE, o + 16) - around);
            d += Moments.square(from.get(DOUBLE, o + 24) - around);
            e += Moments.square(from.get(DOUBLE, o + 32) - around);
            f += Moments.square(from.get(DOUBLE, o + 40) - around);
            g += Moments.square(from.get(DOUBLE, o + 48) - around);
            h += Moments.square(from.get(DOUBLE, o + 56) - around);
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    static long minDoubles(MemorySegment from, long at, int count) {
        long min = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            min = Math.min(min, key(from.get(DOUBLE_BITS, at + (long) i * 8)));
        }
        return min;
    }

    static long maxDoubles(MemorySegment from, long at, int count) {
        long max = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, key(from.get(DOUBLE_BITS, at + (long) i * 8)));
        }
        return max;
    }

    /** The sum of a whole block: a count that the compiler knows is worth half of the speed. */
    static double sumFloats(MemorySegment from, long at) {
        return sumFloats(from, at, FloatingReducer.BLOCK);
    }

    static double sumFloats(MemorySegment from, long at, int count) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (int i = 0; i < count; i += 8) {
            long o = at + (long) i * 4;
            a += from.get(FLOAT, o + 0);
            b += from.get(FLOAT, o + 4);
            c += from.get(FLOAT, o + 8);
            d += from.get(FLOAT, o + 12);
            e += from.get(FLOAT, o + 16);
            f += from.get(FLOAT, o + 20);
            g += from.get(FLOAT, o + 24);
            h += from.get(FLOAT, o + 28);
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    static double deviationsFloats(MemorySegment from, long at, int count, double around) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (int i = 0; i < count; i += 8) {
            long o = at + (long) i * 4;
            a += Moments.square(from.get(FLOAT, o + 0) - around);
            b += Moments.square(from.get(FLOAT, o + 4) - around);
            c += Moments.square(from.get(FLOAT, o + 8) - around);
            d += Moments.square(from.get(FLOAT, o + 12) - around);
            e += Moments.square(from.get(FLOAT, o + 16) - around);
            f += Moments.square(from.get(FLOAT, o + 20) - around);
            g += Moments.square(from.get(FLOAT, o + 24) - around);
            h += Moments.square(from.get(FLOAT, o + 28) - around);
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    static int minFloats(MemorySegment from, long at, int count) {
        int min = Integer.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            min = Math.min(min, key(from.get(FLOAT_BITS, at + (long) i * 4)));
        }
        return min;
    }

    static int maxFloats(MemorySegment from, long at, int count) {
        int max = Integer.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, key(from.get(FLOAT_BITS, at + (long) i * 4)));
        }
        return max;
    }
}
