package dev.quire.slice;

import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** A typed, checked, zero-copy view of a range of mapped memory. */
public abstract sealed class Slice permits ByteSlice, ShortSlice, IntSlice, LongSlice, FloatSlice, DoubleSlice {
    /**
     * Zero, which the compiler cannot know. HotSpot goes on behind a load that faults, and the register keeps what it held;
     * the compiler, sure that a byte is a byte, has left out the range check of {@code table[get(i) & 0xFF]} and reads far
     * outside of the table, which ends the virtual machine (seen). What was combined with an unknown int is narrowed
     * again.
     */
    static int zero;

    final Region region;
    final MemorySegment segment;
    final long offset;
    final ByteOrder order;
    final boolean swapped;
    final long length;

    Slice(Region region, MemorySegment segment, long offset, ByteOrder order, int elementBytes) {
        if (segment.byteSize() % elementBytes != 0) {
            throw new IllegalArgumentException(
                    segment.byteSize() + " bytes are no whole number of elements of " + elementBytes + " bytes");
        }
        this.region = region;
        this.segment = segment;
        this.offset = offset;
        this.order = order;
        this.swapped = order != ByteOrder.nativeOrder();
        this.length = segment.byteSize() / elementBytes;
    }

    /** Elements. */
    public long length() {
        return length;
    }

    /** Bytes. */
    public long byteSize() {
        return segment.byteSize();
    }

    /** The order of the bytes of an element. */
    public ByteOrder order() {
        return order;
    }

    /** Whether writing is refused. */
    public boolean isReadOnly() {
        return segment.isReadOnly();
    }

    /** Where it begins in the mapping, in bytes. */
    public long offset() {
        return offset;
    }

    /** The same bytes as a segment of the JDK. */
    public MemorySegment segment() {
        return segment;
    }

    final void requireWritable() {
        if (segment.isReadOnly()) {
            throw new ReadOnlyMemoryException("read-only: " + region.subject().text());
        }
    }
}
