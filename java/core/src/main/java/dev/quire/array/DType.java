package dev.quire.array;

import java.nio.ByteOrder;
import java.util.Optional;

/**
 * An element type with its byte order: what NumPy calls a dtype. Types of one byte have no order; theirs is kept as the
 * machine's, so that equal dtypes are equal records.
 *
 * @param type what an element is
 * @param order the order of the bytes within an element, or within each half of a complex one
 */
public record DType(ElementType type, ByteOrder order) implements Descriptor {

    /** Drops the byte order of one-byte types. */
    public DType {
        if (type.itemBytes() == 1) {
            order = ByteOrder.nativeOrder();
        }
    }

    /** The type in the machine's byte order. */
    public static DType of(ElementType type) {
        return new DType(type, ByteOrder.nativeOrder());
    }

    /**
     * Reads what NumPy writes ({@code <f8}, {@code |u1}) and what people write ({@code f8}, {@code =f8},
     * {@code float64}, {@code d}). No prefix, {@code =} and {@code |} mean the machine's byte order.
     *
     * @throws IllegalArgumentException if the text is not the dtype of a mappable element
     */
    public static DType parse(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException(complaint(text)));
    }

    static Optional<DType> find(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return switch (text.charAt(0)) {
            case '<' -> find(text.substring(1), ByteOrder.LITTLE_ENDIAN);
            case '>' -> find(text.substring(1), ByteOrder.BIG_ENDIAN);
            case '=', '|' -> find(text.substring(1), ByteOrder.nativeOrder());
            default -> find(text, ByteOrder.nativeOrder());
        };
    }

    private static Optional<DType> find(String name, ByteOrder order) {
        return ElementType.find(name).map(type -> new DType(type, order));
    }

    private static String complaint(String text) {
        String quoted = PythonText.excerpt(text);
        return UnmappableType.find(text)
                .map(found -> quoted + " is a dtype of " + found.kind() + ", which cannot be mapped")
                .orElse(quoted + " is not a dtype; one looks like <f8, >i4, u1 or float64");
    }

    @Override
    public long itemBytes() {
        return type.itemBytes();
    }

    /** This type in the given byte order. */
    public DType withOrder(ByteOrder newOrder) {
        return new DType(type, newOrder);
    }

    /** The descriptor as NumPy writes it: {@code <f8}, {@code >i2}, {@code |u1}. */
    @Override
    public String toString() {
        if (type.itemBytes() == 1) {
            return "|" + type.code();
        }
        return (order == ByteOrder.LITTLE_ENDIAN ? "<" : ">") + type.code();
    }
}
