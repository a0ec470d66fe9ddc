package dev.quire.tensors;

import dev.quire.array.Order;
import dev.quire.array.Shape;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a GGUF file, with the limits of the reference reader: keys, names, axes, alignment, and tensors one
 * behind the other. What it keeps of the metadata is where each value lies.
 */
final class GgufHeader implements Contents {
    private static final byte[] MAGIC = {'G', 'G', 'U', 'F'};
    private static final String ALIGNMENT_KEY = "general.alignment";
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MAX_KEY = 65_535;

    /** With the zero that ends it in C: {@code GGML_MAX_NAME}. */
    private static final int MAX_NAME = 64;

    private static final int MAX_AXES = 4;

    /** Lengths of key or name, types, and a value of a byte or an offset: what counts are compared with. */
    private static final int LEAST_PAIR = 8 + 1 + 4 + 1;

    private static final int LEAST_TENSOR = 8 + 4 + 4 + 8;

    /** A pair, and where its value is. */
    private record Pair(String key, MetadataValue.Type type, long offset) {}

    private final Source source;
    private final HeaderReader in;

    /** In the file's sequence, and by key. */
    private final List<Pair> pairs = new ArrayList<>();

    private Pair[] sorted = {};
    private final List<TensorInfo> tensors = new ArrayList<>();
    private final Map<String, TensorInfo> byName = new HashMap<>();

    private GgufHeader(Source source) {
        this.source = source;
        this.in = new HeaderReader(source, MAGIC.length + Integer.BYTES);
    }

    static boolean matches(byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** @param file begins as {@link #matches} wants it; its byte order is found here */
    static GgufHeader read(Source file) throws TensorFileException {
        HeaderReader start = new HeaderReader(file.withOrder(ByteOrder.LITTLE_ENDIAN), MAGIC.length, Integer.BYTES);
        int version = start.readInt("the version");
        boolean isBig = (version & 0xffff) == 0;
        int number = isBig ? Integer.reverseBytes(version) : version;
        if (number != 2 && number != 3) {
            throw new TensorFileException.UnsupportedVersion(
                    file.name(), Integer.toUnsignedString(number), "GGUF 2 and 3");
        }
        GgufHeader header = new GgufHeader(file.withOrder(isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN));
        header.parse();
        return header;
    }

    private void parse() throws TensorFileException {
        long tensorCount = in.readLong("the number of tensors");
        long pairCount = in.readLong("the number of metadata pairs");
        requireCount("metadata pairs", pairCount, LEAST_PAIR);
        for (long i = 0; i < pairCount; i++) {
            readPair();
        }
        sortPairs();
        requireCount("tensors", tensorCount, LEAST_TENSOR);
        long alignment = alignment();
        long end = 0;
        for (long i = 0; i < tensorCount; i++) {
            end = readTensor(end, alignment);
        }
        source.dataStart(padded(in.position(), alignment));
        for (TensorInfo tensor : tensors) {
            long needed = Source.end(tensor.offset(), tensor.byteSize());
            if (needed > source.length()) {
                throw new TensorFileException.Truncated(
                        source.name(), "tensor " + Quoted.of(tensor.name()), needed, source.length());
            }
        }
    }

    /** A count that the rest of the file cannot hold is refused before anything is done for it. */
    private void requireCount(String what, long count, int least) throws TensorFileException {
        if (count < 0 || count > in.remaining() / least) {
            throw source.bad("the header counts " + Long.toUnsignedString(count) + " " + what + ", and only "
                    + in.remaining() + " bytes follow");
        }
    }

    /** The next multiple of a power of two; 2^63 - 1 if that is none of a long. */
    private static long padded(long size, long alignment) {
        long padded = (size + alignment - 1) & -alignment;
        return padded < 0 ? Long.MAX_VALUE : padded;
    }

    // -------------------------------------------------------------------------------------------------- metadata

    private void readPair() throws TensorFileException {
        long length = in.readLong("a key");
        if (length == 0) {
            throw source.bad("a key of the metadata is empty");
        }
        if (length < 0 || length > MAX_KEY) {
            throw source.bad(
                    "a key of the metadata has " + Long.toUnsignedString(length) + " bytes; the most is " + MAX_KEY);
        }
        String key = in.readText("a key", (int) length);
        if (!isAscii(key)) {
            throw source.bad("the key " + Quoted.of(key) + " has characters other than those of ASCII");
        }
        MetadataValue.Type type = GgufValues.type(in, source, "the value of a key");
        long offset = in.position();
        GgufValues.skip(in, source, type, "the value of a key", 0);
        pairs.add(new Pair(key, type, offset));
    }

    private static boolean isAscii(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) < ' ' || key.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private void sortPairs() throws TensorFileException {
        sorted = pairs.toArray(new Pair[0]);
        Arrays.sort(sorted, Comparator.comparing(Pair::key));
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i].key.equals(sorted[i - 1].key)) {
                throw source.bad("the key " + Quoted.of(sorted[i].key) + " is there more than once");
            }
        }
    }

    private @Nullable Pair pair(String key) {
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int comparison = sorted[middle].key.compareTo(key);
            if (comparison == 0) {
                return sorted[middle];
            }
            if (comparison < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    private MetadataValue value(Pair pair) throws TensorFileException {
        String what = "the value of " + Quoted.of(pair.key);
        return GgufValues.read(new HeaderReader(source, pair.offset, Long.BYTES), source, pair.type, what);
    }

    private long alignment() throws TensorFileException {
        Pair pair = pair(ALIGNMENT_KEY);
        if (pair == null) {
            return DEFAULT_ALIGNMENT;
        }
        if (pair.type != MetadataValue.Type.UINT32) {
            throw source.bad(ALIGNMENT_KEY + " is " + pair.type + ", not " + MetadataValue.Type.UINT32);
        }
        long alignment = value(pair).asLong();
        if (Long.bitCount(alignment) != 1) {
            throw source.bad(ALIGNMENT_KEY + " is " + alignment + ", not a power of two");
        }
        return alignment;
    }

    @Override
    public Map<String, MetadataValue> metadata() throws TensorFileException {
        Map<String, MetadataValue> all = new LinkedHashMap<>();
        for (Pair pair : pairs) {
            all.put(pair.key, value(pair));
        }
        return all;
    }

    @Override
    public @Nullable MetadataValue metadata(String key) throws TensorFileException {
        Pair pair = pair(key);
        return pair == null ? null : value(pair);
    }

    // --------------------------------------------------------------------------------------------------- tensors

    /** Reads one tensor, which has to begin where the one before it ends, and gives its own end. */
    private long readTensor(long start, long alignment) throws TensorFileException {
        String name = readName();
        long[] dims = readDims(name);
        TensorType type = readType(name);
        long offset = in.readLong("a tensor");
        if (offset != start) {
            throw source.bad("tensor " + Quoted.of(name) + " has the offset " + Long.toUnsignedString(offset)
                    + (Long.remainderUnsigned(offset, alignment) != 0
                            ? ", not a multiple of the alignment " + alignment
                            : ", and the tensors before it end at " + start));
        }
        long elements = elements(name, dims);
        long rowElements = dims.length == 0 ? 1 : dims[dims.length - 1];
        long bytes = rowElements % type.blockElements() == 0 ? type.bytesOf(elements) : -1;
        long end = bytes < 0 ? -1 : padded(Source.end(start, bytes), alignment);
        if (end < 0 || end == Long.MAX_VALUE) {
            throw source.bad("tensor " + Quoted.of(name) + " has shape " + Shape.of(dims) + " of " + type
                    + (rowElements % type.blockElements() == 0
                            ? ", too many bytes to count"
                            : ", whose rows do not end with a block of " + type.blockElements()));
        }
        TensorInfo info = new TensorInfo(source, name, type, dims, Order.C, offset, bytes);
        tensors.add(info);
        if (byName.put(name, info) != null) {
            throw source.bad("tensor " + Quoted.of(name) + " is there more than once");
        }
        return end;
    }

    private String readName() throws TensorFileException {
        long length = in.readLong("the name of a tensor");
        if (length < 0 || length >= MAX_NAME) {
            throw source.bad("the name of a tensor has " + Long.toUnsignedString(length) + " bytes; the most is "
                    + (MAX_NAME - 1));
        }
        String name = in.readText("the name of a tensor", (int) length);
        if (name.indexOf('\0') >= 0) {
            throw source.bad("the name of tensor " + Quoted.of(name) + " has a NUL, where C ends a name");
        }
        if (name.indexOf('\ufffd') >= 0) {
            throw source.bad("the name of tensor " + Quoted.of(name) + " is no UTF-8");
        }
        return name;
    }

    /** The file has the fastest axis first. */
    private long[] readDims(String name) throws TensorFileException {
        int count = in.readInt("a tensor");
        if (count < 0 || count > MAX_AXES) {
            throw source.bad("tensor " + Quoted.of(name) + " has " + Integer.toUnsignedString(count)
                    + " axes; the most is " + MAX_AXES);
        }
        long[] dims = new long[count];
        for (int axis = count - 1; axis >= 0; axis--) {
            dims[axis] = in.readLong("a tensor");
        }
        return dims;
    }

    private long elements(String name, long[] dims) throws TensorFileException {
        try {
            return Shape.of(dims).elementCount();
        } catch (IllegalArgumentException impossible) {
            throw new TensorFileException.BadHeader(
                    source.name(), "tensor " + Quoted.of(name) + ": " + impossible.getMessage(), impossible);
        }
    }

    private TensorType readType(String name) throws TensorFileException {
        int number = in.readInt("a tensor");
        TensorType type = TensorType.ofGguf(number);
        if (type == null) {
            throw new TensorFileException.UnsupportedType(
                    source.name(),
                    Integer.toUnsignedString(number),
                    "of tensor " + Quoted.of(name) + " is not known; Quire knows those of ggml up to 42");
        }
        return type;
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
