package dev.quire.testing;

import dev.quire.hint.ByteRange;
import java.util.ArrayList;
import java.util.List;

/** The offsets and sizes at which mistakes of rounding show. */
public final class Sweep {
    private Sweep() {}

    /** Around the borders of a page and of what the operating system aligns mappings to, in ascending order. */
    public static List<Long> offsets(long page, long granularity) {
        return List.of(0L, 1L, page - 1, page, page + 1, granularity - 1, granularity + 1).stream()
                .distinct()
                .sorted()
                .toList();
    }

    public static List<Long> sizes(long page) {
        return List.of(0L, 1L, page - 1, page, page + 1, 3 * page + 7);
    }

    /** Every offset with every size. */
    public static List<ByteRange> ranges(long page, long granularity) {
        List<ByteRange> ranges = new ArrayList<>();
        for (long offset : offsets(page, granularity)) {
            for (long size : sizes(page)) {
                ranges.add(new ByteRange(offset, size));
            }
        }
        return ranges;
    }
}
