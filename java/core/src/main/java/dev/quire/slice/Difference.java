package dev.quire.slice;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where two ranges of bytes differ, by loads that survive a fault. {@code MemorySegment.mismatch} goes through a stub of the
 * virtual machine that does not: on a truncated file it ended the process (seen with C1).
 */
final class Difference {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

    /** Words that are compared at once: the loop has one branch for all of them. */
    private static final int STEP = 4 * Long.BYTES;

    private Difference() {}

    /** The first offset, of those from one to another, at which the bytes differ; -1 if they do not. */
    static long first(MemorySegment one, MemorySegment other, long from, long to) {
        long at = from;
        while (at <= to - STEP && !differs(one, other, at)) {
            at += STEP;
        }
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long bits = one.get(WORD, at) ^ other.get(WORD, at);
            if (bits != 0) {
                return at + firstByte(bits);
            }
        }
        for (; at < to; at++) {
            if (one.get(ValueLayout.JAVA_BYTE, at) != other.get(ValueLayout.JAVA_BYTE, at)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean differs(MemorySegment one, MemorySegment other, long at) {
        return ((one.get(WORD, at) ^ other.get(WORD, at))
                        | (one.get(WORD, at + 8) ^ other.get(WORD, at + 8))
                        | (one.get(WORD, at + 16) ^ other.get(WORD, at + 16))
                        | (one.get(WORD, at + 24) ^ other.get(WORD, at + 24)))
                != 0;
    }

    private static int firstByte(long bits) {
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        return (little ? Long.numberOfTrailingZeros(bits) : Long.numberOfLeadingZeros(bits)) / Byte.SIZE;
    }
}
