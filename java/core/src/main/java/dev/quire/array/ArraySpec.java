package dev.quire.array;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Format, type and shape of an array to be created. Immutable: each method returns a changed one.
 *
 * @param format of the file; empty lets the file's name decide, as {@link #formatOf} says
 * @param dtype element type and byte order
 * @param shape length of each axis
 * @param order of the elements in the file
 */
public record ArraySpec(Optional<ArrayFormat> format, DType dtype, Shape shape, Order order) {
    /** Checks the format. */
    public ArraySpec {
        if (format.equals(Optional.of(ArrayFormat.NPZ))) {
            throw new IllegalArgumentException(
                    "a .npz archive cannot be created; create a .npy and store it with zip -0");
        }
    }

    /** An array in C order, in the format that the name of its file asks for. */
    public static ArraySpec of(DType dtype, Shape shape) {
        return new ArraySpec(Optional.empty(), dtype, shape, Order.C);
    }

    /** A {@code .npy} in C order, of a dtype as {@link DType#parse} reads it: {@code of("<f8", 1000, 3)}. */
    public static ArraySpec of(String dtype, long... shape) {
        return of(DType.parse(dtype), Shape.of(shape));
    }

    /** This format, whatever the name of the file is. */
    public ArraySpec format(ArrayFormat newFormat) {
        return new ArraySpec(Optional.of(newFormat), dtype, shape, order);
    }

    /**
     * The format that was given, or else the one that a file's name ends in: {@code .npy}, {@code .mmap} (SciRS2),
     * {@code .raw} or {@code .bin} (raw). Upper case is the same.
     *
     * @throws IllegalArgumentException if no format was given and the name has no such ending
     */
    public ArraySpec formatOf(Path path) {
        return format.isPresent() ? this : format(formatOfName(path));
    }

    private static ArrayFormat formatOfName(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending.length() < name.length() ? ending : "") {
            case "npy" -> ArrayFormat.NPY;
            case "mmap" -> ArrayFormat.SCIRS2;
            case "raw", "bin" -> ArrayFormat.RAW;
            case "npz" ->
                throw new IllegalArgumentException(
                        path + ": .npz archives can be read, not written; name the file .npy, or give a format");
            default ->
                throw new IllegalArgumentException(path
                        + ": the name does not end in an array format (.npy, .mmap, .raw, .bin); "
                        + "rename it, or give a format");
        };
    }

    /** Whether it was given, or found by {@link #formatOf}, that the file has this format. */
    public boolean hasFormat(ArrayFormat one) {
        return format.equals(Optional.of(one));
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

    /** The order in which the elements stand in the file: NumPy calls it C if both are the same bytes. */
    Order savedOrder() {
        return hasFormat(ArrayFormat.NPY) ? shape.savedOrder(order) : order;
    }

    /** The bytes in front of the data, after checking that the format, which must be known, can hold the array. */
    byte[] header(String file) throws ArrayFileException {
        return switch (format.orElseThrow()) {
            case NPY, NPZ -> npyHeader(file);
            case RAW -> new byte[0];
            case SCIRS2 -> sciHeader(file);
        };
    }

    private byte[] npyHeader(String file) throws ArrayFileException {
        if (!dtype.type().isOfNumPy()) {
            throw new ArrayFileException.UnsupportedDType(
                    file,
                    dtype.toString(),
                    "has no name in a .npy file; save it raw, or the bits as " + "u" + dtype.itemBytes()
                            + ", which view(dtype) shows as " + dtype + " again");
        }
        return NpyHeader.of(dtype, shape, savedOrder()).toBytes();
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
