package dev.quire.shared;

import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.Subject;
import dev.quire.slice.ByteSlice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a segment says about itself in its first {@value #BYTES} bytes, in the machine's byte order; the data is behind
 * them. Integers are signed.
 *
 * <pre>
 *   at  bytes  what
 *    0      8  magic: the integer 0x51554952_4553484D, on a little-endian machine the bytes "MHSERIUQ"
 *    8      4  version: 2
 *   12      4  ready: 1 when everything else is there
 *   16      8  bytes of data
 *   24      8  number of the creator, 0 if the segment may outlive it
 *   32      8  start of the creator, as {@link ProcessIdentity} has it
 *   40      8  generation
 *   48      4  dtype as NumPy writes it, "&lt;f8" for example, with zeros behind it
 *   52      4  order: 0 C, 1 Fortran
 *   56      4  rank: 0 to 64
 *   64      8  length of the first axis; those of the others follow
 * </pre>
 *
 * Magic, version and creator are written first, so that what a creator leaves that dies can be told from what other
 * programs made; the ready flag is written last. The guide <a href="../doc-files/python.html">sharing with Python</a>
 * has a reader in twelve lines.
 *
 * @param byteSize of the data behind the header, exactly
 * @param dtype of the elements; bytes without a type are {@code |u1}
 * @param shape of the elements
 * @param order of the axes in memory
 * @param creator the process that created the segment; number 0 if the memory may outlive it:
 *     {@link SharedMemory#keep}
 * @param generation differs from that of an earlier segment of the same name: microseconds since 1970
 */
public record SegmentHeader(
        long byteSize, DType dtype, Shape shape, Order order, ProcessIdentity creator, long generation) {
    /** Where the data begins: room for {@value Shape#MAX_RANK} dimensions, and for more fields later. */
    static final int BYTES = 1024;

    static final long MAGIC = 0x51554952_4553484DL;
    static final int VERSION = 2;
    private static final int READY = 1;

    static final int AT_VERSION = 8;
    private static final int AT_READY = 12;
    private static final int AT_BYTES = 16;
    private static final int AT_CREATOR = 24;
    private static final int AT_START = 32;
    private static final int AT_GENERATION = 40;
    private static final int AT_DTYPE = 48;
    private static final int AT_ORDER = 52;
    private static final int AT_RANK = 56;
    private static final int AT_DIMS = 64;

    void publish(ByteSlice head) {
        byte[] bytes = begin(head, creator);
        ByteBuffer fields = fields(bytes);
        fields.putLong(AT_BYTES, byteSize)
                .putLong(AT_GENERATION, generation)
                .putInt(AT_ORDER, order == Order.C ? 0 : 1);
        byte[] descriptor = dtype.toString().getBytes(StandardCharsets.US_ASCII);
        fields.put(AT_DTYPE, descriptor).putInt(AT_RANK, shape.rank());
        for (int i = 0; i < shape.rank(); i++) {
            fields.putLong(AT_DIMS + i * Long.BYTES, shape.dim(i));
        }
        head.copyFrom(0, bytes, 0, BYTES);
        head.ints().setRelease(AT_READY / Integer.BYTES, READY);
    }

    /** Says that the segment is Quire's, and whose; returns the header so far. */
    static byte[] begin(ByteSlice head, ProcessIdentity creator) {
        byte[] bytes = new byte[BYTES];
        ByteBuffer fields = fields(bytes);
        fields.putLong(0, MAGIC).putInt(AT_VERSION, VERSION);
        fields.putLong(AT_CREATOR, creator.pid()).putLong(AT_START, creator.start());
        head.copyFrom(0, bytes, 0, AT_GENERATION);
        return bytes;
    }

    /** Takes the creator out. */
    SegmentHeader disown(ByteSlice head) {
        head.copyFrom(AT_CREATOR, new byte[AT_GENERATION - AT_CREATOR], 0, AT_GENERATION - AT_CREATOR);
        return new SegmentHeader(byteSize, dtype, shape, order, ProcessIdentity.NONE, generation);
    }

    /** Whether the segment is complete: everything else in the header can be read then. */
    static boolean isReady(ByteSlice head) {
        return head.ints().getAcquire(AT_READY / Integer.BYTES) == READY;
    }

    /** Who began to make the segment; null if it has no header of this kind, or belongs to nobody. */
    static @Nullable ProcessIdentity creatorOf(ByteSlice head) {
        byte[] bytes = new byte[BYTES];
        head.copyTo(0, bytes, 0, BYTES);
        ByteBuffer fields = fields(bytes);
        boolean isOurs = fields.getLong(0) == MAGIC && fields.getInt(AT_VERSION) == VERSION;
        ProcessIdentity creator = creatorIn(fields);
        return isOurs && creator.pid() != 0 ? creator : null;
    }

    /**
     * Reads a header that is ready.
     *
     * @param available bytes behind the header that are mapped
     * @throws MappingException with {@code NOT_MAPPABLE} if it is none, or does not fit
     */
    static SegmentHeader read(Subject subject, ByteSlice head, long available) throws MappingException {
        byte[] bytes = new byte[BYTES];
        head.copyTo(0, bytes, 0, BYTES);
        ByteBuffer fields = fields(bytes);
        require(fields.getLong(0) == MAGIC, subject, "it is not a segment of Quire for this byte order");
        int version = fields.getInt(AT_VERSION);
        require(version == VERSION, subject, "its header has version " + version + ", this library knows " + VERSION);
        try {
            SegmentHeader header = parse(fields);
            long needed = header.shape.byteCount(header.dtype.itemBytes());
            require(
                    needed == header.byteSize,
                    subject,
                    "its shape " + header.shape + " has " + needed + " bytes, the header says " + header.byteSize);
            require(needed <= available, subject, "its header promises " + needed + " bytes, there are " + available);
            return header;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw failure(subject, "its header is damaged: " + e.getMessage());
        }
    }

    private static SegmentHeader parse(ByteBuffer fields) {
        int rank = fields.getInt(AT_RANK);
        if (rank < 0 || rank > Shape.MAX_RANK) {
            throw new IllegalArgumentException("rank " + rank + " is not from 0 to " + Shape.MAX_RANK);
        }
        long[] dims = new long[rank];
        Arrays.setAll(dims, i -> fields.getLong(AT_DIMS + i * Long.BYTES));
        byte[] descriptor = new byte[Integer.BYTES];
        fields.get(AT_DTYPE, descriptor);
        String dtype = new String(descriptor, StandardCharsets.ISO_8859_1).replace("\0", "");
        return new SegmentHeader(
                fields.getLong(AT_BYTES),
                DType.parse(dtype),
                Shape.of(dims),
                fields.getInt(AT_ORDER) == 0 ? Order.C : Order.FORTRAN,
                creatorIn(fields),
                fields.getLong(AT_GENERATION));
    }

    private static ProcessIdentity creatorIn(ByteBuffer fields) {
        return new ProcessIdentity(fields.getLong(AT_CREATOR), fields.getLong(AT_START));
    }

    private static ByteBuffer fields(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    private static void require(boolean holds, Subject subject, String otherwise) throws MappingException {
        if (!holds) {
            throw failure(subject, otherwise);
        }
    }

    private static MappingException failure(Subject subject, String sentence) {
        return Failures.own("attach to", subject, ErrorCode.NOT_MAPPABLE, sentence);
    }
}
