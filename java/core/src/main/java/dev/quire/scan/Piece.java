package dev.quire.scan;

import dev.quire.advice.ByteRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What is brought in and dropped at once. Offsets count from the target's first byte, pages from the one that holds the piece's.
 *
 * @param from first byte
 * @param end behind the last one
 * @param pages where in the file they lie
 * @param brought the pages that scans have brought in or will: the others were in memory before
 * @param isDroppable whether it is known which pages were in memory, and there is a file to read the bytes from again
 */
record Piece(long from, long end, Place pages, BitSet brought, boolean isDroppable) {

    /**
     * Where pages lie.
     *
     * @param first the number in the file of the first one
     * @param misfit how many bytes of that one lie before the piece
     * @param size of a page, in bytes
     */
    record Place(long first, long misfit, long size) {}

    /** How many bytes of the piece are in the pages brought in. */
    long broughtBytes() {
        return ranges(brought).stream().mapToLong(ByteRange::length).sum();
    }

    /** The bytes of the piece in some pages, those of neighbours in one range. */
    List<ByteRange> ranges(BitSet some) {
        List<ByteRange> ranges = new ArrayList<>();
        long first = from - pages.misfit();
        for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(some.nextClearBit(i))) {
            long begin = Math.max(from, first + i * pages.size());
            long behind = Math.min(end, first + some.nextClearBit(i) * pages.size());
            ranges.add(new ByteRange(begin, behind - begin));
        }
        return ranges;
    }
}
