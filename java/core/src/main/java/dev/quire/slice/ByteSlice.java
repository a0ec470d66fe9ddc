package dev.quire.slice;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Bytes. */
public final class ByteSlice extends Slice {
    /**
     * For whoever made the segment.
     *
     * @hidden
     */
    @SuppressWarnings("exports")
    public ByteSlice(Region region, MemorySegment segment, long offset) {
        super(region, segment, offset, ByteOrder.nativeOrder(), 1);
    }

    /** The byte at an index. */
    public byte get(long index) {
        return (byte) (segment.get(ValueLayout.JAVA_BYTE, index) ^ zero);
    }

    /** Stores a byte. */
    public void set(long index, byte value) {
        requireWritable();
        segment.set(ValueLayout.JAVA_BYTE, index, value);
    }

    /** Part of it. */
    public ByteSlice slice(long from, long count) {
        Objects.checkFromIndexSize(from, count, length);
        return new ByteSlice(region, segment.asSlice(from, count), offset + from);
    }

    /** Copies bytes into an array. */
    public void copyTo(long index, byte[] target, int from, int count) {
        Objects.checkFromIndexSize(index, count, length);
        try {
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, index, target, from, count);
            Faults.barrier();
        } catch (InternalError e) {
            throw Faults.of(e, region, offset + index, count);
        }
    }

    /** Copies bytes from an array. */
    public void copyFrom(long index, byte[] source, int from, int count) {
        requireWritable();
        Objects.checkFromIndexSize(index, count, length);
        try {
            MemorySegment.copy(source, from, segment, ValueLayout.JAVA_BYTE, index, count);
            Faults.barrier();
        } catch (InternalError e) {
            throw Faults.of(e, region, offset + index, count);
        }
    }

    /** As elements of type {@code short} in the machine's byte order. */
    public ShortSlice shorts() {
        return shorts(ByteOrder.nativeOrder());
    }

    /** As elements of type {@code short} in a byte order. */
    public ShortSlice shorts(ByteOrder order) {
        return new ShortSlice(region, segment, offset, order);
    }

    /** As elements of type {@code int} in the machine's byte order. */
    public IntSlice ints() {
        return ints(ByteOrder.nativeOrder());
    }

    /** As elements of type {@code int} in a byte order. */
    public IntSlice ints(ByteOrder order) {
        return new IntSlice(region, segment, offset, order);
    }

    /** As elements of type {@code long} in the machine's byte order. */
    public LongSlice longs() {
        return longs(ByteOrder.nativeOrder());
    }

    /** As elements of type {@code long} in a byte order. */
    public LongSlice longs(ByteOrder order) {
        return new LongSlice(region, segment, offset, order);
    }

    /** As elements of type {@code float} in the machine's byte order. */
    public FloatSlice floats() {
        return floats(ByteOrder.nativeOrder());
    }

    /** As elements of type {@code float} in a byte order. */
    public FloatSlice floats(ByteOrder order) {
        return new FloatSlice(region, segment, offset, order);
    }

    /** As elements of type {@code double} in the machine's byte order. */
    public DoubleSlice doubles() {
        return doubles(ByteOrder.nativeOrder());
    }

    /** As elements of type {@code double} in a byte order. */
    public DoubleSlice doubles(ByteOrder order) {
        return new DoubleSlice(region, segment, offset, order);
    }
}
