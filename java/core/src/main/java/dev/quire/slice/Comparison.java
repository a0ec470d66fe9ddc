package dev.quire.slice;

import dev.quire.internal.Faults;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Finds where two slices differ: by the JDK's own intrinsic, where faults are healed and the byte orders are the same,
 * else in blocks copied to the heap.
 */
final class Comparison {
    /** Of a block: two of them stay in the second-level cache. */
    private static final int BLOCK_BYTES = 32 << 10;

    /** Of the first block: slices that differ mostly do so at once. */
    private static final int FIRST_BYTES = 512;

    private final Slice left;
    private final Slice right;
    private final long common;
    private byte[] mine = {};
    private byte[] theirs = {};

    Comparison(Slice left, Slice right) {
        this.left = left;
        this.right = right;
        this.common = Math.min(left.byteSize(), right.byteSize());
    }

    /**
     * The first element that differs in its bits; the length of the shorter slice if it begins the other; -1 if none.
     */
    long mismatch() {
        return Faults.HEALED && left.swapped == right.swapped ? inPlace() : inBlocks();
    }

    private long inPlace() {
        for (long at = 0; at < common; at += Slice.PIECE_BYTES) {
            long from = at;
            long bytes = Math.min(Slice.PIECE_BYTES, common - at);
            long found = guarded(
                    left,
                    from,
                    bytes,
                    () -> guarded(
                            right,
                            from,
                            bytes,
                            () -> MemorySegment.mismatch(
                                    left.segment, from, from + bytes, right.segment, from, from + bytes)));
            if (found >= 0) {
                return (at + found) / left.elementBytes;
            }
        }
        return end();
    }

    private static long guarded(Slice slice, long from, long bytes, Faults.Access<Long, RuntimeException> block) {
        return slice.guardedBytes(from, bytes, block);
    }

    private long end() {
        return left.length == right.length ? -1 : common / left.elementBytes;
    }

    private long inBlocks() {
        int block = FIRST_BYTES;
        for (long at = 0; at < common; at += mine.length) {
            int count = (int) Math.min(block, common - at);
            if (count != mine.length) {
                mine = new byte[count];
                theirs = new byte[count];
            }
            read(at);
            int found = Arrays.mismatch(mine, theirs);
            if (found >= 0) {
                return (at + found) / left.elementBytes;
            }
            block = BLOCK_BYTES;
        }
        return end();
    }

    private void read(long at) {
        long index = at / left.elementBytes;
        long count = mine.length / left.elementBytes;
        left.copyBytes(index, mine);
        right.copyBytes(index, theirs);
        if (left.swapped != right.swapped) {
            turn(MemorySegment.ofArray(theirs), left.elementBytes, count);
        }
    }

    private static void turn(MemorySegment bytes, int elementBytes, long count) {
        ValueLayout layout = switch (elementBytes) {
            case Short.BYTES -> ValueLayout.JAVA_SHORT_UNALIGNED;
            case Integer.BYTES -> ValueLayout.JAVA_INT_UNALIGNED;
            default -> ValueLayout.JAVA_LONG_UNALIGNED;
        };
        MemorySegment.copy(bytes, layout, 0, bytes, layout.withOrder(ByteOrders.SWAPPED), 0, count);
    }
}
