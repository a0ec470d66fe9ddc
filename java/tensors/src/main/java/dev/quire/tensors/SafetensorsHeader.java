package dev.quire.tensors;

import dev.quire.array.Order;
import dev.quire.array.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file, as strict as the reference: the data is covered without gap or overlap to the end
 * of the file, and every range has the size that type and shape say.
 */
final class SafetensorsHeader implements Contents {
    /** In front of the header: its length. */
    static final int LENGTH_BYTES = Long.BYTES;

    static final String METADATA = "__metadata__";

    private final Source source;
    private final long length;
    private final List<TensorInfo> tensors = new ArrayList<>();
    private final Map<String, TensorInfo> byName = new HashMap<>();
    private boolean hasMetadata;

    private SafetensorsHeader(Source source, long length) {
        this.source = source;
        this.length = length;
    }

    /**
     * Whether a file has the frame: a length that a header may have and the file holds, and the first character of the
     * header. First bytes alone say nothing, since the length may look like the beginning of any other format.
     */
    static boolean matches(Source source) {
        if (source.length() <= LENGTH_BYTES) {
            return false;
        }
        long length = lengthIn(source);
        return length > 0
                && length <= Math.min(Json.MAX_BYTES, source.length() - LENGTH_BYTES)
                && source.bytes().get(LENGTH_BYTES) == '{';
    }

    private static long lengthIn(Source source) {
        byte[] bytes = new byte[LENGTH_BYTES];
        source.bytes().copyTo(0, bytes, 0, LENGTH_BYTES);
        long length = 0;
        for (int i = LENGTH_BYTES - 1; i >= 0; i--) {
            length = length << 8 | (bytes[i] & 0xff);
        }
        return length;
    }

    static SafetensorsHeader read(Source source) throws IOException {
        if (source.length() <= LENGTH_BYTES) {
            throw new TensorFileException.Truncated(
                    source.name(), "a safetensors header", LENGTH_BYTES + 2, source.length());
        }
        long length = lengthIn(source);
        if (length < 0 || length > Json.MAX_BYTES) {
            throw source.bad("the header's length is " + Long.toUnsignedString(length) + " bytes; the most is "
                    + Json.MAX_BYTES);
        }
        if (length > source.length() - LENGTH_BYTES) {
            throw new TensorFileException.Truncated(
                    source.name(), "the header", LENGTH_BYTES + length, source.length());
        }
        if (length == 0 || source.bytes().get(LENGTH_BYTES) != '{') {
            throw source.bad("the header does not begin with {");
        }
        source.dataStart(LENGTH_BYTES + length);
        SafetensorsHeader header = new SafetensorsHeader(source, length);
        Json.readObject(source, LENGTH_BYTES, length, header::readTensors);
        header.checkCover();
        return header;
    }

    private void readTensors(Json json) throws IOException {
        TensorReader reader = new TensorReader(json);
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            if (name.equals(METADATA)) {
                checkMetadata(json);
            } else {
                TensorInfo info = reader.read(name);
                tensors.add(info);
                if (byName.put(name, info) != null) {
                    throw source.bad("tensor " + Quoted.of(name) + " is there more than once");
                }
            }
        }
    }

    /** Every byte of the data belongs to one tensor. */
    private void checkCover() throws TensorFileException {
        tensors.sort(Comparator.comparingLong(TensorInfo::relativeOffset).thenComparingLong(TensorInfo::byteSize));
        long end = 0;
        for (TensorInfo tensor : tensors) {
            if (tensor.relativeOffset() != end) {
                throw source.bad("tensor " + Quoted.of(tensor.name()) + " begins at byte " + tensor.relativeOffset()
                        + " of the data, and the tensors before it end at " + end);
            }
            end += tensor.byteSize();
        }
        long found = source.length() - source.dataStart();
        if (end > found) {
            throw new TensorFileException.Truncated(
                    source.name(), "the tensors", Source.end(source.dataStart(), end), source.length());
        }
        if (end < found) {
            throw source.bad((found - end) + " bytes follow the last tensor");
        }
    }

    // -------------------------------------------------------------------------------------------------- metadata

    /** Texts only, each key once. They are read when they are asked for. */
    private void checkMetadata(Json json) throws IOException {
        if (hasMetadata) {
            throw source.bad(METADATA + " is there more than once");
        }
        hasMetadata = true;
        List<String> keys = new ArrayList<>();
        json.beginObject(METADATA);
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            json.skipText("a value of " + METADATA);
            keys.add(key);
        }
        Collections.sort(keys);
        for (int i = 1; i < keys.size(); i++) {
            if (keys.get(i).equals(keys.get(i - 1))) {
                throw source.bad("the key " + Quoted.of(keys.get(i)) + " of " + METADATA + " is there more than once");
            }
        }
    }

    @Override
    public Map<String, MetadataValue> metadata() throws IOException {
        Map<String, MetadataValue> all = new LinkedHashMap<>();
        if (hasMetadata) {
            Json.readObject(source, LENGTH_BYTES, length, json -> {
                for (String name = json.nextName(); name != null; name = json.nextName()) {
                    if (name.equals(METADATA)) {
                        json.beginObject(METADATA);
                        for (String key = json.nextName(); key != null; key = json.nextName()) {
                            all.put(key, MetadataValue.of(json.text("a value of " + METADATA)));
                        }
                    } else {
                        json.skip();
                    }
                }
            });
        }
        return all;
    }

    // --------------------------------------------------------------------------------------------------- tensors

    /** Reads what the header says of one tensor after the other. */
    private final class TensorReader {
        private final Json json;
        private final long[] dims = new long[Shape.MAX_RANK];
        private int rank;
        private @Nullable TensorType type;
        private long begin;
        private long end;

        TensorReader(Json json) {
            this.json = json;
        }

        TensorInfo read(String name) throws IOException {
            type = null;
            rank = -1;
            begin = -1;
            json.beginObject("what the header says of a tensor");
            for (String key = json.nextName(); key != null; key = json.nextName()) {
                switch (key) {
                    case "dtype" -> readType(name);
                    case "shape" -> readShape(name);
                    case "data_offsets" -> readOffsets(name);
                    default -> json.skip(); // as the reference does
                }
            }
            if (type == null || rank < 0 || begin < 0) {
                throw source.bad("tensor " + Quoted.of(name) + " does not have dtype, shape and data_offsets");
            }
            return checked(name, type, Arrays.copyOf(dims, rank));
        }

        private TensorInfo checked(String name, TensorType type, long[] shape) throws TensorFileException {
            long bytes;
            try {
                bytes = type.bytesOf(Shape.of(shape).elementCount());
            } catch (IllegalArgumentException impossible) {
                throw new TensorFileException.BadHeader(
                        source.name(), "tensor " + Quoted.of(name) + ": " + impossible.getMessage(), impossible);
            }
            if (end < begin || bytes != end - begin) {
                throw source.bad("tensor " + Quoted.of(name) + " has the bytes from " + begin + " to " + end
                        + ", and shape " + Shape.of(shape) + " of " + type
                        + (bytes < 0 ? " does not end on a byte that can be counted" : " has " + bytes));
            }
            return new TensorInfo(source, name, type, shape, Order.C, begin, bytes);
        }

        private void readType(String name) throws IOException {
            requireFirst(type == null, name, "dtype");
            String text = json.text("a dtype");
            type = TensorType.ofSafetensors(text);
            if (type == null) {
                throw new TensorFileException.UnsupportedType(
                        source.name(), Quoted.of(text), "of tensor " + Quoted.of(name) + " is not known");
            }
        }

        private void readShape(String name) throws IOException {
            requireFirst(rank < 0, name, "shape");
            json.beginArray("a shape");
            rank = 0;
            for (long dim = json.nextNumber("a shape"); dim >= 0; dim = json.nextNumber("a shape")) {
                if (rank == dims.length) {
                    throw source.bad("tensor " + Quoted.of(name) + " has more than " + dims.length + " axes");
                }
                dims[rank++] = dim;
            }
        }

        private void readOffsets(String name) throws IOException {
            requireFirst(begin < 0, name, "data_offsets");
            json.beginArray("data_offsets");
            begin = json.nextNumber("data_offsets");
            end = begin < 0 ? -1 : json.nextNumber("data_offsets");
            if (end < 0 || json.nextNumber("data_offsets") >= 0) {
                throw source.bad("tensor " + Quoted.of(name) + " has data_offsets that are not two numbers");
            }
        }

        private void requireFirst(boolean isFirst, String name, String key) throws TensorFileException {
            if (!isFirst) {
                throw source.bad("tensor " + Quoted.of(name) + " has " + key + " more than once");
            }
        }
    }

    @Override
    public List<String> names() {
        return tensors.stream().map(TensorInfo::name).toList();
    }

    @Override
    public @Nullable TensorInfo find(String name) {
        return byName.get(name);
    }
}
