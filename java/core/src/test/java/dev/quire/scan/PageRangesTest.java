package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.scan.PageRanges.PageRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PageRangesTest {
    private final PageRanges ranges = new PageRanges();

    private List<PageRange> all() {
        return ranges.within(new PageRange(0, Long.MAX_VALUE));
    }

    @Test
    void neighboursAreOneRange() {
        ranges.add(new PageRange(10, 20));
        ranges.add(new PageRange(30, 40));
        assertEquals(List.of(new PageRange(10, 20), new PageRange(30, 40)), all());
        ranges.add(new PageRange(20, 30));
        assertEquals(List.of(new PageRange(10, 40)), all());
    }

    @Test
    void whatLiesInsideIsCutOut() {
        ranges.add(new PageRange(1L << 40, (1L << 40) + 9));
        ranges.remove(new PageRange((1L << 40) + 3, (1L << 40) + 5));
        assertEquals(
                List.of(new PageRange(1L << 40, (1L << 40) + 3), new PageRange((1L << 40) + 5, (1L << 40) + 9)), all());
        assertEquals(List.of(), ranges.within(new PageRange((1L << 40) + 3, (1L << 40) + 5)));
    }

    @Test
    void itHoldsWhatABitSetHolds() {
        Random random = new Random(7);
        BitSet model = new BitSet();
        for (int step = 0; step < 20_000; step++) {
            int first = random.nextInt(200);
            int end = first + 1 + random.nextInt(20);
            PageRange range = new PageRange(first, end);
            switch (random.nextInt(3)) {
                case 0 -> {
                    ranges.add(range);
                    model.set(first, end);
                }
                case 1 -> {
                    ranges.remove(range);
                    model.clear(first, end);
                }
                default -> assertEquals(within(model, first, end), ranges.within(range));
            }
            assertEquals(within(model, 0, 300), all());
        }
    }

    @Test
    void pagesAreCountedFromAnotherRangesFirst() {
        PageRange page = new PageRange((1L << 40) + 10, (1L << 40) + 20);
        BitSet expected = new BitSet();
        expected.set(10, 15);
        assertEquals(expected, page.within(new PageRange(1L << 40, (1L << 40) + 15)));
        assertEquals(new BitSet(), page.within(new PageRange(0, 1L << 40)));
        assertEquals(new BitSet(), page.within(new PageRange(1L << 40, (1L << 40) + 10)));
        assertEquals(List.of(new PageRange((1L << 40) + 10, (1L << 40) + 15)), PageRange.of(1L << 40, expected));
    }

    private static List<PageRange> within(BitSet model, int first, int end) {
        List<PageRange> inside = new ArrayList<>();
        for (int i = model.nextSetBit(first); i >= 0 && i < end; i = model.nextSetBit(model.nextClearBit(i))) {
            inside.add(new PageRange(i, Math.min(end, model.nextClearBit(i))));
        }
        return inside;
    }
}
