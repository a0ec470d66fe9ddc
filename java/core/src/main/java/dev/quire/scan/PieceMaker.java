package dev.quire.scan;

import dev.quire.advice.ByteRange;
import dev.quire.advice.Residency;
import dev.quire.internal.SystemQuery;
import dev.quire.slice.ByteSlice;
import java.util.ArrayList;
import java.util.List;

/** Cuts the target into pieces at page boundaries and finds out which pages are not in memory yet. */
final class PieceMaker {
    /** The price of the four calls that a piece costs does not show, and a close does not wait long for one. */
    private static final long MOST_BYTES = 2 << 20;

    /** Pieces in a window, so that one can be waited for while the others are under way. */
    private static final int PARTS = 4;

    private final ByteSlice target;
    private final long page;
    private final long phase;
    private final long pieceBytes;
    private final boolean hasFile;

    PieceMaker(ByteSlice target, long budget, long window) {
        this.target = target;
        this.page = SystemQuery.pageSize();
        this.phase = (target.region().extent().address() + target.offset()) % page;
        long least = Math.min(MOST_BYTES, Math.min(window, budget) / PARTS);
        this.pieceBytes = Math.max(page, least / page * page);
        this.hasFile = !target.region().subject().path().isEmpty();
    }

    long pieceBytes() {
        return pieceBytes;
    }

    /** Where the piece ends that begins there. */
    long endAt(long from) {
        long boundary = (from + phase) / pieceBytes * pieceBytes + pieceBytes - phase;
        return Math.min(boundary, target.byteSize());
    }

    Piece next(long from) {
        long end = endAt(from);
        Residency before = target.slice(from, end - from).residency();
        List<ByteRange> brought = new ArrayList<>();
        long run = 0;
        for (long i = 0; i <= before.pages(); i++) {
            boolean isAbsent = i < before.pages() && !before.isResident(i);
            if (!isAbsent && run > 0) {
                brought.add(range(from, end, i - run, i));
            }
            run = isAbsent ? run + 1 : 0;
        }
        return new Piece(from, end, brought, hasFile && before.known());
    }

    /** The bytes of some pages of a piece, in the region. */
    private ByteRange range(long from, long end, long firstPage, long endPage) {
        long start = from - (from + phase) % page;
        long first = Math.max(from, start + firstPage * page);
        long behind = Math.min(end, start + endPage * page);
        return new ByteRange(target.offset() + first, behind - first);
    }
}
