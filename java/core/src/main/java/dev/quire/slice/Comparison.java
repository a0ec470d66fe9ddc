package dev.quire.slice;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Finds where two slices differ, in blocks copied to the heap: the JDK's own {@code MemorySegment.mismatch} is an intrinsic
 * that ends the virtual machine on a truncated file (seen).
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

    /** The first element that differs in its bits; the length of the shorter slice if it begins the other; -1 if none. */
    long mismatch() {
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
        return left.length == right.length ? -1 : common / left.elementBytes;
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
