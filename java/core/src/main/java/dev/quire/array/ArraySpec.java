package dev.quire.array;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Format, type and shape of an array to be created. Immutable: each method returns a changed one.
 *
 * @param format {@link ArrayFormat#NPZ} cannot be written
 * @param dtype element type and byte order
 * @param shape length of each axis
 * @param order of the elements in the file
 */
public record ArraySpec(ArrayFormat format, DType dtype, Shape shape, Order order) {
    /** Checks the format. */
    public ArraySpec {
        if (format == ArrayFormat.NPZ) {
            throw new IllegalArgumentException(
                    "a .npz archive cannot be created; create a .npy and store it with zip -0");
        }
    }

    /** A {@code .npy} in C order. */
    public static ArraySpec of(DType dtype, Shape shape) {
        return new ArraySpec(ArrayFormat.NPY, dtype, shape, Order.C);
    }

    /** A {@code .npy} in C order, of a dtype as {@link DType#parse} reads it: {@code of("<f8", 1000, 3)}. */
    public static ArraySpec of(String dtype, long... shape) {
        return of(DType.parse(dtype), Shape.of(shape));
    }

    /** Another format. */
    public ArraySpec format(ArrayFormat newFormat) {
        return new ArraySpec(newFormat, dtype, shape, order);
    }

    /** The format that a file's name asks for: {@code .mmap} SciRS2, {@code .raw} and {@code .bin} raw, else {@code .npy}. */
    public ArraySpec formatOf(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".mmap")) {
            return format(ArrayFormat.SCIRS2);
        }
        return format(name.endsWith(".raw") || name.endsWith(".bin") ? ArrayFormat.RAW : ArrayFormat.NPY);
    }

    /** Another element type or byte order. */
    public ArraySpec dtype(DType newType) {
        return new ArraySpec(format, newType, shape, order);
    }

    /** Another byte order. */
    public ArraySpec byteOrder(ByteOrder newOrder) {
        return dtype(dtype.withOrder(newOrder));
    }

    /** Another order of the elements. */
    public ArraySpec order(Order newOrder) {
        return new ArraySpec(format, dtype, shape, newOrder);
    }

    /** The bytes in front of the data, after checking that the format can hold the array. */
    byte[] header(String file) throws ArrayFileException {
        return switch (format) {
            case NPY, NPZ -> NpyHeader.of(dtype, shape, shape.savedOrder(order)).toBytes();
            case RAW -> new byte[0];
            case SCIRS2 -> sciHeader(file);
        };
    }

    private byte[] sciHeader(String file) throws ArrayFileException {
        if (dtype.order() != ByteOrder.LITTLE_ENDIAN || shape.savedOrder(order) != Order.C) {
            throw new ArrayFileException.UnsupportedDType(
                    file,
                    dtype + " in " + order + " order",
                    "cannot be stored in a SciRS2 .mmap file, which is little-endian and in C order");
        }
        return SciHeader.of(file, dtype.type(), shape).toBytes();
    }
}
