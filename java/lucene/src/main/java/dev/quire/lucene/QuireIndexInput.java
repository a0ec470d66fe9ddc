package dev.quire.lucene;

import dev.quire.hint.ByteRange;
import dev.quire.hint.Hint;
import dev.quire.hint.Residency;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;

/**
 * Reads a mapped file, or a range of it. The one that the directory made closes the file; clones and slices need not be
 * closed and may be used by other threads, each by one at a time.
 *
 * <p>Every method that reads looks for lost bytes behind its last access and before it returns; so does {@link #seek},
 * with which Lucene goes on after it has read from a segment itself.
 */
final class QuireIndexInput extends IndexInput implements MemorySegmentAccessInput {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** What closed inputs read: every access throws. */
    private static final MemorySegment CLOSED = closed();

    private final OpenFile file;
    private final boolean isOwner;

    /** For the policy: a slice of a compound file has a name of its own. */
    private final String name;

    /** In the file. */
    private final long start;

    private final long length;

    private MemorySegment segment;
    private long position;

    /** The hint given last, as far as this input knows. */
    private Hint hint;

    private static MemorySegment closed() {
        try (Arena arena = Arena.ofShared()) {
            return arena.allocate(1);
        }
    }

    private QuireIndexInput(
            String description, OpenFile file, boolean isOwner, String name, long start, MemorySegment segment) {
        super(description);
        this.file = file;
        this.isOwner = isOwner;
        this.name = name;
        this.start = start;
        this.segment = segment;
        this.length = segment.byteSize();
        this.hint = Hint.NORMAL;
    }

    /** The input that closes the file. */
    static QuireIndexInput owner(String description, OpenFile file, Hint hint) {
        QuireIndexInput input = new QuireIndexInput(description, file, true, file.name(), 0, file.segment());
        input.hint = hint;
        return input;
    }

    // -------------------------------------------------------------------------------------------------- in sequence

    @Override
    public byte readByte() throws IOException {
        byte value;
        try {
            value = segment.get(BYTE, position);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(e, position, 1);
        }
        position++;
        file.requireWhole();
        return value;
    }

    @Override
    public short readShort() throws IOException {
        short value = readShort(position);
        position += Short.BYTES;
        return value;
    }

    @Override
    public int readInt() throws IOException {
        int value = readInt(position);
        position += Integer.BYTES;
        return value;
    }

    @Override
    public long readLong() throws IOException {
        long value = readLong(position);
        position += Long.BYTES;
        return value;
    }

    @Override
    public int readVInt() throws IOException {
        MemorySegment from = segment;
        long at = position;
        try {
            byte next = from.get(BYTE, at++);
            int value = next & 0x7F;
            for (int shift = 7; next < 0; shift += 7) {
                next = from.get(BYTE, at++);
                if (shift == 28 && (next & 0xF0) != 0) {
                    file.requireWhole();
                    throw new IOException("no variable int at byte " + position + ", it has too many bits: " + this);
                }
                value |= (next & 0x7F) << shift;
            }
            position = at;
            file.requireWhole();
            return value;
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(e, position, at - position);
        }
    }

    @Override
    public void readBytes(byte[] target, int offset, int count) throws IOException {
        readBytes(position, target, offset, count);
        position += count;
    }

    @Override
    public void readInts(int[] target, int offset, int count) throws IOException {
        try {
            MemorySegment.copy(segment, INT, position, target, offset, count);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(e, position, (long) count * Integer.BYTES);
        }
        position += (long) count * Integer.BYTES;
        file.requireWhole();
    }

    @Override
    public void readLongs(long[] target, int offset, int count) throws IOException {
        try {
            MemorySegment.copy(segment, LONG, position, target, offset, count);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(e, position, (long) count * Long.BYTES);
        }
        position += (long) count * Long.BYTES;
        file.requireWhole();
    }

    @Override
    public void readFloats(float[] target, int offset, int count) throws IOException {
        try {
            MemorySegment.copy(segment, FLOAT, position, target, offset, count);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(e, position, (long) count * Float.BYTES);
        }
        position += (long) count * Float.BYTES;
        file.requireWhole();
    }

    // ---------------------------------------------------------------------------------------------------- at random

    @Override
    public byte readByte(long at) throws IOException {
        byte value;
        try {
            value = segment.get(BYTE, at);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(e, at, Byte.BYTES);
        }
        file.requireWhole();
        return value;
    }

    @Override
    public short readShort(long at) throws IOException {
        short value;
        try {
            value = segment.get(SHORT, at);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(e, at, Short.BYTES);
        }
        file.requireWhole();
        return value;
    }

    @Override
    public int readInt(long at) throws IOException {
        int value;
        try {
            value = segment.get(INT, at);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(e, at, Integer.BYTES);
        }
        file.requireWhole();
        return value;
    }

    @Override
    public long readLong(long at) throws IOException {
        long value;
        try {
            value = segment.get(LONG, at);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(e, at, Long.BYTES);
        }
        file.requireWhole();
        return value;
    }

    @Override
    public void readBytes(long at, byte[] target, int offset, int count) throws IOException {
        try {
            MemorySegment.copy(segment, BYTE, at, target, offset, count);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(e, at, count);
        }
        file.requireWhole();
    }

    /**
     * What an access that failed means, which is decided here and not before each access.
     *
     * @param at in this input
     * @param count how many bytes were to be read; a mistake with the array read into is left as it is
     */
    private RuntimeException failed(RuntimeException e, long at, long count) throws IOException {
        requireOpen();
        if (!(e instanceof IndexOutOfBoundsException)) {
            return e;
        }
        if (at < 0) {
            return new IllegalArgumentException("position " + at + " is negative: " + this, e);
        }
        if (count < 0 || at <= length - count) {
            return e;
        }
        file.requireWhole();
        throw new EOFException("read past EOF, " + count + " bytes at " + at + " of " + length + ": " + this);
    }

    private void requireOpen() {
        if (!segment.scope().isAlive()) {
            throw new AlreadyClosedException("Already closed: " + this);
        }
    }

    // ------------------------------------------------------------------------------------------ positions and parts

    @Override
    public long length() {
        return length;
    }

    @Override
    public long getFilePointer() {
        requireOpen();
        return position;
    }

    @Override
    public void seek(long to) throws IOException {
        requireOpen();
        file.requireWhole();
        if (to < 0) {
            throw new IllegalArgumentException("seek to the negative position " + to + ": " + this);
        }
        if (to > length) {
            throw new EOFException("seek past EOF, to " + to + " of " + length + ": " + this);
        }
        position = to;
    }

    @Override
    public QuireIndexInput clone() {
        requireOpen();
        QuireIndexInput clone = new QuireIndexInput(toString(), file, false, name, start, segment);
        clone.position = position;
        clone.hint = hint;
        return clone;
    }

    @Override
    public QuireIndexInput slice(String description, long offset, long count) throws IOException {
        return slice(description, name, offset, count);
    }

    @Override
    public QuireIndexInput slice(String description, long offset, long count, IOContext context) throws IOException {
        QuireIndexInput slice = slice(description, description, offset, count);
        FilePolicy policy = file.policy(description, context);
        slice.whileOpen(() -> file.apply(policy, slice.start, slice.length));
        slice.hint = policy.hint();
        return slice;
    }

    private QuireIndexInput slice(String description, String part, long offset, long count) throws IOException {
        requireOpen();
        if ((offset | count) < 0 || offset > length - count) {
            throw new IllegalArgumentException("a slice of " + count + " bytes from " + offset + " on is outside the "
                    + length + " bytes: " + this);
        }
        file.requireWhole();
        return new QuireIndexInput(
                getFullSliceDescription(description),
                file,
                false,
                part,
                start + offset,
                segment.asSlice(offset, count));
    }

    /**
     * The bytes themselves, for scorers. Lucene reads them without asking here: lost ones are noticed when an input of
     * the file's group is next used, when the file is closed, and by {@link QuireDirectory#checkDamage()}.
     */
    @Override
    public MemorySegment segmentSliceOrNull(long offset, long count) throws IOException {
        try {
            MemorySegment slice = segment.asSlice(offset, count);
            requireOpen();
            file.handOut();
            file.requireWhole();
            return slice;
        } catch (IndexOutOfBoundsException e) {
            throw failed(e, offset, count);
        }
    }

    // -------------------------------------------------------------------------------------------------------- pages

    @Override
    public void prefetch(long offset, long count) throws IOException {
        ByteRange range = range(offset, count);
        whileOpen(() -> file.prefetch(range.offset(), range.length()));
    }

    /** Asks for ranges of the file, of whichever input. */
    void prefetch(List<ByteRange> ranges) throws IOException {
        whileOpen(() -> file.prefetch(ranges));
    }

    /**
     * A range in the file.
     *
     * @throws EOFException if it does not lie in this input
     */
    ByteRange range(long offset, long count) throws IOException {
        requireOpen();
        if (offset < 0 || count < 0) {
            throw new IllegalArgumentException(count + " bytes at " + offset + ": " + this);
        }
        if (offset > length - count) {
            throw new EOFException(
                    "prefetch past EOF, " + count + " bytes at " + offset + " of " + length + ": " + this);
        }
        return new ByteRange(start + offset, count);
    }

    OpenFile file() {
        return file;
    }

    @Override
    public void updateIOContext(IOContext context) throws IOException {
        Hint next = file.policy(name, context).hint();
        whileOpen(() -> file.advise(next, start, length));
        hint = next;
    }

    /** Whether it is not hinted to be read in the opposite way. */
    @Override
    public boolean isEfficientFor(IOContext context) {
        Hint wanted = file.policy(name, context).hint();
        return !(hint == Hint.RANDOM && wanted == Hint.SEQUENTIAL)
                && !(hint == Hint.SEQUENTIAL && wanted == Hint.RANDOM);
    }

    @Override
    public Optional<Boolean> isLoaded() {
        requireOpen();
        Residency residency = file.residency(start, length);
        return residency.known() ? Optional.of(residency.residentPages() == residency.pages()) : Optional.empty();
    }

    private interface Request {
        void make() throws IOException;
    }

    /** Asks something of the mapping, which may be closed by another thread before or while it is asked. */
    private void whileOpen(Request request) throws IOException {
        requireOpen();
        try {
            request.make();
        } catch (IllegalStateException e) {
            requireOpen();
            throw e;
        }
    }

    // ------------------------------------------------------------------------------------------------------ closing

    @Override
    public void close() throws IOException {
        segment = CLOSED;
        if (isOwner) {
            file.close();
        }
    }
}
