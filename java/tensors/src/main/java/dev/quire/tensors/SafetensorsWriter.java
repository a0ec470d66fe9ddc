package dev.quire.tensors;

import dev.quire.array.ArrayConversion;
import dev.quire.array.ArrayFormat;
import dev.quire.array.ArraySpec;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.ElementType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.array.WriteOptions;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a safetensors file, byte for byte what the reference writer makes of the same tensors: the types in its
 * sequence, names in the sequence of their characters, the header filled up to a multiple of 8 bytes. (Of more than one
 * entry of metadata the reference has no sequence; here it is that in which they were added.)
 *
 * {@snippet :
 * new SafetensorsWriter()
 *         .metadata("format", "pt")
 *         .add("weight", grid)                                       // any view: little-endian, C order in the file
 *         .add("bias", TensorType.F32, Shape.of(1024), bytes -> ...)  // filled when its turn comes
 *         .write(path, WriteOptions.DEFAULT);
 * }
 *
 * <p>The tensors are stored one after the other into the mapped new file, which gets its name when it is whole and on
 * the device; until then a file of that name stays. Needs heap for the header only. One thread.
 */
public final class SafetensorsWriter {
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, Entry> entries = new TreeMap<>(SafetensorsWriter::compareCodePoints);

    /** Stores the bytes of a tensor. */
    @FunctionalInterface
    public interface Filler {
        /**
         * Stores all bytes, little-endian and in C order. Those that are not stored stay zero.
         *
         * @throws IOException what ends the writing: no file is there then, and one that was to be replaced stays
         */
        void fill(ByteSlice bytes) throws IOException;
    }

    private record Entry(TensorType type, Shape shape, long bytes, Filler filler) {}

    /** A writer without tensors and metadata. */
    public SafetensorsWriter() {}

    /**
     * Adds an entry to the metadata, or replaces it.
     *
     * @throws IllegalArgumentException if a text has half of a surrogate pair
     */
    public SafetensorsWriter metadata(String key, String value) {
        requireText(key);
        requireText(value);
        metadata.put(key, value);
        return this;
    }

    /**
     * Adds an array, which is read when the file is written.
     *
     * @throws IllegalArgumentException if there is a tensor of that name, or safetensors does not have the type
     */
    public SafetensorsWriter add(String name, ArrayView array) {
        if (!(array.descriptor() instanceof DType dtype)) {
            throw new IllegalArgumentException("safetensors has no records: " + Quoted.of(name));
        }
        TensorType type = TensorType.of(dtype.type())
                .filter(TensorType::isOfSafetensors)
                .orElseThrow(
                        () -> new IllegalArgumentException("safetensors has no " + dtype + ": " + Quoted.of(name)));
        DType stored = dtype.withOrder(ByteOrder.LITTLE_ENDIAN);
        return add(
                name,
                type,
                array.shape(),
                bytes -> ArrayView.over(bytes, stored, array.shape(), Order.C).copyFrom(array));
    }

    /**
     * Adds a tensor of any type that safetensors has, whose bytes a function stores when the file is written.
     *
     * @throws IllegalArgumentException if there is a tensor of that name, safetensors does not have the type, or the
     *     elements do not end on a byte
     */
    public SafetensorsWriter add(String name, TensorType type, Shape shape, Filler filler) {
        requireText(name);
        long bytes = type.bytesOf(shape.elementCount());
        if (name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException("no tensor can be called " + name);
        }
        if (!type.isOfSafetensors()) {
            throw new IllegalArgumentException("safetensors has no " + type + ": " + Quoted.of(name));
        }
        if (bytes < 0) {
            throw new IllegalArgumentException(
                    "shape " + shape + " of " + type + " does not end on a byte that can be counted");
        }
        if (entries.putIfAbsent(name, new Entry(type, shape, bytes, filler)) != null) {
            throw new IllegalArgumentException("two tensors are called " + Quoted.of(name));
        }
        return this;
    }

    private static void requireText(String text) {
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("half of a surrogate pair in " + Quoted.of(text), e);
        }
    }

    /** The sequence of the UTF-8 bytes, which is not that of Java's characters. */
    private static int compareCodePoints(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            if (one.charAt(i) != other.charAt(i)) {
                return Integer.compare(codePoint(one, i), codePoint(other, i));
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    private static int codePoint(String text, int i) {
        boolean isSecondHalf = i > 0 && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
        return text.codePointAt(isSecondHalf ? i - 1 : i);
    }

    /**
     * Writes the file.
     *
     * @param options what becomes of a file that has the name
     * @throws dev.quire.error.MappingException if the system refuses the file, its size or its name
     * @throws dev.quire.error.MemoryFaultException if an array's file has lost bytes of it
     * @throws IllegalArgumentException if the header would be longer than the 100,000,000 bytes that readers take
     */
    public void write(Path path, WriteOptions options) throws IOException {
        List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Comparator.comparing((Map.Entry<String, Entry> entry) -> entry.getValue().type)
                .reversed()); // stable: names stay sorted
        byte[] header = header(sorted);
        long total = (long) SafetensorsHeader.LENGTH_BYTES + header.length;
        for (Entry entry : entries.values()) {
            total = Math.addExact(total, entry.bytes);
        }
        ArraySpec spec =
                ArraySpec.of(DType.of(ElementType.UINT8), Shape.of(total)).format(ArrayFormat.RAW);
        ArrayConversion.create(path, spec, options, file -> store(file.bytes(), header, sorted));
    }

    private static void store(ByteSlice file, byte[] header, List<Map.Entry<String, Entry>> sorted) throws IOException {
        byte[] length = ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array();
        file.copyFrom(0, length, 0, length.length);
        file.copyFrom(length.length, header, 0, header.length);
        long at = (long) length.length + header.length;
        for (Map.Entry<String, Entry> entry : sorted) {
            long bytes = entry.getValue().bytes;
            entry.getValue().filler.fill(file.slice(at, bytes));
            at += bytes;
        }
    }

    // ----------------------------------------------------------------------------------------------------- header

    private byte[] header(List<Map.Entry<String, Entry>> sorted) {
        StringBuilder json = new StringBuilder("{");
        if (!metadata.isEmpty()) {
            append(json, SafetensorsHeader.METADATA).append(":{");
            for (Map.Entry<String, String> pair : metadata.entrySet()) {
                append(separated(json), pair.getKey()).append(':');
                append(json, pair.getValue());
            }
            json.append('}');
        }
        long at = 0;
        for (Map.Entry<String, Entry> entry : sorted) {
            Entry tensor = entry.getValue();
            append(separated(json), entry.getKey())
                    .append(":{\"dtype\":\"")
                    .append(tensor.type)
                    .append("\",\"shape\":[");
            for (long dim : tensor.shape.dims()) {
                separated(json).append(dim);
            }
            json.append("],\"data_offsets\":[").append(at).append(',').append(at + tensor.bytes);
            json.append("]}");
            at = Math.addExact(at, tensor.bytes);
        }
        byte[] text = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        int length = Math.ceilDiv(text.length, 8) * 8;
        if (length > Json.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a header of " + length + " bytes; the most that readers take is " + Json.MAX_BYTES);
        }
        byte[] padded = Arrays.copyOf(text, length);
        Arrays.fill(padded, text.length, length, (byte) ' ');
        return padded;
    }

    /** With a comma, unless it follows a bracket. */
    private static StringBuilder separated(StringBuilder json) {
        char last = json.charAt(json.length() - 1);
        return last == '{' || last == '[' ? json : json.append(',');
    }

    /** A text as the reference's JSON library writes it. */
    private static StringBuilder append(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"');
    }
}
