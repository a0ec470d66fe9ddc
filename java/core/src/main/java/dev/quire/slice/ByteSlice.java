package dev.quire.slice;

import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** Bytes. */
public final class ByteSlice extends Slice {
    /**
     * For whoever made the segment.
     *
     * @hidden
     */
    @SuppressWarnings("exports")
    public ByteSlice(Region region, MemorySegment segment, long offset) {
        super(region, segment, offset, ByteOrder.nativeOrder());
    }
}
