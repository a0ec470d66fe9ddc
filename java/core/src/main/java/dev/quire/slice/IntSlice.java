package dev.quire.slice;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Elements of type {@code int}. */
public final class IntSlice extends Slice {
    private static final ValueLayout.OfInt NATIVE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
    private static final ValueLayout.OfInt SWAPPED = ValueLayout.JAVA_INT_UNALIGNED.withOrder(
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);

    IntSlice(Region region, MemorySegment segment, long offset, ByteOrder order) {
        super(region, segment, offset, order, 4);
    }

    /** The element at an index. */
    public int get(long index) {
        Objects.checkIndex(index, length);
        return segment.get(swapped ? SWAPPED : NATIVE, index * 4) ^ zero;
    }

    /** Stores an element. */
    public void set(long index, int value) {
        requireWritable();
        Objects.checkIndex(index, length);
        segment.set(swapped ? SWAPPED : NATIVE, index * 4, value);
    }

    /** Part of it. */
    public IntSlice slice(long from, long count) {
        Objects.checkFromIndexSize(from, count, length);
        return new IntSlice(region, segment.asSlice(from * 4, count * 4), offset + from * 4, order);
    }

    /** Copies elements into an array. */
    public void copyTo(long index, int[] target, int from, int count) {
        Objects.checkFromIndexSize(index, count, length);
        try {
            MemorySegment.copy(segment, swapped ? SWAPPED : NATIVE, index * 4, target, from, count);
            Faults.barrier();
        } catch (InternalError e) {
            throw Faults.of(e, region, offset + index * 4, (long) count * 4);
        }
    }

    /** Copies elements from an array. */
    public void copyFrom(long index, int[] source, int from, int count) {
        requireWritable();
        Objects.checkFromIndexSize(index, count, length);
        try {
            MemorySegment.copy(source, from, segment, swapped ? SWAPPED : NATIVE, index * 4, count);
            Faults.barrier();
        } catch (InternalError e) {
            throw Faults.of(e, region, offset + index * 4, (long) count * 4);
        }
    }
}
