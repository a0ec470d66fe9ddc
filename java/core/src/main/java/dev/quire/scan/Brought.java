package dev.quire.scan;

import dev.quire.advice.Residency;
import dev.quire.internal.Extent;
import dev.quire.internal.Region;
import dev.quire.scan.PageRanges.PageRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
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

        /** What two of them were to bring in at once, at any time. */
        private final PageRanges shared = new PageRanges();
    }

    private static final ConcurrentHashMap<File, Scans> FILES = new ConcurrentHashMap<>();

    private final Region region;
    private final @Nullable File file;
    private final Scans scans;
    private final TreeMap<Long, Piece> pieces = new TreeMap<>();
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

    /** Does something while no other scan of the file comes to pages or leaves them. The other methods are such steps. */
    <T> T exclusively(Supplier<T> step) {
        scans.lock.lock();
        try {
            return step.get();
        } finally {
            scans.lock.unlock();
        }
    }

    // ------------------------------------------------------------------------------------------------------- pieces

    /** What makes a piece of its pages that are not in memory, or are so by a scan. */
    interface Maker {
        Piece piece(Residency before, BitSet brought);
    }

    /** Looks which pages of a piece are in memory. */
    Piece add(long firstPage, Supplier<Residency> ask, Maker maker) {
        return exclusively(() -> {
            Residency before = ask.get();
            PageRange all = new PageRange(firstPage, firstPage + before.pages());
            BitSet brought = new BitSet();
            for (int i = 0; i < before.pages(); i++) {
                brought.set(i, !before.isResident(i));
            }
            BitSet shared = new BitSet();
            others(all, (_, other) -> shared.or(other.broughtOf(all)));
            brought.or(shared);
            scans.stayed.within(all).forEach(range -> brought.or(range.within(all)));
            Piece piece = maker.piece(before, brought);
            if (piece.isDroppable()) {
                pieces.put(firstPage, piece);
                scans.stayed.remove(all);
                PageRange.of(firstPage, shared).forEach(scans.shared::add);
            }
            return piece;
        });
    }

    /** The pages around some, up to a distance, that the scan is not to drop: before and behind. */
    List<PageRange> around(PageRange pages, long distance) {
        return exclusively(() -> {
            Map.Entry<Long, Piece> before = pieces.lowerEntry(pages.first());
            Long behind = pieces.ceilingKey(pages.end());
            long first = before == null ? 0 : before.getValue().allPages().end();
            long end = behind == null ? Long.MAX_VALUE : behind;
            return List.of(
                    new PageRange(Math.max(first, pages.first() - distance), pages.first()),
                    new PageRange(pages.end(), Math.min(end, pages.end() + distance)));
        });
    }

    /** The pages that a piece brought in and no other scan did. */
    BitSet alone(Piece piece) {
        return exclusively(() -> {
            BitSet alone = (BitSet) piece.brought().clone();
            others(piece.allPages(), (_, other) -> alone.andNot(other.broughtOf(piece.allPages())));
            return alone;
        });
    }

    /** The pages that are not alone, but brought in by no other scan of the same mapping. */
    BitSet elsewhere(Piece piece, BitSet alone) {
        return exclusively(() -> {
            BitSet elsewhere = (BitSet) piece.brought().clone();
            elsewhere.andNot(alone);
            others(piece.allPages(), (scan, other) -> {
                if (scan.region == region) {
                    elsewhere.andNot(other.broughtOf(piece.allPages()));
                }
            });
            return elsewhere;
        });
    }

    /** Whether another scan was to bring some of a piece's pages in at the same time. */
    boolean isShared(Piece piece) {
        return exclusively(() -> !scans.shared.within(piece.allPages()).isEmpty());
    }

    /** A piece has been dropped, but for some pages that nobody else is to drop. */
    void left(Piece piece, BitSet stayed) {
        exclusively(() -> {
            PageRange.of(piece.allPages().first(), stayed).forEach(scans.stayed::add);
            return pieces.remove(piece.allPages().first());
        });
    }

    /** The pieces of other scans that have some of those pages. */
    private void others(PageRange pages, BiConsumer<Brought, Piece> action) {
        for (Brought scan : scans.all) {
            if (scan != this) {
                Long first = scan.pieces.floorKey(pages.first());
                scan.pieces
                        .subMap(first == null ? pages.first() : first, pages.end())
                        .forEach((_, piece) -> action.accept(scan, piece));
            }
        }
    }

    // ------------------------------------------------------------------------------------------------- what stayed

    /** What stayed, of some pages. */
    List<PageRange> stayed(PageRange pages) {
        return exclusively(() -> scans.stayed.within(pages));
    }

    /** Some of what stayed has been dropped at last. */
    void went(PageRange pages) {
        exclusively(() -> {
            scans.stayed.remove(pages);
            return pages;
        });
    }

    /** Drops nothing any more but what stayed; returns whether no other scan is left that will try that again. */
    boolean end() {
        return exclusively(() -> {
            isEnding = true;
            return scans.all.stream().allMatch(scan -> scan.isEnding);
        });
    }
}
