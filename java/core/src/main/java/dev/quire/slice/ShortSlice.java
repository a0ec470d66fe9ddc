package dev.quire.slice;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/** Mapped memory as 16-bit integers, in either byte order. */
public final class ShortSlice extends IntegerSlice {
    private static final ValueLayout.OfShort NATIVE = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfShort SWAPPED = NATIVE.withOrder(ByteOrders.SWAPPED);

    ShortSlice(Region region, MemorySegment segment, long offset, ByteOrder order) {
        super(region, segment, offset, order, 2);
    }

    /** The element at an index. */
    public short get(long index) {
        try {
            Objects.checkIndex(index, length);
            return Faults.loaded(segment.get(swapped ? SWAPPED : NATIVE, index * 2));
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores an element. */
    public void set(long index, short value) {
        try {
            requireWritable();
            Objects.checkIndex(index, length);
            segment.set(swapped ? SWAPPED : NATIVE, index * 2, value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Part of the slice; no bytes are copied. */
    public ShortSlice slice(long from, long count) {
        return new ShortSlice(region, part(from, count), offset + from * 2, order());
    }

    // ----------------------------------------------------------------------------------------------------- bulk

    /** Copies elements into an array. */
    public void copyTo(long index, short[] target, int from, int count) {
        requireInside(from, count, target.length);
        long before = losses();
        if (!isShortCopy(index, count)) {
            ValueLayout.OfShort layout = swapped ? SWAPPED : NATIVE;
            inPieces(
                    index,
                    count,
                    (done, piece) ->
                            MemorySegment.copy(segment, layout, (index + done) * 2, target, from + done, piece));
            return;
        }
        try {
            if (swapped) {
                MemorySegment.copy(segment, SWAPPED, index * 2, target, from, count);
            } else {
                MemorySegment.copy(segment, NATIVE, index * 2, target, from, count);
            }
        } catch (IllegalStateException | WrongThreadException e) {
            throw named(e);
        }
        requireThere(index, count, before);
    }

    /** Copies elements from an array. */
    public void copyFrom(long index, short[] source, int from, int count) {
        requireInside(from, count, source.length);
        requireWritable();
        long before = losses();
        if (!isShortCopy(index, count)) {
            ValueLayout.OfShort layout = swapped ? SWAPPED : NATIVE;
            inPieces(
                    index,
                    count,
                    (done, piece) ->
                            MemorySegment.copy(source, from + done, segment, layout, (index + done) * 2, piece));
            return;
        }
        try {
            if (swapped) {
                MemorySegment.copy(source, from, segment, SWAPPED, index * 2, count);
            } else {
                MemorySegment.copy(source, from, segment, NATIVE, index * 2, count);
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
    public void copyTo(long index, ShortSlice target, long at, long count) {
        copyAcross(swapped ? SWAPPED : NATIVE, index, target, target.swapped ? SWAPPED : NATIVE, at, count);
    }

    /**
     * A copy of all elements.
     *
     * @throws OutOfMemoryError if they do not fit an array
     */
    public short[] toArray() {
        short[] all = new short[ByteOrders.arrayLength(length)];
        copyTo(0, all, 0, all.length);
        return all;
    }

    /** Stores one value in every element. */
    public void fill(short value) {
        short[] block = new short[(int) Math.min(length, ByteOrders.FILL_BYTES / 2)];
        Arrays.fill(block, value);
        requireWritable();
        for (long at = 0; at < length; at += block.length) {
            copyFrom(at, block, 0, (int) Math.min(block.length, length - at));
        }
    }

    /**
     * The first index at which two slices differ; the length of the shorter one if it begins the other; -1 if they
     * are equal.
     */
    public long mismatch(ShortSlice other) {
        return new Comparison(this, other).mismatch();
    }

    /** Whether two slices have as many elements and equal ones. */
    public boolean contentEquals(ShortSlice other) {
        return length == other.length && mismatch(other) < 0;
    }

    /** Compares element by element; a slice that begins the other is the smaller one. */
    public int compare(ShortSlice other) {
        long at = mismatch(other);
        if (at < 0 || at >= Math.min(length, other.length)) {
            return Long.compare(length, other.length);
        }
        short[] mine = slice(at, 1).toArray();
        short[] theirs = other.slice(at, 1).toArray();
        return Short.compare(mine[0], theirs[0]);
    }
}
