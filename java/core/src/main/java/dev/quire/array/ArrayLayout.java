package dev.quire.array;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where the elements of a view are: element {@code i, j, ...} begins at byte {@code offset + i * stride[0] + j *
 * stride[1] + ...} of the data. Strides may be negative (reversed), 0 (broadcast) or no multiple of the element (fields
 * of a structured element). All operations are arithmetic on the layout; none touches an element. Immutable.
 *
 * <p>Strides of axes no longer than 1 have no meaning. All others are so small that no sum of theirs within the shape
 * overflows: a layout begins as the whole of an array whose bytes can be counted, and views only stay within.
 */
final class ArrayLayout {

    private final Shape shape;
    private final long[] strides;
    private final long offset;
    private final long itemBytes;

    private ArrayLayout(Shape shape, long[] strides, long offset, long itemBytes) {
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        this.itemBytes = itemBytes;
    }

    /**
     * A whole array without gaps that begins at byte 0.
     *
     * @throws IllegalArgumentException if its size in bytes exceeds 2^63 - 1
     */
    static ArrayLayout contiguous(Shape shape, Order order, long itemBytes) {
        shape.byteCount(itemBytes);
        return new ArrayLayout(shape, shape.strides(order, itemBytes), 0, itemBytes);
    }

    /** One axis from byte 0 on. */
    static ArrayLayout line(long length, long stride, long itemBytes) {
        return new ArrayLayout(Shape.of(length), new long[] {stride}, 0, itemBytes);
    }

    /** This layout, moved on by a number of bytes. */
    ArrayLayout shifted(long bytes) {
        return new ArrayLayout(shape, strides, offset + bytes, itemBytes);
    }

    /** Without an axis, whatever its length. */
    ArrayLayout dropped(int axis) {
        return new ArrayLayout(Shape.of(without(shape.dims(), axis)), without(strides, axis), offset, itemBytes);
    }

    Shape shape() {
        return shape;
    }

    /** Bytes from one element to the next along an axis. */
    long stride(int axis) {
        return strides[axis];
    }

    /** The strides of all axes in bytes, in a new array. */
    long[] strides() {
        return strides.clone();
    }

    /** Where the element with all indices 0 begins. */
    long offset() {
        return offset;
    }

    /** Size of one element in bytes. */
    long itemBytes() {
        return itemBytes;
    }

    /**
     * Where an element begins.
     *
     * @throws IllegalArgumentException unless there is one index for each axis
     * @throws IndexOutOfBoundsException if one is not within its axis
     */
    long offsetOf(long... index) {
        if (index.length != strides.length) {
            throw new IllegalArgumentException(index.length + " indices for shape " + shape);
        }
        long at = offset;
        for (int axis = 0; axis < index.length; axis++) {
            requireIndex(index[axis], axis);
            at += index[axis] * strides[axis];
        }
        return at;
    }

    private void requireIndex(long index, int axis) {
        if (index < 0 || index >= shape.dim(axis)) {
            throw new IndexOutOfBoundsException("index " + index + " is outside axis " + axis + " of shape " + shape);
        }
    }

    /**
     * The position on an axis that an index names; negative ones count from the end.
     *
     * @throws IndexOutOfBoundsException if it is not within the axis
     */
    long position(int axis, long index) {
        long length = shape.dim(axis);
        long position = index < 0 && index >= -length ? index + length : index;
        requireIndex(position, axis);
        return position;
    }

    /**
     * Python's basic indexing. Axes the parts do not reach are taken whole.
     *
     * @throws IllegalArgumentException if there are more parts than axes, or {@code ...} twice
     * @throws IndexOutOfBoundsException if a single position is not within its axis
     */
    ArrayLayout select(List<Index> parts) {
        return Selection.of(this, parts);
    }

    /** Fixes a position on an axis, which goes away. Negative positions count from the end. */
    ArrayLayout at(int axis, long index) {
        long position = position(axis, index);
        long[] dims = without(shape.dims(), axis);
        return new ArrayLayout(Shape.of(dims), without(strides, axis), offset + position * strides[axis], itemBytes);
    }

    private static long[] without(long[] values, int axis) {
        return IntStream.range(0, values.length)
                .filter(i -> i != axis)
                .mapToLong(i -> values[i])
                .toArray();
    }

    /** Takes positions a step apart on an axis; the range is cut to the axis as in Python. */
    ArrayLayout range(int axis, Index.Range range) {
        long length = shape.dim(axis);
        long count = range.count(length);
        long[] dims = shape.dims();
        long[] newStrides = strides.clone();
        dims[axis] = count;
        newStrides[axis] *= count > 1 ? range.step() : 1;
        long newOffset = count == 0 ? offset : offset + range.first(length) * strides[axis];
        return new ArrayLayout(Shape.of(dims), newStrides, newOffset, itemBytes);
    }

    /** Adds an axis of length 1 before {@code axis}. */
    ArrayLayout insertAxis(int axis) {
        long[] dims = insert(shape.dims(), axis, 1);
        return new ArrayLayout(Shape.of(dims), insert(strides, axis, 0), offset, itemBytes);
    }

    private static long[] insert(long[] values, int axis, long value) {
        long[] more = new long[values.length + 1];
        System.arraycopy(values, 0, more, 0, axis);
        more[axis] = value;
        System.arraycopy(values, axis, more, axis + 1, values.length - axis);
        return more;
    }

    /** Reverses the axes. */
    ArrayLayout transpose() {
        int[] axes = new int[shape.rank()];
        Arrays.setAll(axes, axis -> axes.length - 1 - axis);
        return transpose(axes);
    }

    /**
     * Puts the axes into another order: axis {@code i} of the result is axis {@code axes[i]} of this.
     *
     * @throws IllegalArgumentException unless every axis is named once
     */
    ArrayLayout transpose(int... axes) {
        boolean[] seen = new boolean[shape.rank()];
        long[] dims = new long[axes.length];
        long[] newStrides = new long[axes.length];
        for (int i = 0; i < axes.length; i++) {
            if (axes.length != seen.length || axes[i] < 0 || axes[i] >= seen.length || seen[axes[i]]) {
                throw new IllegalArgumentException(
                        "axes " + Arrays.toString(axes) + " are no permutation of the axes of shape " + shape);
            }
            seen[axes[i]] = true;
            dims[i] = shape.dim(axes[i]);
            newStrides[i] = strides[axes[i]];
        }
        return new ArrayLayout(Shape.of(dims), newStrides, offset, itemBytes);
    }

    /**
     * Repeats axes of length 1, and adds axes in front, up to a larger shape. The repeats are the same bytes.
     *
     * @throws IllegalArgumentException if an axis of another length would have to change
     */
    ArrayLayout broadcast(Shape target) {
        int added = target.rank() - shape.rank();
        long[] newStrides = new long[target.rank()];
        for (int axis = 0; axis < target.rank(); axis++) {
            boolean own = axis >= added;
            long length = own && added >= 0 ? shape.dim(axis - added) : 1;
            if (added < 0 || (length != 1 && length != target.dim(axis))) {
                throw new IllegalArgumentException("shape " + shape + " cannot be broadcast to " + target);
            }
            newStrides[axis] = length == 1 ? 0 : strides[axis - added];
        }
        return new ArrayLayout(target, newStrides, offset, itemBytes);
    }

    /**
     * The layout of the elements under another shape, in an unchanged sequence.
     *
     * @param order the sequence: C runs through the last axis first, in this shape and the new one
     * @return empty if the elements' distances have no strides under that shape, so that they would have to be copied
     * @throws IllegalArgumentException if the new shape has another number of elements
     */
    Optional<ArrayLayout> reshape(Shape target, Order order) {
        if (target.elementCount() != shape.elementCount()) {
            throw new IllegalArgumentException(
                    "cannot reshape " + shape.elementCount() + " elements of shape " + shape + " into " + target);
        }
        if (shape.isEmpty()) {
            return Optional.of(new ArrayLayout(target, target.strides(order, itemBytes), offset, itemBytes));
        }
        return Reshape.strides(this, target, order)
                .map(newStrides -> new ArrayLayout(target, newStrides, offset, itemBytes));
    }

    /** All elements as one axis, in C sequence; empty if that has no stride. */
    Optional<ArrayLayout> flatten() {
        return reshape(Shape.of(shape.elementCount()), Order.C);
    }

    /**
     * A part of every element: a field of a structured one, a half of a complex one.
     *
     * @param start bytes into the element
     * @param partBytes size of one value of the part
     * @param inner {@code ()}, or the shape of the C-order array the part is, whose axes are added at the end
     */
    ArrayLayout part(long start, long partBytes, Shape inner) {
        if (start < 0 || inner.byteCount(partBytes) > itemBytes - start) {
            throw new IllegalArgumentException("a part outside of the element's " + itemBytes + " bytes");
        }
        int rank = shape.rank();
        long[] dims = Arrays.copyOf(shape.dims(), rank + inner.rank());
        long[] newStrides = Arrays.copyOf(strides, dims.length);
        System.arraycopy(inner.dims(), 0, dims, rank, inner.rank());
        System.arraycopy(inner.strides(Order.C, partBytes), 0, newStrides, rank, inner.rank());
        return new ArrayLayout(Shape.of(dims), newStrides, offset + start, partBytes);
    }

    /** Whether the elements follow each other without gaps in this order. Empty arrays do, and single elements. */
    boolean isContiguous(Order order) {
        if (shape.isEmpty()) {
            return true;
        }
        long[] wanted = shape.strides(order, itemBytes);
        for (int axis = 0; axis < wanted.length; axis++) {
            if (shape.dim(axis) > 1 && strides[axis] != wanted[axis]) {
                return false;
            }
        }
        return true;
    }

    /** The first byte of any element; {@link #offset} if there is none. */
    long lowestByte() {
        long lowest = offset;
        for (int axis = 0; axis < strides.length && !shape.isEmpty(); axis++) {
            lowest += Math.min(0, (shape.dim(axis) - 1) * strides[axis]);
        }
        return lowest;
    }

    /** The byte after the last of any element; {@link #offset} if there is none. */
    long endByte() {
        if (shape.isEmpty()) {
            return offset;
        }
        long highest = offset;
        for (int axis = 0; axis < strides.length; axis++) {
            highest += Math.max(0, (shape.dim(axis) - 1) * strides[axis]);
        }
        return highest + itemBytes;
    }

    @Override
    public String toString() {
        return "shape " + shape + ", strides " + Arrays.toString(strides) + " bytes, offset " + offset + " bytes";
    }
}
