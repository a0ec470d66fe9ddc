package dev.quire.array;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The length of each axis of an array. Immutable. A shape without axes, {@code ()}, is one element; an axis of length 0
 * makes the array empty.
 */
public final class Shape {

    /** The most axes an array may have: NumPy's own limit since 2.0 (32 before). */
    public static final int MAX_RANK = 64;

    private static final Shape SCALAR = new Shape(new long[0]);

    private final long[] dims;

    private Shape(long[] dims) {
        this.dims = dims;
    }

    /**
     * A shape of these axis lengths.
     *
     * @throws IllegalArgumentException if one is negative, there are more than {@value #MAX_RANK}, or the product of
     *     those that are not 0 exceeds 2^63 - 1
     */
    public static Shape of(long... dims) {
        if (dims.length == 0) {
            return SCALAR;
        }
        if (dims.length > MAX_RANK) {
            throw new IllegalArgumentException("shape with " + dims.length + " axes; the most is " + MAX_RANK);
        }
        Shape shape = new Shape(dims.clone());
        shape.requireCountable();
        return shape;
    }

    /** A shape that a file states; what is impossible about it is the file's fault. */
    static Shape inFile(String file, long... dims) throws ArrayFileException.BadHeader {
        try {
            return of(dims);
        } catch (IllegalArgumentException impossible) {
            throw new ArrayFileException.BadHeader(file, String.valueOf(impossible.getMessage()));
        }
    }

    /**
     * A shape of so many elements, in which one length may be -1, for what the others leave.
     *
     * @throws IllegalArgumentException if no length, or any, would do
     */
    static Shape holding(long elements, long... dims) {
        int open = -1;
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == -1 && open >= 0) {
                throw new IllegalArgumentException("more than one length of -1 in " + Arrays.toString(dims));
            }
            open = dims[axis] == -1 ? axis : open;
        }
        if (open < 0) {
            return of(dims);
        }
        long[] lengths = dims.clone();
        lengths[open] = 1;
        long others = of(lengths).elementCount();
        if (others == 0 || elements % others != 0) {
            throw new IllegalArgumentException(
                    "no length in place of -1 makes " + elements + " elements of shape " + Arrays.toString(dims));
        }
        lengths[open] = elements / others;
        return of(lengths);
    }

    private void requireCountable() {
        long count = 1;
        for (long dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("shape " + this + " has the negative dimension " + dim);
            }
            if (dim > 0 && count > Long.MAX_VALUE / dim) {
                throw new IllegalArgumentException("shape " + this + " has more than 2^63 - 1 elements");
            }
            count *= Math.max(dim, 1);
        }
    }

    /** The number of axes; 0 for a single element. */
    public int rank() {
        return dims.length;
    }

    /**
     * The length of an axis.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= axis < rank}
     */
    public long dim(int axis) {
        if (axis < 0 || axis >= dims.length) {
            throw new IndexOutOfBoundsException("axis " + axis + " of an array with " + dims.length + " axes");
        }
        return dims[axis];
    }

    /** The lengths of all axes, in a new array. */
    public long[] dims() {
        return dims.clone();
    }

    /** The number of elements. */
    public long elementCount() {
        long count = 1;
        for (long dim : dims) {
            count *= dim;
        }
        return count;
    }

    /** Whether there is no element. */
    public boolean isEmpty() {
        return elementCount() == 0;
    }

    /**
     * The size of all elements in bytes.
     *
     * @param itemBytes the size of one
     * @throws IllegalArgumentException if it exceeds 2^63 - 1
     */
    public long byteCount(long itemBytes) {
        long count = elementCount();
        if (itemBytes > 0 && count > Long.MAX_VALUE / itemBytes) {
            throw new IllegalArgumentException(
                    "shape " + this + " with " + itemBytes + " bytes an element is more than 2^63 - 1 bytes");
        }
        return count * itemBytes;
    }

    /**
     * Distances between neighbours along each axis of a contiguous array, in units of {@code itemBytes} bytes: 1 counts
     * in elements. Axes of length 0 count as 1, as in NumPy.
     */
    long[] strides(Order order, long itemBytes) {
        long[] strides = new long[dims.length];
        long stride = itemBytes;
        for (int i = 0; i < dims.length; i++) {
            int axis = order == Order.C ? dims.length - 1 - i : i;
            strides[axis] = stride;
            stride *= Math.max(dims[axis], 1);
        }
        return strides;
    }

    /**
     * The order under which NumPy saves a contiguous array of this shape: {@link Order#C} if both orders are the same
     * bytes (at most one axis longer than 1, or empty).
     */
    Order savedOrder(Order order) {
        boolean same = isEmpty() || LongStream.of(dims).filter(dim -> dim > 1).count() <= 1;
        return same ? Order.C : order;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** As Python writes a tuple: {@code ()}, {@code (5,)}, {@code (3, 4)}. */
    @Override
    public String toString() {
        String lengths = LongStream.of(dims).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return "(" + lengths + (dims.length == 1 ? ",)" : ")");
    }
}
