package dev.quire.slice;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Elements of type {@code float}. */
public final class FloatSlice extends Slice {
    private static final ValueLayout.OfFloat NATIVE =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
    private static final ValueLayout.OfFloat SWAPPED = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);

    FloatSlice(Region region, MemorySegment segment, long offset, ByteOrder order) {
        super(region, segment, offset, order, 4);
    }

    /** The element at an index. */
    public float get(long index) {
        Objects.checkIndex(index, length);
        return segment.get(swapped ? SWAPPED : NATIVE, index * 4);
    }

    /** Stores an element. */
    public void set(long index, float value) {
        requireWritable();
        Objects.checkIndex(index, length);
        segment.set(swapped ? SWAPPED : NATIVE, index * 4, value);
    }

    /** Part of it. */
    public FloatSlice slice(long from, long count) {
        Objects.checkFromIndexSize(from, count, length);
        return new FloatSlice(region, segment.asSlice(from * 4, count * 4), offset + from * 4, order);
    }

    /** Copies elements into an array. */
    public void copyTo(long index, float[] target, int from, int count) {
        Objects.checkFromIndexSize(index, count, length);
        try {
            MemorySegment.copy(segment, swapped ? SWAPPED : NATIVE, index * 4, target, from, count);
            Faults.barrier();
        } catch (InternalError e) {
            throw Faults.of(e, region, offset + index * 4, (long) count * 4);
        }
    }

    /** Copies elements from an array. */
    public void copyFrom(long index, float[] source, int from, int count) {
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
