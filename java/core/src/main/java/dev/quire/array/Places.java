package dev.quire.array;

import java.util.Arrays;

/**
 * Where the first extreme of each of many results is. Values are compared as whole numbers in which the one that is
 * looked for is the smallest.
 */
final class Places {
    private final boolean smallest;
    private final long flip;
    final long[] keys;
    final long[] places;

    Places(ElementType type, boolean smallest, int results) {
        this.smallest = smallest;
        this.flip = (type == ElementType.UINT64 ? Long.MIN_VALUE : 0) ^ (smallest ? 0 : -1);
        this.keys = new long[results];
        this.places = new long[results];
        Arrays.fill(keys, Long.MAX_VALUE);
    }

    /** The keys of doubles: NaN comes first, and both zeroes are one. */
    void turn(double[] values, long[] into, int count) {
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(values[i] + 0.0);
            long key = bits ^ (bits >> 63 & Long.MAX_VALUE);
            into[i] = Double.isNaN(values[i]) ? Long.MIN_VALUE : smallest ? key : ~key;
        }
    }

    /** The keys of whole numbers. */
    void turn(long[] values, int count) {
        for (int i = 0; i < count; i++) {
            values[i] ^= flip;
        }
    }

    /** Compares one value of each of so many results. */
    void add(long[] values, int count, int first, long place) {
        for (int i = 0; i < count; i++) {
            if (values[i] < keys[first + i]) {
                keys[first + i] = values[i];
                places[first + i] = place;
            }
        }
    }
}
