package dev.quire.slice;

import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * A typed, checked, zero-copy view of a range of mapped memory.
 */
public abstract sealed class Slice permits ByteSlice {
    final Region region;
    final MemorySegment segment;
    /** Where the slice begins in the region; the segment's address alone would not tell after a resize. */
    final long offset;
    final ByteOrder order;

    Slice(Region region, MemorySegment segment, long offset, ByteOrder order) {
        this.region = region;
        this.segment = segment;
        this.offset = offset;
        this.order = order;
    }

    public long byteSize() {
        return segment.byteSize();
    }
}
