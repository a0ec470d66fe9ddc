package dev.quire.scan;

import dev.quire.advice.Advice;
import dev.quire.advice.ByteRange;
import dev.quire.advice.Outcome;
import dev.quire.advice.Residency;
import dev.quire.advice.SystemFacts.Ability;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.internal.Extent;
import dev.quire.internal.MapFlags;
import dev.quire.internal.Pages;
import dev.quire.internal.Region;
import dev.quire.internal.SystemQuery;
import dev.quire.slice.ByteSlice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the pages of a scan come in and go. Offsets count from the target's first byte. Only the scan's helper calls it.
 *
 * <p>Where it can, it reads through a second mapping of the same file that is SEQUENTIAL: the kernel's own read-ahead then
 * makes pages of up to 2 MiB, which are mapped and dropped for a twentieth of what the single pages cost that WILLNEED makes,
 * and hints that the user gave stay as they are. That read-ahead goes beyond what was asked for, so it is known which
 * pages were in memory before it can come to them.
 */
final class Feed implements AutoCloseable {
    /** A large page is dropped whole or not at all, so pieces of this size, and aligned to it in the file, keep it whole. */
    private static final long LARGE_PAGE = 2 << 20;

    /** Twice a read-ahead of 16 MiB, which is more than devices are set to: one being used and one under way. */
    private static final long REACH = 32 << 20;

    /** Smaller budgets have no room for a read-ahead that nobody can limit. */
    private static final long LEAST_BUDGET = 64 << 20;

    /** Pieces in a window, so that one can be waited for while the others are under way. */
    private static final int PARTS = 4;

    private final ByteSlice target;
    private final boolean isKeeping;
    private final @Nullable Region own;
    private final long page;
    private final long phase;
    private final long pieceBytes;
    private final boolean hasFile;

    Feed(ByteSlice target, long budget, long window, boolean isKeeping) {
        this.target = target;
        this.isKeeping = isKeeping;
        this.page = SystemQuery.stepBytes();
        this.own = budget < LEAST_BUDGET ? null : secondMapping(target);
        this.phase = own != null
                ? own.extent().fileOffset() % LARGE_PAGE
                : (target.region().extent().address() + target.offset()) % page;
        long part = own != null ? LARGE_PAGE : Math.min(LARGE_PAGE, Math.min(window, budget) / PARTS);
        this.pieceBytes = Math.max(page, part / page * page);
        this.hasFile = !target.region().subject().path().isEmpty();
    }

    private static @Nullable Region secondMapping(ByteSlice target) {
        Extent extent = target.region().extent();
        if (target.region().subject().path().isEmpty()
                || !SystemQuery.can(Ability.POPULATE)
                || !SystemQuery.can(Ability.EVICT)) {
            return null;
        }
        long from = extent.fileOffset() + target.offset();
        long bytes = Math.min(target.byteSize() + REACH, extent.fileSize() - from);
        if (bytes < target.byteSize()) {
            return null;
        }
        Region own;
        try {
            own = Region.ofFile(target.region().subject(), from, bytes, MapFlags.READ_ONLY, MapFlags.OPEN_SEQUENTIAL);
        } catch (MappingException e) {
            // the file was cut, or has another name by now, or there are too many mappings: the one that is there does
            return null;
        }
        Extent second = own.extent();
        if (second.fileDevice() == extent.fileDevice() && second.fileNumber() == extent.fileNumber()) {
            return own;
        }
        own.close();
        return null;
    }

    // ------------------------------------------------------------------------------------------------------ sizes

    /** The most that a piece has. */
    long pieceBytes() {
        return pieceBytes;
    }

    /** How far the kernel may read ahead of what is asked for. */
    long reach() {
        return own != null ? REACH : 0;
    }

    /** Where pages stop that may come in: behind the target, if the kernel reads ahead. */
    long limit() {
        return own != null ? own.length() : target.byteSize();
    }

    private long endAt(long from) {
        long boundary = (from + phase) / pieceBytes * pieceBytes + pieceBytes - phase;
        return Math.min(boundary, limit());
    }

    // --------------------------------------------------------------------------------------------------------- in

    /** The piece that begins there, and what of it is not in memory. */
    Piece piece(long from) {
        long end = endAt(from);
        Residency before = residency(from, end - from);
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

    private Residency residency(long from, long bytes) {
        return own != null
                ? Pages.residency(own, from, bytes)
                : Pages.residency(target.region(), target.offset() + from, bytes);
    }

    /** The bytes of some pages of a piece. */
    private ByteRange range(long from, long end, long firstPage, long endPage) {
        long start = from - (from + phase) % page;
        long first = Math.max(from, start + firstPage * page);
        long behind = Math.min(end, start + endPage * page);
        return new ByteRange(first, behind - first);
    }

    /** Whether the kernel has begun to read a piece, or there is nothing of it to be read. */
    boolean isComing(Piece piece) {
        return piece.brought().isEmpty()
                || residency(piece.brought().getFirst().offset(), 1).residentPages() > 0;
    }

    /** Begins to read, where the kernel does not do so by itself. What it answers does not matter: populating follows. */
    void ask(Piece piece) {
        if (own == null && !piece.brought().isEmpty()) {
            List<ByteRange> ranges = new ArrayList<>();
            for (ByteRange range : piece.brought()) {
                ranges.add(new ByteRange(target.offset() + range.offset(), range.length()));
            }
            Pages.prefetch(target.region(), ranges);
        }
    }

    /** Brings everything in from there to the end of its piece or of the target, and returns where that is. */
    long populate(long from) throws MappingException {
        long end = Math.min(endAt(from), target.byteSize());
        long bytes = end - from;
        if (own != null) {
            readIn(own, from, bytes);
        }
        target.slice(from, bytes).populate();
        if (own != null) {
            Pages.advise(own, from, bytes, Advice.DONTNEED);
        }
        return end;
    }

    private static void readIn(Region own, long from, long bytes) throws MappingException {
        try {
            Pages.populate(own, from, bytes, false);
        } catch (MemoryFaultException _) {
            // the same call for the target follows: it meets the same fault and names the target's bytes
            return;
        }
    }

    // -------------------------------------------------------------------------------------------------------- out

    /** Drops what a piece brought in, and returns how many bytes of it went. */
    long drop(Piece piece) {
        long gone = 0;
        for (ByteRange range : isKeeping ? List.<ByteRange>of() : piece.brought()) {
            gone += piece.isDroppable() ? evict(range) : unmap(range);
        }
        return gone;
    }

    private long evict(ByteRange range) {
        try {
            long end = range.offset() + range.length();
            if (own == null || end <= target.byteSize()) {
                long offset = target.offset() + range.offset();
                return gone(range, Pages.evict(target.region(), offset, range.length()));
            }
            unmap(range);
            return gone(range, Pages.evict(own, range.offset(), range.length()));
        } catch (MappingException e) {
            // the file has no name any more by which its pages could be dropped: this process lets go of them
            return unmap(range);
        }
    }

    private static long gone(ByteRange range, Outcome outcome) {
        return Math.min(range.length(), outcome.bytes());
    }

    /** Also behind the target: the kernel maps neighbours of a page that comes in, and what is mapped is not dropped. */
    private long unmap(ByteRange range) {
        long bytes = Math.min(range.length(), target.region().length() - target.offset() - range.offset());
        return bytes > 0
                        && Pages.advise(target.region(), target.offset() + range.offset(), bytes, Advice.DONTNEED)
                                .isComplete()
                ? bytes
                : 0;
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
