package dev.quire.scan;

import dev.quire.advice.ByteRange;
import dev.quire.error.MappingException;
import dev.quire.internal.SystemQuery;
import dev.quire.scan.PageRanges.PageRange;
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

    /** Pages may be held by the kernel for a moment, or by another process for ever. */
    private static final long MOMENT_NANOS = 10 * MILLISECOND;

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
    private boolean hasDroppable;

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
            hasDroppable |= before.known() && views.areTwo() && !isKeeping;
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
        if (hasDroppable) {
            letGoAround(from, end);
        }
        return end;
    }

    /** Of what the kernel has mapped around, the pages of other pieces are unmapped when those are dropped. */
    private void letGoAround(long from, long end) {
        PageRange pages = new PageRange((start + from) / page, (start + end - 1) / page + 1);
        for (PageRange range : brought.around(pages, LARGE_PAGE / page)) {
            if (range.first() < range.end()) {
                views.unmapInFile(range.first() * page, range.end() * page);
            }
        }
    }

    // -------------------------------------------------------------------------------------------------------- out

    /** Drops what a piece brought in and no other scan will drop, and returns how many bytes went, or will by another scan. */
    long drop(Piece piece) {
        return isKeeping ? 0 : brought.exclusively(() -> dropped(piece));
    }

    private long dropped(Piece piece) {
        BitSet alone = brought.alone(piece);
        piece.ranges(brought.elsewhere(piece, alone)).forEach(views::unmap);
        BitSet stayed = new BitSet();
        long left = 0;
        for (ByteRange range : piece.ranges(alone)) {
            long stays = range.length() - (piece.isDroppable() ? evict(range) : views.unmap(range));
            left += stays;
            if (stays > 0 && piece.isDroppable()) {
                int first =
                        (int) ((start + range.offset()) / page - piece.pages().first());
                views.inMemory(range).stream().forEach(i -> stayed.set(first + i));
            }
        }
        brought.left(piece, stayed);
        return piece.broughtBytes() - left + dropStayed(around(piece));
    }

    /** A page that the kernel holds for a moment stays, so it is tried again where all but a few went. */
    private long evict(ByteRange range) {
        long gone = views.evict(range);
        return gone < range.length() && range.length() - gone <= FEW_BYTES ? views.evict(range) : gone;
    }

    /** The large pages that a piece is in or between. */
    private PageRange around(Piece piece) {
        long large = LARGE_PAGE / page;
        PageRange pages = piece.allPages();
        return new PageRange(Math.max(0, pages.first() - 1) / large * large, (pages.end() / large + 1) * large);
    }

    /**
     * Tries again to drop what stayed, and returns how many bytes went. Another scan may have mapped it, around pages of its own,
     * for a moment; of a large page the other part may have had to go from another piece first.
     */
    private long dropStayed(PageRange pages) {
        return brought.exclusively(() -> {
            long bytes = 0;
            for (PageRange range : brought.stayed(pages)) {
                BitSet gone = new BitSet();
                gone.set(0, (int) (range.end() - range.first()));
                gone.andNot(views.evictAnywhere(range.first() * page, (range.end() - range.first()) * page));
                PageRange.of(range.first(), gone).forEach(brought::went);
                bytes += gone.cardinality() * page;
            }
            return bytes;
        });
    }

    /** Tries once more to drop what stayed of the whole file; the last scan of it for a moment. */
    void dropStayed() {
        PageRange all = new PageRange(0, Long.MAX_VALUE);
        boolean isLast = brought.end();
        long deadline = System.nanoTime() + MOMENT_NANOS;
        dropStayed(all);
        while (isLast && !brought.stayed(all).isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(MILLISECOND);
            dropStayed(all);
        }
    }

    /** The same for what may still be being read, which cannot be dropped: waits for it. */
    long dropUnread(Piece piece, boolean isComing) {
        boolean isShared = brought.isShared(piece);
        if (isKeeping || !(isComing || readsAhead || hasSeenOthers || isShared)) {
            return drop(piece);
        }
        BitSet waited = new BitSet();
        long bytes = -1;
        while (bytes < 0) {
            BitSet alone = brought.alone(piece);
            alone.andNot(waited);
            waitFor(piece, piece.ranges(alone), isShared || (isComing && !readsAhead));
            waited.or(alone);
            bytes = brought.exclusively(
                    () -> brought.alone(piece).stream().allMatch(waited::get) ? dropped(piece) : -1);
        }
        return bytes;
    }

    private void waitFor(Piece piece, List<ByteRange> ranges, boolean isAny) {
        try {
            waitFor(ranges, isAny);
        } catch (MappingException | RuntimeException _) {
            // the file was cut or closed: what there is of it can be dropped, or is not there
            return;
        }
        views.letGo(piece.from(), piece.end());
    }

    /**
     * Pages that are being read are waited for by reading them. Where it was the kernel that read ahead, for this scan alone, one
     * page tells: it reads in order, and a page that it has not begun comes alone.
     */
    private void waitFor(List<ByteRange> ranges, boolean isAny) throws MappingException {
        views.readAheadNoMore();
        if (isAny) {
            for (ByteRange range : ranges) {
                views.read(range.offset(), range.length());
            }
        } else if (!ranges.isEmpty()) {
            views.read(ranges.getLast().end() - 1, 1);
        }
    }

    /**
     * Drops what is there of pieces before anybody asked for it, and returns how much that was: a read-ahead brought it, and it
     * has marks for the next one. What another scan has brought in stays.
     */
    long dropUnasked(Iterable<Piece> pieces) {
        return brought.exclusively(() -> droppedUnasked(pieces));
    }

    private long droppedUnasked(Iterable<Piece> pieces) {
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
