package dev.quire.scan;

import dev.quire.advice.Residency;
import dev.quire.internal.Extent;
import dev.quire.internal.Region;
import dev.quire.scan.PageRanges.PageRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pages that one scan has brought in and not dropped. All scans of a file in this process know of each other: what one of
 * them brought in counts as brought in by those that come to it meanwhile, and the last of them drops it. What it cannot drop
 * yet, any of them may try again. One thread calls it.
 */
final class Brought implements AutoCloseable {
    private record File(long device, long number) {}

    /** The scans of one file. */
    private static final class Scans {
        private final ReentrantLock lock = new ReentrantLock();
        private final List<Brought> all = new ArrayList<>();

        /** What they all have passed and could not drop. */
        private final PageRanges stayed = new PageRanges();
    }

    private static final ConcurrentHashMap<File, Scans> FILES = new ConcurrentHashMap<>();

    private final Region region;
    private final @Nullable File file;
    private final Scans scans;
    private final TreeMap<Long, Piece> pieces = new TreeMap<>();
    private @Nullable Piece leaving;
    private boolean isEnding;

    /** Of a scan that drops what it brings in, or of one that keeps it, or has no file, and concerns nobody else. */
    Brought(Region region, boolean isShared) {
        Extent extent = region.extent();
        this.region = region;
        this.file = isShared ? new File(extent.fileDevice(), extent.fileNumber()) : null;
        this.scans = file == null ? new Scans() : FILES.compute(file, (_, before) -> join(before));
    }

    private Scans join(@Nullable Scans before) {
        Scans joined = before == null ? new Scans() : before;
        joined.lock.lock();
        try {
            joined.all.add(this);
        } finally {
            joined.lock.unlock();
        }
        return joined;
    }

    @Override
    public void close() {
        if (file != null) {
            FILES.computeIfPresent(file, (_, joined) -> leave(joined));
        }
    }

    private @Nullable Scans leave(Scans joined) {
        joined.lock.lock();
        try {
            joined.all.remove(this);
            return joined.all.isEmpty() ? null : joined;
        } finally {
            joined.lock.unlock();
        }
    }

    /** Drops nothing any more but what stayed; returns whether no other scan is left that will try that again. */
    boolean end() {
        scans.lock.lock();
        try {
            isEnding = true;
            return scans.all.stream().allMatch(scan -> scan.isEnding);
        } finally {
            scans.lock.unlock();
        }
    }

    /** Whether another scan of the file is running. */
    boolean isAlone() {
        scans.lock.lock();
        try {
            return scans.all.size() < 2;
        } finally {
            scans.lock.unlock();
        }
    }

    /** What makes a piece of its pages that are not in memory, or are so by a scan. */
    interface Maker {
        Piece piece(Residency before, BitSet brought);
    }

    /** Looks which pages of a piece are in memory, without another scan bringing some in or dropping some meanwhile. */
    Piece add(long firstPage, Supplier<Residency> ask, Maker maker) {
        scans.lock.lock();
        try {
            Residency before = ask.get();
            BitSet brought = new BitSet();
            for (int i = 0; i < before.pages(); i++) {
                brought.set(i, !before.isResident(i));
            }
            others(firstPage, before.pages(), (_, other) -> {
                BitSet theirs = aligned(other, firstPage);
                theirs.clear((int) before.pages(), Math.max((int) before.pages(), theirs.length()));
                brought.or(theirs);
            });
            PageRange all = new PageRange(firstPage, firstPage + before.pages());
            scans.stayed
                    .within(all)
                    .forEach(range -> brought.set((int) (range.first() - firstPage), (int) (range.end() - firstPage)));
            Piece piece = maker.piece(before, brought);
            if (piece.isDroppable()) {
                pieces.put(firstPage, piece);
                scans.stayed.remove(all);
            }
            return piece;
        } finally {
            scans.lock.unlock();
        }
    }

    /**
     * Before a piece is dropped; {@link #left} follows. A scan that comes to its pages meanwhile counts them as brought in.
     *
     * @param unmap lets go of pages that another scan will drop by another mapping, which it could not if they were mapped
     *     here; it may do so as soon as this returns
     * @return the pages that no other scan will drop
     */
    BitSet leave(Piece piece, Consumer<BitSet> unmap) {
        scans.lock.lock();
        try {
            leaving = piece;
            BitSet last = (BitSet) piece.brought().clone();
            BitSet elsewhere = (BitSet) piece.brought().clone();
            others(piece.pages().first(), piece.brought().length(), (scan, other) -> {
                if (!other.equals(scan.leaving)) {
                    BitSet theirs = aligned(other, piece.pages().first());
                    last.andNot(theirs);
                    if (scan.region == region) {
                        elsewhere.andNot(theirs);
                    }
                }
            });
            elsewhere.andNot(last);
            unmap.accept(elsewhere);
            return last;
        } finally {
            scans.lock.unlock();
        }
    }

    /** The pages that a piece brought in and no other scan did. */
    BitSet alone(Piece piece) {
        BitSet alone = (BitSet) piece.brought().clone();
        scans.lock.lock();
        try {
            others(
                    piece.pages().first(),
                    alone.length(),
                    (_, other) -> alone.andNot(aligned(other, piece.pages().first())));
            return alone;
        } finally {
            scans.lock.unlock();
        }
    }

    /** A piece has been dropped, but for some of its pages; those of them stay that nobody else is to drop. */
    void left(Piece piece, BitSet stayed) {
        long first = piece.pages().first();
        scans.lock.lock();
        try {
            others(first, stayed.length(), (scan, other) -> {
                if (!other.equals(scan.leaving)) {
                    stayed.andNot(aligned(other, first));
                }
            });
            ranges(first, stayed).forEach(scans.stayed::add);
            leaving = null;
            pieces.remove(first);
        } finally {
            scans.lock.unlock();
        }
    }

    /** What stayed, of some pages. */
    List<PageRange> stayed(PageRange pages) {
        scans.lock.lock();
        try {
            return scans.stayed.within(pages);
        } finally {
            scans.lock.unlock();
        }
    }

    /** Some of what stayed has been dropped at last. */
    void went(long firstPage, BitSet gone) {
        scans.lock.lock();
        try {
            ranges(firstPage, gone).forEach(scans.stayed::remove);
        } finally {
            scans.lock.unlock();
        }
    }

    private static List<PageRange> ranges(long firstPage, BitSet pages) {
        List<PageRange> ranges = new ArrayList<>();
        for (int i = pages.nextSetBit(0); i >= 0; i = pages.nextSetBit(pages.nextClearBit(i))) {
            ranges.add(new PageRange(firstPage + i, firstPage + pages.nextClearBit(i)));
        }
        return ranges;
    }

    /** The pieces of other scans that have some of those pages. */
    private void others(long firstPage, long pages, BiConsumer<Brought, Piece> action) {
        for (Brought scan : scans.all) {
            if (scan != this) {
                Long first = scan.pieces.floorKey(firstPage);
                scan.pieces
                        .subMap(first == null ? firstPage : first, firstPage + pages)
                        .forEach((_, piece) -> action.accept(scan, piece));
            }
        }
    }

    /** The pages that a piece brought in, counted from another one. */
    private static BitSet aligned(Piece piece, long firstPage) {
        BitSet pages = new BitSet();
        long shift = piece.pages().first() - firstPage;
        piece.brought().stream().filter(i -> i + shift >= 0).forEach(i -> pages.set((int) (i + shift)));
        return pages;
    }
}
