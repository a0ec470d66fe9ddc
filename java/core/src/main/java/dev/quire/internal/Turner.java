package dev.quire.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns the bytes of elements around, a chunk at a time, into native memory of its own: what reads it sees one kind of segment. */
final class Turner {
    private final MemorySegment turned;
    private final short[] shorts;
    private final int[] ints;
    private final long[] longs;

    Turner(int elementBytes) {
        turned = Arena.ofAuto().allocate((long) Moments.CHUNK * elementBytes, elementBytes);
        shorts = new short[elementBytes == Short.BYTES ? Moments.CHUNK : 0];
        ints = new int[elementBytes == Integer.BYTES ? Moments.CHUNK : 0];
        longs = new long[elementBytes == Long.BYTES ? Moments.CHUNK : 0];
    }

    MemorySegment turned(MemorySegment from, long at, int count) {
        if (longs.length > 0) {
            MemorySegment.copy(from, ValueLayout.JAVA_LONG_UNALIGNED, at, longs, 0, count);
            turn(longs);
            MemorySegment.copy(longs, 0, turned, ValueLayout.JAVA_LONG, 0, count);
        } else if (ints.length > 0) {
            MemorySegment.copy(from, ValueLayout.JAVA_INT_UNALIGNED, at, ints, 0, count);
            turn(ints);
            MemorySegment.copy(ints, 0, turned, ValueLayout.JAVA_INT, 0, count);
        } else {
            MemorySegment.copy(from, ValueLayout.JAVA_SHORT_UNALIGNED, at, shorts, 0, count);
            turn(shorts);
            MemorySegment.copy(shorts, 0, turned, ValueLayout.JAVA_SHORT, 0, count);
        }
        return turned;
    }

    private static void turn(long[] values) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            values[i] = Long.reverseBytes(values[i]);
        }
    }

    private static void turn(int[] values) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            values[i] = Integer.reverseBytes(values[i]);
        }
    }

    private static void turn(short[] values) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            values[i] = Short.reverseBytes(values[i]);
        }
    }
}
