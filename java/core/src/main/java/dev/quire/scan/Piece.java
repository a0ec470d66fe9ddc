package dev.quire.scan;

import dev.quire.advice.ByteRange;
import dev.quire.scan.PageRanges.PageRange;
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

    /** All pages that hold the piece, by their numbers in the file. */
    PageRange allPages() {
        return new PageRange(pages.first(), pages.first() + (pages.misfit() + end - from - 1) / pages.size() + 1);
    }

    /** The pages brought in that are in a range of the file's pages, counted from its first. */
    BitSet broughtOf(PageRange range) {
        BitSet inside = new BitSet();
        PageRange.of(pages.first(), brought).forEach(each -> inside.or(each.within(range)));
        return inside;
    }

    /** The bytes of the piece in some pages, those of neighbours in one range. */
    List<ByteRange> ranges(BitSet some) {
        long first = from - pages.misfit();
        List<ByteRange> ranges = new ArrayList<>();
        for (PageRange range : PageRange.of(0, some)) {
            long begin = Math.max(from, first + range.first() * pages.size());
            long behind = Math.min(end, first + range.end() * pages.size());
            ranges.add(new ByteRange(begin, behind - begin));
        }
        return ranges;
    }
}
