package dev.quire.cli;

import dev.quire.array.ArrayHeader;
import dev.quire.array.DType;
import dev.quire.array.Descriptor;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.array.UnmappableType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an array is, for programs and for people. */
record ArrayDescription(ArrayHeader header) {
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("format", Words.of(header.format()));
        facts.putAll(elements(header.descriptor(), header.shape(), header.order()));
        facts.put("dataOffset", header.dataOffset());
        facts.put("dataBytes", header.dataBytes());
        return facts;
    }

    /** Type, shape and order, in the words that every command uses. */
    static Map<String, Object> elements(Descriptor descriptor, Shape shape, Order order) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("dtype", descriptor);
        facts.put("shape", dims(shape));
        facts.put("order", Words.of(order));
        facts.put("byteOrder", Words.byteOrder(descriptor));
        return facts;
    }

    static List<Long> dims(Shape shape) {
        return Arrays.stream(shape.dims()).boxed().toList();
    }

    List<String> lines() {
        return List.of(
                "format       " + format(),
                "dtype        " + header.descriptor() + meaning(),
                "shape        " + header.shape() + ", "
                        + Text.count(header.shape().elementCount(), "element"),
                "order        "
                        + (header.order() == Order.C
                                ? "C, the last index runs fastest"
                                : "F, the first index runs fastest"),
                "data         " + Text.count(header.dataBytes(), "byte") + " from byte "
                        + Text.count(header.dataOffset()) + " on");
    }

    private String format() {
        return switch (header.format()) {
            case NPY -> "NumPy .npy";
            case NPZ -> "NumPy .npz, " + header.name();
            case SCIRS2 -> "SciRS2 .mmap";
            case RAW -> "raw numbers, as the options say";
        };
    }

    private String meaning() {
        return switch (header.descriptor()) {
            case DType dtype when dtype.type().itemBytes() == 1 -> " (" + dtype.type() + ")";
            case DType dtype -> " (" + dtype.type() + ", " + Words.byteOrder(dtype) + ")";
            case UnmappableType type -> " (" + type.kind() + ", which cannot be mapped)";
            default -> " (structured; --field chooses one)";
        };
    }

    /** In one line, as a member of an archive. */
    String line() {
        return header.descriptor() + meaning() + ", shape " + header.shape() + ", " + Text.bytes(header.dataBytes());
    }
}
