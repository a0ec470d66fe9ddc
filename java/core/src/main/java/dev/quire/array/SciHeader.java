package dev.quire.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The header of a SciRS2 {@code .mmap} file ({@code scirs2_core::memory::mmap_array}).
 *
 * <pre>
 * file   = header data                         all numbers little-endian
 * header = 'M' 'M' 'A' 'P'
 *          u8  version    1
 *          u8  dtype      1 f4 | 2 f8 | 3 i4 | 4 i8
 *          u16 rank       0 to 6
 *          u64 total      number of elements, the product of dims
 *          u64 dims[6]    those past the rank are 0; this fills the header to byte 64
 * data   = the elements in C order
 * </pre>
 *
 * Every field is checked on reading, and the size of the data against the source's length.
 *
 * @param type what an element is; its bytes are little-endian
 * @param shape the length of each axis
 */
record SciHeader(ElementType type, Shape shape) {

    /** Bytes before the data. */
    static final int BYTES = 64;

    private static final int MAX_RANK = 6;
    private static final int VERSION = 1;
    private static final byte[] MAGIC = "MMAP".getBytes(StandardCharsets.US_ASCII);

    /** The element types by tag; the first tag is 1. */
    private static final List<ElementType> TAGGED =
            List.of(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.INT32, ElementType.INT64);

    /** Whether this is how a {@code .mmap} file begins. */
    static boolean matches(ByteBuffer start) {
        return start.remaining() >= MAGIC.length
                && start.slice(start.position(), MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    /**
     * Checks that the format can hold an array.
     *
     * @param file named in an error
     * @throws ArrayFileException.UnsupportedDType if it has no tag for the type
     * @throws ArrayFileException.ShapeMismatch if there are more than 6 axes
     */
    static SciHeader of(String file, ElementType type, Shape shape) throws ArrayFileException {
        if (!TAGGED.contains(type)) {
            throw new ArrayFileException.UnsupportedDType(
                    file, type.code(), "cannot be stored in a SciRS2 .mmap file, which has f4, f8, i4 and i8");
        }
        if (shape.rank() > MAX_RANK) {
            throw new ArrayFileException.ShapeMismatch(
                    file, "shape " + shape + " has more than the " + MAX_RANK + " axes of a SciRS2 .mmap file");
        }
        return new SciHeader(type, shape);
    }

    /**
     * Reads and checks the header of a source that holds one array.
     *
     * @throws ArrayFileException if the header is refused, or the data is shorter than it says
     */
    static SciHeader read(ByteSource source) throws IOException {
        ByteBuffer magic = source.read("the start of a SciRS2 .mmap file", 0, MAGIC.length);
        if (!matches(magic)) {
            throw new ArrayFileException.BadMagic(
                    source.name(), "not a SciRS2 .mmap file: it does not start with 'MMAP'");
        }
        ByteBuffer fields = source.read("the SciRS2 header", 0, BYTES).position(MAGIC.length);
        int version = Byte.toUnsignedInt(fields.get());
        if (version != VERSION) {
            throw new ArrayFileException.UnsupportedVersion(source.name(), Integer.toString(version), "version 1");
        }
        ElementType type = type(source.name(), Byte.toUnsignedInt(fields.get()));
        int rank = Short.toUnsignedInt(fields.getShort());
        long total = fields.getLong();
        SciHeader header = new SciHeader(type, shape(source.name(), rank, fields));
        header.requireTotal(source.name(), total);
        source.requireData(header.shape, DType.of(type).withOrder(ByteOrder.LITTLE_ENDIAN), BYTES);
        return header;
    }

    private static ElementType type(String file, int tag) throws ArrayFileException {
        if (tag < 1 || tag > TAGGED.size()) {
            throw new ArrayFileException.UnsupportedDType(
                    file, "tag " + tag, "is none of 1 (f4), 2 (f8), 3 (i4), 4 (i8)");
        }
        return TAGGED.get(tag - 1);
    }

    private static Shape shape(String file, int rank, ByteBuffer fields) throws ArrayFileException {
        if (rank > MAX_RANK) {
            throw new ArrayFileException.BadHeader(
                    file, "an array of " + rank + " axes; a SciRS2 .mmap file has at most " + MAX_RANK);
        }
        long[] dims = new long[rank];
        for (int axis = 0; axis < MAX_RANK; axis++) {
            long dim = fields.getLong();
            if (dim < 0 || (axis >= rank && dim != 0)) {
                throw new ArrayFileException.BadHeader(
                        file,
                        "the header has " + Long.toUnsignedString(dim) + " for dimension " + axis + " of " + rank);
            }
            if (axis < rank) {
                dims[axis] = dim;
            }
        }
        return Shape.inFile(file, dims);
    }

    private void requireTotal(String file, long total) throws ArrayFileException {
        if (total != shape.elementCount()) {
            throw new ArrayFileException.ShapeMismatch(
                    file,
                    "the header counts " + Long.toUnsignedString(total) + " elements, its shape " + shape + " has "
                            + shape.elementCount());
        }
    }

    /** The header's {@value #BYTES} bytes. */
    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).put((byte) VERSION).put((byte) (TAGGED.indexOf(type) + 1));
        bytes.putShort((short) shape.rank()).putLong(shape.elementCount());
        for (long dim : shape.dims()) {
            bytes.putLong(dim);
        }
        return bytes.array();
    }
}
