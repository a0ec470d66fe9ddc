package dev.quire.scan;

import dev.quire.slice.ByteSlice;

/** Searches for the ends of records backwards, in copies on the heap. */
final class Delimiters {
    private final ByteSlice target;
    private final byte delimiter;
    private final byte[] block = new byte[Tunables.DELIMITER_BLOCK];

    Delimiters(ByteSlice target, int delimiter) {
        this.target = target;
        this.delimiter = (byte) delimiter;
    }

    /** The index of the last delimiter of a range, or -1. */
    long last(long from, long end) {
        for (long to = end; to > from; ) {
            int count = (int) Math.min(block.length, to - from);
            target.copyTo(to - count, block, 0, count);
            for (int i = count - 1; i >= 0; i--) {
                if (block[i] == delimiter) {
                    return to - count + i;
                }
            }
            to -= count;
        }
        return -1;
    }
}
