package dev.quire.array;

import java.util.Arrays;
import java.util.Objects;

/**
 * What the bytes of a file without a header are.
 *
 * @param dtype element type and byte order
 * @param dims length of each axis; one may be -1, for as many as the file has
 * @param order of the elements
 * @param offset bytes before the first element; needs no alignment
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and on the way out
public record RawLayout(DType dtype, long[] dims, Order order, long offset) {
    /** Copies the lengths and checks them. */
    public RawLayout {
        dims = dims.clone();
        int open = 0;
        for (long dim : dims) {
            open += dim == -1 ? 1 : 0;
            if (dim < -1) {
                throw new IllegalArgumentException(
                        "dimension " + dim + " is negative; -1 is the one that the file's size gives");
            }
        }
        if (open > 1 || offset < 0) {
            throw new IllegalArgumentException(open > 1 ? "more than one dimension of -1" : "offset " + offset);
        }
    }

    /** C order from the first byte on. */
    public static RawLayout of(DType dtype, long... dims) {
        return new RawLayout(dtype, dims, Order.C, 0);
    }

    /** Another order of the elements. */
    public RawLayout order(Order newOrder) {
        return new RawLayout(dtype, dims, newOrder, offset);
    }

    /** Another beginning. */
    public RawLayout offset(long bytes) {
        return new RawLayout(dtype, dims, order, bytes);
    }

    @Override
    public long[] dims() {
        return dims.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawLayout raw
                && dtype.equals(raw.dtype)
                && Arrays.equals(dims, raw.dims)
                && order == raw.order
                && offset == raw.offset;
    }

    @Override
    public int hashCode() {
        return Objects.hash(dtype, Arrays.hashCode(dims), order, offset);
    }

    @Override
    public String toString() {
        return dtype + " " + Arrays.toString(dims) + " in " + order + " order from byte " + offset;
    }

    /** The shape in a file of a length. */
    Shape shapeIn(String file, long length) throws ArrayFileException {
        long room = length - offset;
        long[] lengths = dims.clone();
        int open = -1;
        for (int axis = 0; axis < lengths.length; axis++) {
            if (lengths[axis] == -1) {
                open = axis;
                lengths[axis] = 1;
            }
        }
        long row = Shape.of(lengths).byteCount(dtype.itemBytes());
        if (open >= 0) {
            if (room < 0) {
                throw new ArrayFileException.Truncated(file, "data from byte " + offset + " on", offset, length);
            }
            if (row == 0) {
                throw new ArrayFileException.ShapeMismatch(
                        file, "no length is right for -1 in " + Arrays.toString(dims) + ", which has no elements");
            }
            lengths[open] = room / row;
            if (room % row != 0) {
                throw new ArrayFileException.ShapeMismatch(
                        file,
                        "the " + room + " bytes from byte " + offset + " on are not a multiple of " + row + "; shape "
                                + Shape.of(lengths) + " leaves out the last " + room % row);
            }
        } else if (room < row) {
            throw new ArrayFileException.Truncated(
                    file, "shape " + Shape.of(lengths) + " of " + dtype, offset + row, length);
        }
        return Shape.of(lengths);
    }
}
