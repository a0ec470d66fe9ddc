package dev.quire.array;

import dev.quire.array.PythonLiteral.Bool;
import dev.quire.array.PythonLiteral.Dict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The header of a {@code .npy} file.
 *
 * <pre>
 * file    = magic version length text data
 * magic   = 93 'N' 'U' 'M' 'P' 'Y'
 * version = 01 00 | 02 00 | 03 00
 * length  = u16 (version 1) | u32 (2, 3), little-endian: bytes of text
 * text    = latin-1 (1, 2) | UTF-8 (3): a Python dict with exactly the keys
 *           'descr' (see {@link DescriptorReader}), 'fortran_order' (True, False), 'shape' (a tuple of whole
 *           numbers, each ending in L if Python 2 wrote it), then blanks and a line feed
 * data    = the elements without gaps; it starts where the text ends, at any alignment
 * </pre>
 *
 * The shape and the size of the data are checked against the source's length. Reading costs time and memory in
 * proportion to the text, which is limited.
 *
 * @param version 1, 2 or 3
 * @param descr what an element is
 * @param shape the length of each axis
 * @param order the order of the elements in the file
 * @param dataOffset bytes before the data
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy: the format</a>
 */
record NpyHeader(int version, Descriptor descr, Shape shape, Order order, long dataOffset) {

    /** The longest text read unless the caller allows more; the default that NumPy has. */
    static final int DEFAULT_LIMIT = 10_000;

    /** NumPy aligns the data for programs that map it. */
    private static final int ALIGNMENT = 64;

    /** Digits of the largest dimension NumPy prepares the growth axis for: those of 8 * 2^64 - 1. */
    private static final int GROWTH_DIGITS = 21;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** The length of the text in version 1 is a u16. */
    private static final int MAX_OFFSET_V1 = textOffset(1) + 0xFFFF;

    /** Whether this is how a {@code .npy} file begins. */
    static boolean matches(ByteBuffer start) {
        return start.remaining() >= MAGIC.length
                && start.slice(start.position(), MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    /**
     * Reads and checks the header of a source that holds one array.
     *
     * @param limit the longest text allowed, in characters
     * @throws ArrayFileException if the header is refused, or the data is shorter than it says
     */
    static NpyHeader read(ByteSource source, int limit) throws IOException {
        int version = readVersion(source);
        int lengthOffset = MAGIC.length + 2;
        int textOffset = textOffset(version);
        ByteBuffer field = source.read("the length of the .npy header", lengthOffset, textOffset - lengthOffset);
        long textBytes = version == 1 ? Short.toUnsignedInt(field.getShort()) : Integer.toUnsignedLong(field.getInt());
        String text = readText(source, version, textBytes, limit);
        NpyHeader header = parse(source.name(), version, text, textOffset + textBytes);
        source.requireData(header.shape, header.descr, header.dataOffset);
        return header;
    }

    private static int readVersion(ByteSource source) throws IOException {
        ByteBuffer start = source.read("the start of a .npy file", 0, MAGIC.length + 2);
        if (!matches(start)) {
            throw new ArrayFileException.BadMagic(source.name(), "not a .npy file: it does not start with 93 'NUMPY'");
        }
        int major = Byte.toUnsignedInt(start.get(MAGIC.length));
        int minor = Byte.toUnsignedInt(start.get(MAGIC.length + 1));
        if (major < 1 || major > 3 || minor != 0) {
            throw new ArrayFileException.UnsupportedVersion(source.name(), major + "." + minor, "1.0, 2.0 and 3.0");
        }
        return major;
    }

    /** Magic, version and length. */
    private static int textOffset(int version) {
        return MAGIC.length + 2 + (version == 1 ? Short.BYTES : Integer.BYTES);
    }

    private static Charset charset(int version) {
        return version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    }

    private static String readText(ByteSource source, int version, long bytes, int limit) throws IOException {
        source.requireRange("the .npy header", textOffset(version), bytes);
        int bytesPerCharacter = version == 3 ? 4 : 1;
        String text = "";
        boolean tooLong = bytes > (long) limit * bytesPerCharacter;
        if (!tooLong) {
            text = decode(source.name(), version, source.read("the .npy header", textOffset(version), (int) bytes));
            tooLong = text.codePointCount(0, text.length()) > limit;
        }
        if (tooLong) {
            throw new ArrayFileException.BadHeader(
                    source.name(),
                    "a header of " + bytes + " bytes is more than the limit of " + limit
                            + " characters; if the file is to be trusted, open it with a higher limit");
        }
        return text;
    }

    private static String decode(String file, int version, ByteBuffer bytes) throws ArrayFileException.BadHeader {
        try {
            return charset(version).newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new ArrayFileException.BadHeader(file, "the header is not valid UTF-8");
        }
    }

    private static NpyHeader parse(String file, int version, String text, long dataOffset)
            throws ArrayFileException.BadHeader {
        PythonLiteral literal = PythonParser.parse(file, text, version <= 2);
        if (!(literal instanceof Dict(Map<String, PythonLiteral> entries))) {
            throw new ArrayFileException.BadHeader(file, "the header is " + literal.kind() + ", not a dict");
        }
        PythonLiteral descr = entries.get("descr");
        PythonLiteral fortranOrder = entries.get("fortran_order");
        PythonLiteral shape = entries.get("shape");
        if (descr == null || fortranOrder == null || shape == null || entries.size() != 3) {
            throw new ArrayFileException.BadHeader(
                    file,
                    "the header has the keys " + PythonText.excerpt(String.join(", ", entries.keySet()))
                            + ", not exactly descr, fortran_order, shape");
        }
        if (!(fortranOrder instanceof Bool(boolean fortran))) {
            throw new ArrayFileException.BadHeader(file, "fortran_order is " + fortranOrder.kind() + ", not a boolean");
        }
        DescriptorReader reader = new DescriptorReader(file);
        return new NpyHeader(
                version, reader.read(descr), reader.shape(shape), fortran ? Order.FORTRAN : Order.C, dataOffset);
    }

    /** A header for new data, in the oldest version that can hold it, with room to grow, as NumPy writes it. */
    static NpyHeader of(Descriptor descr, Shape shape, Order order) {
        String text = dict(descr, shape, order);
        int version = 1;
        if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            version = 3;
        } else if (alignedOffset(1, text, shape, order) > MAX_OFFSET_V1) {
            version = 2;
        }
        return new NpyHeader(version, descr, shape, order, alignedOffset(version, text, shape, order));
    }

    /** Where NumPy lets the data start: at least one blank after the text, the line feed, then a multiple of 64. */
    private static int alignedOffset(int version, String text, Shape shape, Order order) {
        int growthAxis = order == Order.C ? 0 : shape.rank() - 1;
        int room = shape.rank() == 0
                ? 0
                : GROWTH_DIGITS - Long.toString(shape.dim(growthAxis)).length();
        int bytes = textOffset(version) + text.getBytes(charset(version)).length + room + 1;
        return bytes + ALIGNMENT - bytes % ALIGNMENT;
    }

    private static String dict(Descriptor descr, Shape shape, Order order) {
        return "{'descr': " + PythonText.descr(descr) + ", 'fortran_order': "
                + (order == Order.FORTRAN ? "True" : "False") + ", 'shape': " + shape + ", }";
    }

    /**
     * The header of the same file with another shape, its data where it was. Empty if the text of the shape has become
     * too long for the room in front of the data.
     */
    Optional<NpyHeader> withShape(Shape newShape) {
        byte[] text = dict(descr, newShape, order).getBytes(charset(version));
        boolean fits = textOffset(version) + text.length + 1 <= dataOffset;
        return fits ? Optional.of(new NpyHeader(version, descr, newShape, order, dataOffset)) : Optional.empty();
    }

    /** The header's bytes, everything before the data. */
    byte[] toBytes() {
        byte[] text = dict(descr, shape, order).getBytes(charset(version));
        ByteBuffer bytes = ByteBuffer.allocate((int) dataOffset).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).put((byte) version).put((byte) 0);
        int textBytes = (int) dataOffset - textOffset(version);
        if (version == 1) {
            bytes.putShort((short) textBytes);
        } else {
            bytes.putInt(textBytes);
        }
        bytes.put(text);
        while (bytes.remaining() > 1) {
            bytes.put((byte) ' ');
        }
        return bytes.put((byte) '\n').array();
    }
}
