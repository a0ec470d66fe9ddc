package dev.quire.scan;

import dev.quire.hint.ByteRange;
import dev.quire.scan.PageRanges.PageRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A part of the scanned range that is brought in and dropped as a whole. Everything but the state is final;
 * {@link PieceTable} changes the state. Offsets count from the target's first byte, pages from the one that holds the
 * piece's first byte.
 */
final class Piece {
    /** What has happened to a piece. The package's text explains each state. */
    enum State {
        KNOWN,
        ASKED,
        READY,
        IN_USE,
        PASSED,
        UNREAD,
        UNASKED,
        DROPPED;

        /** The states that may follow. */
        Set<State> next() {
            return switch (this) {
                case KNOWN -> EnumSet.of(ASKED, UNASKED);
                case ASKED -> EnumSet.of(READY, UNREAD);
                case READY -> EnumSet.of(IN_USE, PASSED);
                case IN_USE -> EnumSet.of(PASSED);
                case PASSED, UNREAD, UNASKED -> EnumSet.of(DROPPED);
                case DROPPED -> EnumSet.noneOf(State.class);
            };
        }
    }

    /**
     * Where the pages lie.
     *
     * @param first the number in the file of the first one
     * @param misfit how many bytes of that one lie before the piece
     * @param size of a page, in bytes
     */
    record Place(long first, long misfit, long size) {}

    private final long from;
    private final long end;
    private final Place pages;
    private final BitSet brought;
    private final boolean isDroppable;
    private final long broughtBytes;
    private State state = State.KNOWN;

    /**
     * A piece whose pages have been looked at.
     *
     * @param end offset behind the last byte
     * @param brought the pages that scans have brought in or will: the others were in memory before; not copied
     * @param isDroppable whether it is known which pages were in memory, and there is a file to read the bytes from
     *     again
     */
    Piece(long from, long end, Place pages, BitSet brought, boolean isDroppable) {
        this.from = from;
        this.end = end;
        this.pages = pages;
        this.brought = brought;
        this.isDroppable = isDroppable;
        this.broughtBytes =
                ranges(brought).stream().mapToLong(ByteRange::length).sum();
    }

    long from() {
        return from;
    }

    long end() {
        return end;
    }

    BitSet brought() {
        return brought;
    }

    boolean isDroppable() {
        return isDroppable;
    }

    /** How many bytes of the piece are in the pages brought in. */
    long broughtBytes() {
        return broughtBytes;
    }

    State state() {
        return state;
    }

    void become(State to) {
        if (!state.next().contains(to)) {
            throw new IllegalStateException(this + " cannot become " + to);
        }
        state = to;
    }

    /** All pages that hold the piece, by their numbers in the file. */
    PageRange allPages() {
        return new PageRange(pages.first(), pages.first() + (pages.misfit() + end - from - 1) / pages.size() + 1);
    }

    /** The pages brought in that are in a range of the file's pages, counted from the first of that range. */
    BitSet broughtOf(PageRange range) {
        BitSet inside = new BitSet();
        PageRange.of(pages.first(), brought).forEach(each -> inside.or(each.within(range)));
        return inside;
    }

    /** The bytes of the piece in some of its pages; neighbouring pages make one range. */
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

    @Override
    public String toString() {
        return "piece from " + from + " to " + end + ", " + state;
    }
}
