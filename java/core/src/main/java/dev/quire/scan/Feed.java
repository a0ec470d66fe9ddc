package dev.quire.scan;

import dev.quire.advice.ByteRange;
import dev.quire.error.MappingException;
import dev.quire.internal.SystemQuery;
import dev.quire.slice.ByteSlice;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How the pages of a scan come in and go, piece by piece. Offsets count from the target's first byte. Only the scan's helper
 * calls it.
 *
 * <p>With a large budget it reads through a SEQUENTIAL mapping: the kernel's own read-ahead then makes pages of up to 2 MiB,
 * which are mapped and dropped for a twentieth of what the single pages cost that WILLNEED makes. With a small one it asks
 * for every page, and reads through a RANDOM mapping what did not come so.
 *
 * <p>A read-ahead goes beyond what was asked for, so it is known which pages were in memory before one can come to them.
 * Small budgets have it too: a page that was in memory before may bear the kernel's mark that a read-ahead shall go on from
 * there, and populating the target obeys it.
 */
final class Feed implements AutoCloseable {
    /** A large page is dropped whole or not at all, so pieces of this size, and aligned to it in the file, keep it whole. */
    private static final long LARGE_PAGE = 2 << 20;

    /** Smaller budgets have no room for a read-ahead that nobody can limit. */
    private static final long LEAST_BUDGET = 64 << 20;

    /** Pieces in a window, so that one can be waited for while the others are under way. */
    private static final int PARTS = 4;

    /** Smaller pieces cost more calls than they save memory. */
    private static final long LEAST_PIECE = 64 << 10;

    private static final long FEW_BYTES = 64 << 10;

    private static final long MILLISECOND = 1_000_000;

    /** Another scan may have mapped pages of a piece, around one of its own, and not yet let go of them. */
    private static final long OTHERS_NANOS = 10 * MILLISECOND;

    private final ByteSlice target;
    private final boolean isKeeping;
    private final Views views;
    private final Brought brought;
    private final boolean readsAhead;
    private final boolean hasFile;
    private final long start;
    private final long page;
    private final long pieceBytes;
    private boolean hasSeenOthers;

    Feed(ByteSlice target, long budget, long window, boolean isKeeping) {
        this.target = target;
        this.isKeeping = isKeeping;
        this.views = new Views(target, budget >= LEAST_BUDGET);
        this.readsAhead = budget >= LEAST_BUDGET && views.areTwo();
        this.hasFile = !target.region().subject().path().isEmpty();
        this.brought = new Brought(target.region(), hasFile && !isKeeping);
        this.start = target.region().extent().fileOffset() + target.offset();
        this.page = SystemQuery.stepBytes();
        long part = readsAhead ? LARGE_PAGE : Math.min(LARGE_PAGE, Math.min(window, budget) / PARTS);
        this.pieceBytes = Math.max(page, Math.max(LEAST_PIECE, part) / page * page);
    }

    // ------------------------------------------------------------------------------------------------------ sizes

    /** The most that a piece has. */
    long pieceBytes() {
        return pieceBytes;
    }

    /** How far the kernel may read ahead of what is asked for, where that can be dropped. */
    long reach() {
        return views.areTwo() ? Views.REACH : 0;
    }

    /** Whether it does so as a rule, so that nothing has to be asked for. */
    boolean readsAhead() {
        return readsAhead;
    }

    /** Where pages stop that may come in: behind the target, if the kernel reads ahead. */
    long limit() {
        return views.length();
    }

    private long endAt(long from) {
        long boundary = ((from + start) / pieceBytes + 1) * pieceBytes - start;
        return Math.min(boundary, limit());
    }

    // --------------------------------------------------------------------------------------------------------- in

    /** The piece that begins there, and what of it is not in memory, or only by other scans. */
    Piece piece(long from) {
        long end = endAt(from);
        Piece.Place pages = new Piece.Place((start + from) / page, (start + from) % page, page);
        return brought.add(pages.first(), () -> views.residency(from, end - from), (before, absent) -> {
            hasSeenOthers |= absent.cardinality() < before.pages();
            return new Piece(from, end, pages, absent, hasFile && before.known());
        });
    }

    /** Whether the kernel has begun to read a piece, or there is nothing of it to be read. */
    boolean isComing(Piece piece) {
        return piece.brought().isEmpty() || isFirstThere(piece, piece.brought());
    }

    private boolean isFirstThere(Piece piece, BitSet pages) {
        return views.residency(piece.ranges(pages).getFirst().offset(), 1).residentPages() > 0;
    }

    /** Begins to read. What it answers does not matter: populating follows. */
    void ask(Piece piece) {
        if (!piece.brought().isEmpty()) {
            views.prefetch(piece.ranges(piece.brought()));
        }
    }

    /** Brings everything in from there to the end of its piece or of the target, and returns where that is. */
    long populate(long from) throws MappingException {
        long end = Math.min(endAt(from), target.byteSize());
        views.populate(from, end);
        if (!brought.isAlone()) {
            views.letGoAround(from, end);
        }
        return end;
    }

    // -------------------------------------------------------------------------------------------------------- out

    /** Drops what a piece brought in and no other scan will drop, and returns how many bytes of the piece went or will. */
    long drop(Piece piece) {
        long now = System.nanoTime();
        return drop(piece, brought.isAlone() ? now : now + OTHERS_NANOS);
    }

    private long drop(Piece piece, long deadline) {
        if (isKeeping) {
            return 0;
        }
        BitSet last = brought.leave(piece, pages -> piece.ranges(pages).forEach(views::unmap));
        try {
            long left = 0;
            for (ByteRange range : piece.ranges(last)) {
                left += range.length() - (piece.isDroppable() ? evict(range, deadline) : views.unmap(range));
            }
            return piece.broughtBytes() - left;
        } finally {
            brought.left(piece);
        }
    }

    /** A page that the kernel holds for a moment stays, so it is tried again where all but a few went. */
    private long evict(ByteRange range, long deadline) {
        long gone = views.evict(range);
        if (gone < range.length() && range.length() - gone <= FEW_BYTES) {
            gone = views.evict(range);
        }
        while (gone < range.length() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(MILLISECOND);
            gone = views.evict(range);
        }
        return gone;
    }

    /** The same for what may still be being read, which cannot be dropped: waits for it, and tries again up to a deadline. */
    long dropUnread(Piece piece, boolean isComing, long deadline) {
        if (!isKeeping && !piece.brought().isEmpty() && (isComing || readsAhead || hasSeenOthers)) {
            try {
                waitFor(piece.ranges(piece.brought()), isComing && !readsAhead);
            } catch (MappingException | RuntimeException _) {
                // the file was cut or closed: what there is of it can be dropped, or is not there
                return drop(piece, deadline);
            }
            views.letGo(piece.from(), piece.end());
        }
        return drop(piece, deadline);
    }

    /**
     * Pages that are being read are waited for by reading them. Where it was the kernel that read ahead, one page tells: it reads
     * in order, and a page that it has not begun comes alone.
     */
    private void waitFor(List<ByteRange> ranges, boolean isAsked) throws MappingException {
        if (isAsked) {
            for (ByteRange range : ranges) {
                views.read(range.offset(), range.length());
            }
        } else {
            views.readAheadNoMore();
            views.read(ranges.getLast().end() - 1, 1);
        }
    }

    /**
     * Drops what is there of pieces before anybody asked for it, and returns how much that was: a read-ahead brought it, and it
     * has marks for the next one. What another scan has brought in stays.
     */
    long dropUnasked(Iterable<Piece> pieces) {
        long bytes = 0;
        ByteRange joined = new ByteRange(0, 0);
        boolean isFirst = true;
        for (Piece piece : pieces) {
            BitSet alone = brought.alone(piece);
            if (isFirst && (alone.isEmpty() || !isFirstThere(piece, alone))) {
                return 0;
            }
            isFirst = false;
            for (ByteRange range : piece.ranges(alone)) {
                bytes += views.residency(range.offset(), range.length()).residentBytes();
                if (range.offset() == joined.end()) {
                    joined = new ByteRange(joined.offset(), joined.length() + range.length());
                } else {
                    views.evict(joined);
                    joined = range;
                }
            }
        }
        views.evict(joined);
        return bytes;
    }

    @Override
    public void close() {
        brought.close();
        views.close();
    }
}
