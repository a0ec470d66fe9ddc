package dev.quire.tensors;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A value of a file's metadata. Safetensors has texts only; GGUF has numbers, truth values, texts, and arrays of these
 * or of arrays. An array stays in the file until it is asked for: it costs nothing however long it is, and what reads
 * it needs the {@link TensorFile} open.
 */
public final class MetadataValue {
    /** How many elements {@link #text()} shows of an array. */
    private static final int SHOWN = 8;

    private final Type type;
    private final Object value;

    private MetadataValue(Type type, Object value) {
        this.type = type;
        this.value = value;
    }

    /** What a value can be, in the sequence of GGUF's numbers for them. */
    public enum Type {
        /** Unsigned 8-bit integer. */
        UINT8(1),
        /** Signed 8-bit integer. */
        INT8(1),
        /** Unsigned 16-bit integer. */
        UINT16(2),
        /** Signed 16-bit integer. */
        INT16(2),
        /** Unsigned 32-bit integer. */
        UINT32(4),
        /** Signed 32-bit integer. */
        INT32(4),
        /** Single-precision float. */
        FLOAT32(4),
        /** True or false. */
        BOOL(1),
        /** Text. */
        STRING(0),
        /** Values of one type, which may be arrays. */
        ARRAY(0),
        /** Unsigned 64-bit integer, kept as the bits of a {@code long}. */
        UINT64(8),
        /** Signed 64-bit integer. */
        INT64(8),
        /** Double-precision float. */
        FLOAT64(8);

        private static final Type[] ALL = values();

        /** In a file; 0 if that differs. */
        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        static Optional<Type> of(int number) {
            return number < 0 || number >= ALL.length ? Optional.empty() : Optional.of(ALL[number]);
        }

        private boolean isWhole() {
            return bytes > 0 && this != FLOAT32 && this != FLOAT64 && this != BOOL;
        }
    }

    /** An array in a file: what it is made of, how long, and where its first element is. */
    record Stored(Source source, Type elementType, long length, long offset) {}

    static MetadataValue of(String text) {
        return new MetadataValue(Type.STRING, text);
    }

    static MetadataValue of(Type type, long bits) {
        return new MetadataValue(type, bits);
    }

    static MetadataValue of(Type type, double number) {
        return new MetadataValue(type, number);
    }

    static MetadataValue of(boolean truth) {
        return new MetadataValue(Type.BOOL, truth);
    }

    static MetadataValue of(Stored array) {
        return new MetadataValue(Type.ARRAY, array);
    }

    /** What it is. */
    public Type type() {
        return type;
    }

    /**
     * The value as text: a text as it is, a number as Java writes it, of an array the first elements and their number.
     * Bytes that are no UTF-8 are shown as U+FFFD.
     *
     * @throws IOException if it is an array, and the file no longer is what it was when it was opened
     */
    public String text() throws IOException {
        if (!(value instanceof Stored array)) {
            return type == Type.UINT64 ? Long.toUnsignedString((Long) value) : value.toString();
        }
        StringBuilder text = new StringBuilder("[");
        for (MetadataValue element : GgufValues.elements(array, SHOWN)) {
            text.append(text.length() == 1 ? "" : ", ").append(element.type == Type.ARRAY ? "[...]" : element.text());
        }
        return text.append(array.length > SHOWN ? ", ... " + array.length + " in all]" : "]")
                .toString();
    }

    /**
     * A whole number; one of 64 bits without a sign as the bits of a {@code long}.
     *
     * @throws UnsupportedOperationException if it is something else
     */
    public long asLong() {
        require(type.isWhole(), "a whole number");
        return (Long) value;
    }

    /**
     * A number; whole ones are rounded to the nearest double.
     *
     * @throws UnsupportedOperationException if it is something else
     */
    public double asDouble() {
        if (type == Type.FLOAT32 || type == Type.FLOAT64) {
            return (Double) value;
        }
        long whole = asLong();
        return type == Type.UINT64 && whole < 0 ? (whole >>> 1 | (whole & 1)) * 2.0 : whole;
    }

    /**
     * True or false.
     *
     * @throws UnsupportedOperationException if it is something else
     */
    public boolean asBoolean() {
        require(type == Type.BOOL, "true or false");
        return (Boolean) value;
    }

    // ----------------------------------------------------------------------------------------------------- arrays

    /**
     * How many elements an array has.
     *
     * @throws UnsupportedOperationException if it is none
     */
    public long length() {
        return array().length;
    }

    /**
     * What the elements of an array are.
     *
     * @throws UnsupportedOperationException if it is none
     */
    public Type elementType() {
        return array().elementType;
    }

    /**
     * The elements of an array. Reads them all; arrays among them stay in the file.
     *
     * @throws IOException if the file no longer is what it was when it was opened
     * @throws UnsupportedOperationException if it is no array
     * @throws IllegalStateException if the file is closed
     */
    public List<MetadataValue> elements() throws IOException {
        return GgufValues.elements(array(), Integer.MAX_VALUE);
    }

    /**
     * The elements of an array of texts. Bytes that are no UTF-8 are read as U+FFFD.
     *
     * @throws IOException if the file no longer is what it was when it was opened
     * @throws UnsupportedOperationException if it is no array of texts
     * @throws IllegalStateException if the file is closed
     */
    public List<String> toStrings() throws IOException {
        requireElements(array().elementType == Type.STRING, "texts");
        List<String> texts = new ArrayList<>();
        for (MetadataValue element : elements()) {
            texts.add((String) element.value);
        }
        return texts;
    }

    /**
     * The elements of an array of whole numbers, as {@link #asLong()} has them.
     *
     * @throws IOException if the file no longer is what it was when it was opened
     * @throws UnsupportedOperationException if it is no array of whole numbers
     * @throws IllegalStateException if the file is closed
     */
    public long[] toLongs() throws IOException {
        requireElements(array().elementType.isWhole(), "whole numbers");
        return GgufValues.longs(array());
    }

    /**
     * The elements of an array of numbers, as {@link #asDouble()} has them.
     *
     * @throws IOException if the file no longer is what it was when it was opened
     * @throws UnsupportedOperationException if it is no array of numbers
     * @throws IllegalStateException if the file is closed
     */
    public double[] toDoubles() throws IOException {
        Type element = array().elementType;
        requireElements(element.isWhole() || element == Type.FLOAT32 || element == Type.FLOAT64, "numbers");
        return GgufValues.doubles(array());
    }

    private Stored array() {
        require(type == Type.ARRAY, "an array");
        return (Stored) value;
    }

    private void require(boolean fits, String wanted) {
        if (!fits) {
            throw new UnsupportedOperationException("the value is " + type + ", not " + wanted);
        }
    }

    private void requireElements(boolean fit, String wanted) {
        if (!fit) {
            throw new UnsupportedOperationException("the value is an array of " + elementType() + ", not of " + wanted);
        }
    }

    /** What {@link #text()} says of a single value; of an array its type and length. */
    @Override
    public String toString() {
        return value instanceof Stored array
                ? array.length + " of " + array.elementType
                : type == Type.UINT64 ? Long.toUnsignedString((Long) value) : value.toString();
    }
}
