package dev.quire.scan;

import static dev.quire.scan.Tunables.LARGE_PAGE;
import static dev.quire.scan.Tunables.LEAST_PIECE;
import static dev.quire.scan.Tunables.PIECES_PER_WINDOW;
import static dev.quire.scan.Tunables.REACH;
import static dev.quire.scan.Tunables.READ_AHEAD_BUDGET;
import static dev.quire.scan.Tunables.RETRY_NANOS;
import static dev.quire.scan.Tunables.RETRY_PAUSE_NANOS;

import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Residency;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.SystemQuery;
import dev.quire.scan.PageRanges.PageRange;
import dev.quire.slice.ByteSlice;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Brings the pages of a scan in and drops them, piece by piece. Offsets count from the target's first byte. Only the
 * scan's thread calls it.
 *
 * <p>With a large budget it reads through a SEQUENTIAL mapping: the kernel's own read-ahead then makes pages of up to 2
 * MiB, which cost a twentieth of what the single pages cost that WILLNEED makes, to map and to drop. With a small
 * budget it asks for every page, and reads through a RANDOM mapping what did not come in that way.
 *
 * <p>A read-ahead goes beyond what was asked for, so it is known which pages were in memory before one can come to
 * them. Scans with small budgets meet it too: a page that was in memory before may bear the kernel's mark that a
 * read-ahead shall go on from there, and populating the target obeys it.
 */
final class PageFeeder implements AutoCloseable {
    private final ByteSlice target;
    private final boolean isKeeping;
    private final ReadMapping mapping;
    private final OwnedPages owned;
    private final boolean readsAhead;
    private final boolean hasFile;
    private final long start;
    private final long page;
    private final long pieceBytes;
    private final long targetEnd;
    private boolean hasSeenOthers;
    private boolean hasDroppable;

    PageFeeder(ByteSlice target, long budget, long window, boolean isKeeping) {
        this.target = target;
        this.isKeeping = isKeeping;
        this.mapping = new ReadMapping(target, budget >= READ_AHEAD_BUDGET);
        this.readsAhead = budget >= READ_AHEAD_BUDGET && mapping.isSeparate();
        this.hasFile = !SliceDoor.region(target).subject().path().isEmpty();
        this.owned = new OwnedPages(SliceDoor.region(target), hasFile && !isKeeping);
        this.start = SliceDoor.region(target).extent().fileOffset() + target.offset();
        this.page = SystemQuery.stepBytes();
        long part = readsAhead ? LARGE_PAGE : Math.min(LARGE_PAGE, Math.min(window, budget) / PIECES_PER_WINDOW);
        this.pieceBytes = Math.max(page, Math.max(LEAST_PIECE, part) / page * page);
        this.targetEnd = (start + target.byteSize() + page - 1) / page * page - start;
    }

    // ------------------------------------------------------------------------------------------------------ sizes

    /** The most bytes of a piece. */
    long pieceBytes() {
        return pieceBytes;
    }

    /** How far the kernel may read ahead of what is asked for, where that can be dropped. */
    long reach() {
        return mapping.isSeparate() ? REACH : 0;
    }

    /** Whether the kernel reads ahead as a rule, so that nothing has to be asked for. */
    boolean readsAhead() {
        return readsAhead;
    }

    /** Up to where pages may come in: behind the target, if the kernel reads ahead. */
    long limit() {
        return mapping.byteSize();
    }

    /** The end of the piece that begins there: a boundary of pieces in the file, or the target's last page. */
    private long endAt(long from) {
        long boundary = ((from + start) / pieceBytes + 1) * pieceBytes - start;
        long end = from < targetEnd ? Math.min(boundary, targetEnd) : boundary;
        return Math.min(end, limit());
    }

    // --------------------------------------------------------------------------------------------------------- in

    /** Looks which pages of the piece that begins there are in memory otherwise than by scans. */
    Piece look(long from) {
        long end = endAt(from);
        Piece.Place place = new Piece.Place((start + from) / page, (start + from) % page, page);
        PageRange pages = new PageRange(place.first(), (start + end - 1) / page + 1);
        return owned.claimed(pages, () -> {
            Residency before = mapping.residency(from, end - from);
            BitSet brought = ReadMapping.pagesInMemory(before);
            brought.flip(0, (int) before.pages());
            brought.or(owned.broughtByScans(pages));
            hasSeenOthers |= brought.cardinality() < before.pages();
            hasDroppable |= before.known() && mapping.isSeparate() && !isKeeping;
            Piece piece = new Piece(from, end, place, brought, hasFile && before.known());
            if (piece.isDroppable() && !isKeeping) {
                owned.add(piece);
            }
            return piece;
        });
    }

    /** Whether the kernel has begun to read a piece, or there is nothing of it to be read. */
    boolean isComing(Piece piece) {
        return piece.brought().isEmpty() || isFirstInMemory(piece, piece.brought());
    }

    private boolean isFirstInMemory(Piece piece, BitSet pages) {
        long first = piece.ranges(pages).getFirst().offset();
        return mapping.residency(first, 1).residentPages() > 0;
    }

    /** Asks the system to begin to read. Its answer does not matter: populating follows. */
    void ask(Piece piece) {
        if (!piece.brought().isEmpty()) {
            mapping.prefetch(piece.ranges(piece.brought()));
        }
    }

    /** Brings everything in from there to the end of its piece, and returns where that is. */
    long populate(long from) throws MappingException {
        long end = endAt(from);
        mapping.populate(from, Math.min(end, target.byteSize()));
        if (hasDroppable) {
            unmapAround(from, end);
        }
        return end;
    }

    /**
     * The kernel maps pages around those that come in: the ones of other pieces could not be dropped while they are
     * mapped.
     */
    private void unmapAround(long from, long end) {
        PageRange pages = new PageRange((start + from) / page, (start + end - 1) / page + 1);
        for (PageRange range : owned.around(pages, LARGE_PAGE / page)) {
            if (range.first() < range.end()) {
                mapping.unmapInFile(range.first() * page, range.end() * page);
            }
        }
    }

    // -------------------------------------------------------------------------------------------------------- out

    /**
     * Drops what a piece brought in and no other scan will drop, after waiting for what may still be being read, which
     * cannot be dropped. Returns how many bytes went, or will go by another scan.
     */
    long drop(Piece piece, Piece.State state) {
        if (isKeeping) {
            return 0;
        }
        return owned.claimed(around(piece), () -> {
            BitSet alone = owned.alone(piece);
            if (state != Piece.State.PASSED) {
                awaitReading(piece, alone, state == Piece.State.UNREAD);
            }
            return drop(piece, alone);
        });
    }

    /** The large pages that a piece is in or between. */
    private PageRange around(Piece piece) {
        long large = LARGE_PAGE / page;
        PageRange pages = piece.allPages();
        return new PageRange(Math.max(0, pages.first() - 1) / large * large, (pages.end() / large + 1) * large);
    }

    private long drop(Piece piece, BitSet alone) {
        piece.ranges(owned.elsewhere(piece, alone)).forEach(mapping::unmap);
        BitSet stayed = new BitSet();
        long left = 0;
        for (ByteRange range : piece.ranges(alone)) {
            long stays = range.length() - (piece.isDroppable() ? mapping.evict(range) : mapping.unmap(range));
            left += stays;
            if (stays > 0 && piece.isDroppable()) {
                int first = (int)
                        ((start + range.offset()) / page - piece.allPages().first());
                mapping.pagesInMemory(range).stream().forEach(i -> stayed.set(first + i));
            }
        }
        owned.dropped(piece, stayed);
        return piece.broughtBytes() - left + dropStayed(around(piece));
    }

    /**
     * Tries again to drop what stayed of some pages, under a claim to them, and returns how many bytes went. The kernel
     * may have held it for a moment, or another scan may have mapped it, around pages of its own; of a large page the
     * other part may have had to go from another piece first.
     */
    private long dropStayed(PageRange pages) {
        long bytes = 0;
        for (PageRange range : owned.stayed(pages)) {
            BitSet gone = new BitSet();
            gone.set(0, (int) (range.end() - range.first()));
            gone.andNot(mapping.evictAnywhere(range.first() * page, (range.end() - range.first()) * page));
            PageRange.of(range.first(), gone).forEach(owned::droppedLater);
            bytes += gone.cardinality() * page;
        }
        return bytes;
    }

    /** Tries once more to drop what stayed of the whole file; the last scan of it does so for a moment. */
    void dropAllStayed() {
        boolean isLast = owned.end();
        long deadline = System.nanoTime() + RETRY_NANOS;
        List<PageRange> stayed = dropOnce();
        while (isLast && !stayed.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(RETRY_PAUSE_NANOS);
            stayed = dropOnce();
        }
    }

    private List<PageRange> dropOnce() {
        PageRange all = new PageRange(0, Long.MAX_VALUE);
        for (PageRange range : owned.stayed(all)) {
            owned.claimed(range, () -> dropStayed(range));
        }
        return owned.stayed(all);
    }

    /** Waits for those pages of a piece that may be being read, although the scan ends before it came to them. */
    private void awaitReading(Piece piece, BitSet alone, boolean wasAsked) {
        boolean isShared = owned.isShared(piece);
        if (wasAsked || readsAhead || hasSeenOthers || isShared) {
            try {
                read(piece.ranges(alone), isShared || (wasAsked && !readsAhead));
            } catch (MappingException | RuntimeException _) {
                // the file was cut or closed: what there is of it can be dropped, or is not there
                return;
            }
            mapping.unmapRead(piece.from(), piece.end());
        }
    }

    /**
     * Pages that are being read are waited for by reading them. Where it was the kernel that read ahead, for this scan
     * alone, one page tells: the kernel reads in order, and a page that it has not begun to read comes alone.
     */
    private void read(List<ByteRange> ranges, boolean isAny) throws MappingException {
        mapping.stopReadAhead();
        if (isAny) {
            for (ByteRange range : ranges) {
                mapping.read(range.offset(), range.length());
            }
        } else if (!ranges.isEmpty()) {
            mapping.read(ranges.getLast().end() - 1, 1);
        }
    }

    /**
     * Drops what is in memory of pieces before anybody asked for it, and returns how many bytes that was: a read-ahead
     * brought it, and it has marks for the next one. What another scan has brought in stays.
     */
    long dropUnasked(List<Piece> pieces) {
        Piece first = pieces.getFirst();
        if (!isReadAhead(first)) {
            return 0;
        }
        PageRange all = new PageRange(
                first.allPages().first(), pieces.getLast().allPages().end());
        return owned.claimed(all, () -> isReadAhead(first) ? dropReadAhead(pieces) : 0L);
    }

    private boolean isReadAhead(Piece piece) {
        BitSet alone = owned.alone(piece);
        return !alone.isEmpty() && isFirstInMemory(piece, alone);
    }

    private long dropReadAhead(List<Piece> pieces) {
        long bytes = 0;
        ByteRange joined = new ByteRange(0, 0);
        for (Piece piece : pieces) {
            for (ByteRange range : piece.ranges(owned.alone(piece))) {
                bytes += mapping.residency(range.offset(), range.length()).residentBytes();
                if (range.offset() == joined.end()) {
                    joined = new ByteRange(joined.offset(), joined.length() + range.length());
                } else {
                    mapping.evict(joined);
                    joined = range;
                }
            }
        }
        mapping.evict(joined);
        return bytes;
    }

    @Override
    public void close() {
        owned.close();
        mapping.close();
    }
}
