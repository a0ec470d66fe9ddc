package dev.quire.slice;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Elements of type {@code short}. */
public final class ShortSlice extends Slice {
    private static final ValueLayout.OfShort NATIVE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
    private static final ValueLayout.OfShort SWAPPED = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);

    ShortSlice(Region region, MemorySegment segment, long offset, ByteOrder order) {
        super(region, segment, offset, order, 2);
    }

    /** The element at an index. */
    public short get(long index) {
        Objects.checkIndex(index, length);
        return segment.get(swapped ? SWAPPED : NATIVE, index * 2);
    }

    /** Stores an element. */
    public void set(long index, short value) {
        requireWritable();
        Objects.checkIndex(index, length);
        segment.set(swapped ? SWAPPED : NATIVE, index * 2, value);
    }

    /** Part of it. */
    public ShortSlice slice(long from, long count) {
        Objects.checkFromIndexSize(from, count, length);
        return new ShortSlice(region, segment.asSlice(from * 2, count * 2), offset + from * 2, order);
    }

    /** Copies elements into an array. */
    public void copyTo(long index, short[] target, int from, int count) {
        Objects.checkFromIndexSize(index, count, length);
        try {
            MemorySegment.copy(segment, swapped ? SWAPPED : NATIVE, index * 2, target, from, count);
            Faults.barrier();
        } catch (InternalError e) {
            throw Faults.of(e, region, offset + index * 2, (long) count * 2);
        }
    }

    /** Copies elements from an array. */
    public void copyFrom(long index, short[] source, int from, int count) {
        requireWritable();
        Objects.checkFromIndexSize(index, count, length);
        try {
            MemorySegment.copy(source, from, segment, swapped ? SWAPPED : NATIVE, index * 2, count);
            Faults.barrier();
        } catch (InternalError e) {
            throw Faults.of(e, region, offset + index * 2, (long) count * 2);
        }
    }
}
