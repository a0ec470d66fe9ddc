package dev.quire.scan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of pages of a file, by their numbers; neighbouring pages are one range. */
final class PageRanges {
    /**
     * Neighbouring pages.
     *
     * @param first number of the first page
     * @param end number of the page behind the last
     */
    record PageRange(long first, long end) {
        /** The ranges of a set of pages, which are counted from a page of the file. */
        static List<PageRange> of(long firstPage, BitSet pages) {
            List<PageRange> ranges = new ArrayList<>();
            for (int i = pages.nextSetBit(0); i >= 0; i = pages.nextSetBit(pages.nextClearBit(i))) {
                ranges.add(new PageRange(firstPage + i, firstPage + pages.nextClearBit(i)));
            }
            return ranges;
        }

        /** Whether some page is in both ranges. */
        boolean overlaps(PageRange other) {
            return first < other.end && other.first < end;
        }

        /** The pages that are in another range too, counted from the first of that one. */
        BitSet within(PageRange other) {
            BitSet pages = new BitSet();
            long from = Math.max(first, other.first);
            pages.set((int) (from - other.first), (int) (Math.max(from, Math.min(end, other.end)) - other.first));
            return pages;
        }
    }

    private final TreeMap<Long, Long> ends = new TreeMap<>();

    void add(PageRange range) {
        long first = range.first();
        long end = range.end();
        Map.Entry<Long, Long> touching = ends.floorEntry(end);
        while (touching != null && touching.getValue() >= first) {
            ends.remove(touching.getKey());
            first = Math.min(first, touching.getKey());
            end = Math.max(end, touching.getValue());
            touching = ends.floorEntry(end);
        }
        ends.put(first, end);
    }

    void remove(PageRange range) {
        for (PageRange inside : within(range)) {
            Map.Entry<Long, Long> whole = ends.floorEntry(inside.first());
            ends.remove(whole.getKey());
            if (whole.getKey() < inside.first()) {
                ends.put(whole.getKey(), inside.first());
            }
            if (inside.end() < whole.getValue()) {
                ends.put(inside.end(), whole.getValue());
            }
        }
    }

    /** The part of the set that lies in a range, in its order. */
    List<PageRange> within(PageRange range) {
        List<PageRange> inside = new ArrayList<>();
        Long before = ends.floorKey(range.first());
        ends.subMap(before == null ? range.first() : before, range.end()).forEach((first, end) -> {
            PageRange both = new PageRange(Math.max(first, range.first()), Math.min(end, range.end()));
            if (both.first() < both.end()) {
                inside.add(both);
            }
        });
        return inside;
    }

    @Override
    public String toString() {
        return ends.toString();
    }
}
