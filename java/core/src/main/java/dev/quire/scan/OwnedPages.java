package dev.quire.scan;

import dev.quire.internal.Region;
import dev.quire.scan.PageRanges.PageRange;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The pages that one scan has brought in and not dropped, in the registry of its file. Pages that another scan brought
 * in count as brought in by each scan that comes to them meanwhile, and the last of those drops them. What it cannot
 * drop yet, any scan of the file may try again. The scan's own thread calls it.
 */
final class OwnedPages implements AutoCloseable {
    private final Region region;
    private final FilePages file;
    private final TreeMap<Long, Piece> pieces = new TreeMap<>();
    private boolean isEnding;

    /** Shared with other scans, or not: a scan that keeps its pages, or has no file, does not concern them. */
    OwnedPages(Region region, boolean isShared) {
        this.region = region;
        this.file = FilePages.join(this, region, isShared);
    }

    @Override
    public void close() {
        file.leave(this);
    }

    /** Looks at pages or drops them while no other scan of the file does either with any of them. */
    <T> T claimed(PageRange pages, Supplier<T> step) {
        return file.claimed(pages, step);
    }

    // ------------------------------------------------------------------------------------------------------- pieces

    /** The pages of a range that are in memory, if they are, only because of scans. */
    BitSet broughtByScans(PageRange pages) {
        return FilePages.locked(() -> {
            BitSet brought = broughtByOthers(pages);
            file.stayed().within(pages).forEach(range -> brought.or(range.within(pages)));
            return brought;
        });
    }

    private BitSet broughtByOthers(PageRange pages) {
        BitSet brought = new BitSet();
        others(pages, (_, piece) -> brought.or(piece.broughtOf(pages)));
        return brought;
    }

    /** The scan is to drop the pages of a piece, unless others are to do so later. */
    void add(Piece piece) {
        FilePages.locked(() -> {
            PageRange pages = piece.allPages();
            file.stayed().remove(pages);
            PageRange.of(pages.first(), broughtByOthers(pages)).forEach(file.shared()::add);
            return pieces.put(pages.first(), piece);
        });
    }

    /** The pages up to a distance before and behind some that belong to none of the scan's pieces. */
    List<PageRange> around(PageRange pages, long distance) {
        return FilePages.locked(() -> {
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
        return FilePages.locked(() -> {
            BitSet alone = (BitSet) piece.brought().clone();
            alone.andNot(broughtByOthers(piece.allPages()));
            return alone;
        });
    }

    /** The pages that another scan brought in too, but none that reads the same mapping. */
    BitSet elsewhere(Piece piece, BitSet alone) {
        return FilePages.locked(() -> {
            BitSet elsewhere = (BitSet) piece.brought().clone();
            elsewhere.andNot(alone);
            others(piece.allPages(), (owner, other) -> {
                if (owner.region == region) {
                    elsewhere.andNot(other.broughtOf(piece.allPages()));
                }
            });
            return elsewhere;
        });
    }

    /** Whether another scan was to bring some of a piece's pages in at the same time. */
    boolean isShared(Piece piece) {
        return FilePages.locked(() -> !file.shared().within(piece.allPages()).isEmpty());
    }

    /** A piece has been dropped, but for some of its pages, which no other scan is to drop. */
    void dropped(Piece piece, BitSet stayed) {
        FilePages.locked(() -> {
            PageRange.of(piece.allPages().first(), stayed).forEach(file.stayed()::add);
            return pieces.remove(piece.allPages().first());
        });
    }

    /** The pieces of other scans that have some of those pages. Needs the registry's lock. */
    private void others(PageRange pages, BiConsumer<OwnedPages, Piece> action) {
        for (OwnedPages owner : file.owners()) {
            if (owner != this) {
                Long first = owner.pieces.floorKey(pages.first());
                owner.pieces
                        .subMap(first == null ? pages.first() : first, pages.end())
                        .forEach((_, piece) -> action.accept(owner, piece));
            }
        }
    }

    // ------------------------------------------------------------------------------------------------- what stayed

    /** The pages of a range that could not be dropped. */
    List<PageRange> stayed(PageRange pages) {
        return FilePages.locked(() -> file.stayed().within(pages));
    }

    /** Pages that could not be dropped before are dropped now. */
    void droppedLater(PageRange pages) {
        FilePages.locked(() -> {
            file.stayed().remove(pages);
            return pages;
        });
    }

    /** The scan drops only what stayed from now on; returns whether no other scan is left that will try that again. */
    boolean end() {
        return FilePages.locked(() -> {
            isEnding = true;
            return file.owners().stream().allMatch(owner -> owner.isEnding);
        });
    }
}
