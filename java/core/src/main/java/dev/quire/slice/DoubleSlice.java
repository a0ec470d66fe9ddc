package dev.quire.slice;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Elements of type {@code double}. */
public final class DoubleSlice extends Slice {
    private static final ValueLayout.OfDouble NATIVE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.nativeOrder());
    private static final ValueLayout.OfDouble SWAPPED = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);

    DoubleSlice(Region region, MemorySegment segment, long offset, ByteOrder order) {
        super(region, segment, offset, order, 8);
    }

    /** The element at an index. */
    public double get(long index) {
        Objects.checkIndex(index, length);
        return segment.get(swapped ? SWAPPED : NATIVE, index * 8);
    }

    /** Stores an element. */
    public void set(long index, double value) {
        requireWritable();
        Objects.checkIndex(index, length);
        segment.set(swapped ? SWAPPED : NATIVE, index * 8, value);
    }

    /** Part of it. */
    public DoubleSlice slice(long from, long count) {
        Objects.checkFromIndexSize(from, count, length);
        return new DoubleSlice(region, segment.asSlice(from * 8, count * 8), offset + from * 8, order);
    }

    /** Copies elements into an array. */
    public void copyTo(long index, double[] target, int from, int count) {
        Objects.checkFromIndexSize(index, count, length);
        try {
            MemorySegment.copy(segment, swapped ? SWAPPED : NATIVE, index * 8, target, from, count);
            Faults.barrier();
        } catch (InternalError e) {
            throw Faults.of(e, region, offset + index * 8, (long) count * 8);
        }
    }

    /** Copies elements from an array. */
    public void copyFrom(long index, double[] source, int from, int count) {
        requireWritable();
        Objects.checkFromIndexSize(index, count, length);
        try {
            MemorySegment.copy(source, from, segment, swapped ? SWAPPED : NATIVE, index * 8, count);
            Faults.barrier();
        } catch (InternalError e) {
            throw Faults.of(e, region, offset + index * 8, (long) count * 8);
        }
    }
}
