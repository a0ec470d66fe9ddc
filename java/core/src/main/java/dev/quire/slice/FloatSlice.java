package dev.quire.slice;

import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/** Mapped memory as 32-bit floating-point numbers, in either byte order. */
public final class FloatSlice extends FloatingSlice {
    private static final ValueLayout.OfFloat NATIVE = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfFloat SWAPPED = NATIVE.withOrder(ByteOrders.SWAPPED);

    FloatSlice(Region region, MemorySegment segment, long offset, ByteOrder order) {
        super(region, segment, offset, order, 4);
    }

    /** The element at an index. */
    public float get(long index) {
        try {
            Objects.checkIndex(index, length);
            return segment.get(swapped ? SWAPPED : NATIVE, index * 4);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores an element. */
    public void set(long index, float value) {
        try {
            requireWritable();
            Objects.checkIndex(index, length);
            segment.set(swapped ? SWAPPED : NATIVE, index * 4, value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Part of the slice; no bytes are copied. */
    public FloatSlice slice(long from, long count) {
        return new FloatSlice(region, part(from, count), offset + from * 4, order());
    }

    // ----------------------------------------------------------------------------------------------------- bulk

    /** Copies elements into an array. */
    public void copyTo(long index, float[] target, int from, int count) {
        requireInside(from, count, target.length);
        long before = losses();
        if (!isShortCopy(index, count)) {
            ValueLayout.OfFloat layout = swapped ? SWAPPED : NATIVE;
            inPieces(
                    index,
                    count,
                    (done, piece) ->
                            MemorySegment.copy(segment, layout, (index + done) * 4, target, from + done, piece));
            return;
        }
        try {
            if (swapped) {
                MemorySegment.copy(segment, SWAPPED, index * 4, target, from, count);
            } else {
                MemorySegment.copy(segment, NATIVE, index * 4, target, from, count);
            }
        } catch (IllegalStateException | WrongThreadException e) {
            throw named(e);
        }
        requireThere(index, count, before);
    }

    /** Copies elements from an array. */
    public void copyFrom(long index, float[] source, int from, int count) {
        requireInside(from, count, source.length);
        requireWritable();
        long before = losses();
        if (!isShortCopy(index, count)) {
            ValueLayout.OfFloat layout = swapped ? SWAPPED : NATIVE;
            inPieces(
                    index,
                    count,
                    (done, piece) ->
                            MemorySegment.copy(source, from + done, segment, layout, (index + done) * 4, piece));
            return;
        }
        try {
            if (swapped) {
                MemorySegment.copy(source, from, segment, SWAPPED, index * 4, count);
            } else {
                MemorySegment.copy(source, from, segment, NATIVE, index * 4, count);
            }
        } catch (IllegalStateException | WrongThreadException e) {
            throw named(e);
        }
        requireThere(index, count, before);
    }

    /**
     * Copies elements to another slice, whatever its byte order; the ranges may overlap, also in one file that two
     * mappings have.
     */
    public void copyTo(long index, FloatSlice target, long at, long count) {
        copyAcross(swapped ? SWAPPED : NATIVE, index, target, target.swapped ? SWAPPED : NATIVE, at, count);
    }

    /**
     * A copy of all elements.
     *
     * @throws OutOfMemoryError if they do not fit an array
     */
    public float[] toArray() {
        float[] all = new float[ByteOrders.arrayLength(length)];
        copyTo(0, all, 0, all.length);
        return all;
    }

    /** Stores one value in every element. */
    public void fill(float value) {
        float[] block = new float[(int) Math.min(length, ByteOrders.FILL_BYTES / 4)];
        Arrays.fill(block, value);
        requireWritable();
        for (long at = 0; at < length; at += block.length) {
            copyFrom(at, block, 0, (int) Math.min(block.length, length - at));
        }
    }

    /**
     * The first index at which two slices differ in their bits; the length of the shorter one if it begins the other;
     * -1 if they are equal.
     */
    public long mismatch(FloatSlice other) {
        return new Comparison(this, other).mismatch();
    }

    /** Whether two slices have as many elements and equal ones in their bits. */
    public boolean contentEquals(FloatSlice other) {
        return length == other.length && mismatch(other) < 0;
    }

    /** Compares element by element, in the order of Float.compare; a slice that begins the other is the smaller one. */
    public int compare(FloatSlice other) {
        long at = mismatch(other);
        if (at < 0 || at >= Math.min(length, other.length)) {
            return Long.compare(length, other.length);
        }
        float[] mine = slice(at, 1).toArray();
        float[] theirs = other.slice(at, 1).toArray();
        return Float.compare(mine[0], theirs[0]);
    }
}
