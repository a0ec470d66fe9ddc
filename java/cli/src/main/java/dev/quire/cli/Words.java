package dev.quire.cli;

import dev.quire.array.ArrayFormat;
import dev.quire.array.DType;
import dev.quire.array.Descriptor;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/** What arrays are, in the words that the command line takes and prints: NumPy's. */
final class Words {
    private Words() {}

    /** The lengths of the axes. */
    @SuppressWarnings("ArrayRecordComponent") // read once, by who had it parsed
    record Lengths(long[] dims) {
        Shape shape() {
            return Shape.of(dims);
        }
    }

    /** The dtype of a text; one without a sign is little-endian, as files are, whatever the machine is. */
    static DType dtype(String text) {
        DType parsed = DType.parse(text);
        return Character.isLetter(text.charAt(0)) ? parsed.withOrder(ByteOrder.LITTLE_ENDIAN) : parsed;
    }

    /** {@code 1000,3}, in parentheses or not; {@code ()} is a single element, and -1 a length that the file tells. */
    static Lengths lengths(String text) {
        String inner = text.strip();
        if (inner.startsWith("(") && inner.endsWith(")")) {
            inner = inner.substring(1, inner.length() - 1).strip();
        }
        inner = inner.endsWith(",") ? inner.substring(0, inner.length() - 1) : inner;
        if (inner.isEmpty() && text.contains("(")) {
            return new Lengths(new long[0]);
        }
        try {
            long[] dims = Arrays.stream(inner.split(",", -1))
                    .map(String::strip)
                    .mapToLong(Long::parseLong)
                    .toArray();
            Shape.of(Arrays.stream(dims).map(dim -> dim == -1 ? 1 : dim).toArray());
            return new Lengths(dims);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a shape; write 1000 or 1000,3", e);
        }
    }

    static Order order(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "C" -> Order.C;
            case "F", "FORTRAN" -> Order.FORTRAN;
            default -> throw new IllegalArgumentException("'" + text + "' is not an order; write C or F (Fortran)");
        };
    }

    static ByteOrder byteOrder(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "little", "little-endian", "<" -> ByteOrder.LITTLE_ENDIAN;
            case "big", "big-endian", ">" -> ByteOrder.BIG_ENDIAN;
            default -> throw new IllegalArgumentException("'" + text + "' is not a byte order; write little or big");
        };
    }

    /** A format that can be written. */
    static ArrayFormat format(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "npy" -> ArrayFormat.NPY;
            case "mmap" -> ArrayFormat.SCIRS2;
            case "raw" -> ArrayFormat.RAW;
            default ->
                throw new IllegalArgumentException(
                        "'" + text + "' is not a format that can be written; choose npy, mmap (of SciRS2) or raw");
        };
    }

    static String of(ArrayFormat format) {
        return switch (format) {
            case NPY -> "npy";
            case NPZ -> "npz";
            case SCIRS2 -> "mmap";
            case RAW -> "raw";
        };
    }

    static String of(Order order) {
        return order == Order.C ? "C" : "F";
    }

    /** The order of the bytes of a number, if it has several. */
    static String byteOrder(Descriptor descriptor) {
        if (!(descriptor instanceof DType dtype) || dtype.type().itemBytes() == 1) {
            return "not applicable";
        }
        return dtype.order() == ByteOrder.LITTLE_ENDIAN ? "little-endian" : "big-endian";
    }
}
