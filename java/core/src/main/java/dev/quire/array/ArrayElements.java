package dev.quire.array;

import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Access to single elements by their indices, one for each axis, without boxing. Indices are checked and count from 0;
 * another number of indices than the array has axes is an {@link IllegalArgumentException}. Use {@code (i)}, {@code (i, j)} and
 * {@code (i, j, k)} where they fit: they make no garbage whatever the compiler does.
 *
 * <p>{@code getDouble} reads every type but complex ones; {@code getLong} whole numbers and bool, {@code u8} as its bits;
 * {@code getInt} those that an int holds; {@code getFloat} those that a float holds: anything else is an
 * {@link UnsupportedOperationException}. Stores into a whole-number type throw {@link ArithmeticException} if the type does not have
 * the value; floats are rounded to nearest.
 */
abstract sealed class ArrayElements permits ArrayFacts {
    final ArrayOrigin origin;
    final ByteSlice bytes;
    final ArrayLayout layout;
    final MemorySegment segment;
    final boolean swapped;
    final boolean readOnly;
    private final ElementType type;
    private final int rank;
    private final long offset;
    private final long dim0;
    private final long dim1;
    private final long dim2;
    private final long stride0;
    private final long stride1;
    private final long stride2;

    ArrayElements(ArrayOrigin origin, ByteSlice bytes, Descriptor descriptor, ArrayLayout layout) {
        this.origin = origin;
        this.bytes = bytes;
        this.layout = layout;
        this.segment = bytes.segment();
        this.readOnly = bytes.isReadOnly();
        boolean plain = descriptor instanceof DType;
        this.type = descriptor instanceof DType dtype ? dtype.type() : ElementType.UINT8;
        this.swapped = descriptor instanceof DType dtype && dtype.order() != ByteOrder.nativeOrder();
        int axes = layout.shape().rank();
        this.rank = plain ? axes : -1; // a structured element is no number: no count of indices is right
        this.offset = layout.offset();
        this.dim0 = axes > 0 ? layout.shape().dim(0) : 0;
        this.dim1 = axes > 1 ? layout.shape().dim(1) : 0;
        this.dim2 = axes > 2 ? layout.shape().dim(2) : 0;
        this.stride0 = axes > 0 ? layout.stride(0) : 0;
        this.stride1 = axes > 1 ? layout.stride(1) : 0;
        this.stride2 = axes > 2 ? layout.stride(2) : 0;
    }

    private long at(long i) {
        requireRank(1);
        return offset + Objects.checkIndex(i, dim0) * stride0;
    }

    private long at(long i, long j) {
        requireRank(2);
        return offset + Objects.checkIndex(i, dim0) * stride0 + Objects.checkIndex(j, dim1) * stride1;
    }

    private long at(long i, long j, long k) {
        requireRank(3);
        return offset
                + Objects.checkIndex(i, dim0) * stride0
                + Objects.checkIndex(j, dim1) * stride1
                + Objects.checkIndex(k, dim2) * stride2;
    }

    private long at(long[] index) {
        requireRank(index.length);
        return layout.offsetOf(index);
    }

    private void requireRank(int indices) {
        if (rank != indices) {
            throw new IllegalArgumentException(
                    rank < 0
                            ? "the elements of " + origin.name + " are structured; take a field(name)"
                            : indices + " indices for shape " + layout.shape());
        }
    }

    final void requireWritable() {
        if (readOnly) {
            throw new ReadOnlyMemoryException(
                    origin.name + " was opened read-only; open it with READ_WRITE or COPY_ON_WRITE to write");
        }
        origin.touch();
    }

    private double doubleAt(long at) {
        return type == ElementType.FLOAT64
                ? Elements.getDouble(segment, swapped, at)
                : Elements.real(segment, type, swapped, at);
    }

    private long longAt(long at) {
        return type == ElementType.INT64
                ? Elements.getLong(segment, swapped, at)
                : Elements.whole(segment, type, swapped, at);
    }

    private int intAt(long at) {
        if (type == ElementType.INT32) {
            return Elements.getInt(segment, swapped, at);
        }
        if (type == ElementType.UINT32 || type == ElementType.INT64 || type == ElementType.UINT64) {
            throw new UnsupportedOperationException("an int does not hold " + type + " elements; use getLong");
        }
        return (int) Elements.whole(segment, type, swapped, at);
    }

    private float floatAt(long at) {
        if (type == ElementType.FLOAT32) {
            return Elements.getFloat(segment, swapped, at);
        }
        if (type != ElementType.FLOAT16) {
            throw new UnsupportedOperationException("a float does not hold " + type + " elements; use getDouble");
        }
        return (float) Elements.real(segment, type, swapped, at);
    }

    private void setDoubleAt(long at, double value) {
        requireWritable();
        Elements.setReal(segment, type, swapped, at, value);
    }

    private void setLongAt(long at, long value) {
        requireWritable();
        Elements.setWhole(segment, type, swapped, at, value);
    }

    /** The element of a 1-d array as a double. */
    public final double getDouble(long i) {
        return doubleAt(at(i));
    }

    /** The element of a 2-d array as a double. */
    public final double getDouble(long i, long j) {
        return doubleAt(at(i, j));
    }

    /** The element of a 3-d array as a double. */
    public final double getDouble(long i, long j, long k) {
        return doubleAt(at(i, j, k));
    }

    /** The element of an array of any rank as a double. */
    public final double getDouble(long... index) {
        return doubleAt(at(index));
    }

    /** The element of a 1-d array as a long. */
    public final long getLong(long i) {
        return longAt(at(i));
    }

    /** The element of a 2-d array as a long. */
    public final long getLong(long i, long j) {
        return longAt(at(i, j));
    }

    /** The element of a 3-d array as a long. */
    public final long getLong(long i, long j, long k) {
        return longAt(at(i, j, k));
    }

    /** The element of an array of any rank as a long. */
    public final long getLong(long... index) {
        return longAt(at(index));
    }

    /** The element of a 1-d array as an int. */
    public final int getInt(long i) {
        return intAt(at(i));
    }

    /** The element of a 2-d array as an int. */
    public final int getInt(long i, long j) {
        return intAt(at(i, j));
    }

    /** The element of a 3-d array as an int. */
    public final int getInt(long i, long j, long k) {
        return intAt(at(i, j, k));
    }

    /** The element of an array of any rank as an int. */
    public final int getInt(long... index) {
        return intAt(at(index));
    }

    /** The element of a 1-d array as a float. */
    public final float getFloat(long i) {
        return floatAt(at(i));
    }

    /** The element of a 2-d array as a float. */
    public final float getFloat(long i, long j) {
        return floatAt(at(i, j));
    }

    /** The element of a 3-d array as a float. */
    public final float getFloat(long i, long j, long k) {
        return floatAt(at(i, j, k));
    }

    /** The element of an array of any rank as a float. */
    public final float getFloat(long... index) {
        return floatAt(at(index));
    }

    /** Stores a double in a 1-d array. The value comes first, as it does where there are more indices. */
    public final void setDouble(double value, long i) {
        setDoubleAt(at(i), value);
    }

    /** Stores a double in a 2-d array. */
    public final void setDouble(double value, long i, long j) {
        setDoubleAt(at(i, j), value);
    }

    /** Stores a double in a 3-d array. */
    public final void setDouble(double value, long i, long j, long k) {
        setDoubleAt(at(i, j, k), value);
    }

    /** Stores a double in an array of any rank. */
    public final void setDouble(double value, long... index) {
        setDoubleAt(at(index), value);
    }

    /** Stores a whole number in a 1-d array. */
    public final void setLong(long value, long i) {
        setLongAt(at(i), value);
    }

    /** Stores a whole number in a 2-d array. */
    public final void setLong(long value, long i, long j) {
        setLongAt(at(i, j), value);
    }

    /** Stores a whole number in a 3-d array. */
    public final void setLong(long value, long i, long j, long k) {
        setLongAt(at(i, j, k), value);
    }

    /** Stores a whole number in an array of any rank. */
    public final void setLong(long value, long... index) {
        setLongAt(at(index), value);
    }
}
