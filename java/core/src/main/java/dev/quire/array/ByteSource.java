package dev.quire.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes a parser may look at, by position: a mapped file, an array, or a range of either. Parsers read the few
 * bytes they need and nothing else, so that the directory at the end of a 100 GiB archive costs no more than that of
 * a small one.
 */
interface ByteSource {

    /** What to call it in messages. */
    String name();

    /** The number of bytes now; a file may grow or shrink between calls. */
    long length() throws IOException;

    /** Fills {@code into} from {@code offset} as far as there are bytes. */
    void fill(long offset, ByteBuffer into) throws IOException;

    /**
     * Reads a piece of known size into a new little-endian buffer.
     *
     * @param what names the piece should it be missing
     * @throws ArrayFileException.Truncated if the source ends before {@code offset + count}
     */
    default ByteBuffer read(String what, long offset, int count) throws IOException {
        requireRange(what, offset, count);
        ByteBuffer piece = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        readFully(what, offset, piece);
        return piece;
    }

    /**
     * Fills a buffer to its limit and flips it.
     *
     * @param what names the piece should it be missing
     * @throws ArrayFileException.Truncated if the source ends before
     */
    default void readFully(String what, long offset, ByteBuffer piece) throws IOException {
        fill(offset, piece);
        if (piece.hasRemaining()) {
            throw new ArrayFileException.Truncated(name(), what, offset + piece.limit(), offset + piece.position());
        }
        piece.flip();
    }

    /**
     * Checks that a piece is there, of any size.
     *
     * @throws ArrayFileException.Truncated if the source ends before {@code offset + count}
     */
    default void requireRange(String what, long offset, long count) throws IOException {
        long length = length();
        if (offset > length || count > length - offset) {
            long end = offset + count;
            throw new ArrayFileException.Truncated(name(), what, end < 0 ? Long.MAX_VALUE : end, length);
        }
    }

    /**
     * Checks that the elements of an array are there.
     *
     * @throws ArrayFileException.BadHeader if their size cannot be counted
     * @throws ArrayFileException.Truncated if the source is shorter
     */
    default void requireData(Shape shape, Descriptor descr, long offset) throws IOException {
        long bytes;
        try {
            bytes = shape.byteCount(descr.itemBytes());
        } catch (IllegalArgumentException tooLarge) {
            throw new ArrayFileException.BadHeader(name(), String.valueOf(tooLarge.getMessage()));
        }
        requireRange("shape " + shape + " of " + descr, offset, bytes);
    }

    /** A part of this source under a name of its own, checked to be there. */
    default Range range(String name, long offset, long length) throws IOException {
        requireRange(name, offset, length);
        return new Range(this, name, offset, length);
    }

    /** Bytes in memory. */
    static ByteSource of(String name, byte[] bytes) {
        return new Memory(name, ByteBuffer.wrap(bytes));
    }

    /** Bytes in memory. */
    record Memory(String name, ByteBuffer bytes) implements ByteSource {
        @Override
        public long length() {
            return bytes.limit();
        }

        @Override
        public void fill(long offset, ByteBuffer into) {
            int count = Math.clamp(bytes.limit() - offset, 0, into.remaining());
            into.put(into.position(), bytes, (int) offset, count);
            into.position(into.position() + count);
        }
    }

    /** A part of another source. */
    record Range(ByteSource whole, String name, long start, long length) implements ByteSource {
        @Override
        public void fill(long offset, ByteBuffer into) throws IOException {
            int wanted = Math.clamp(length - offset, 0, into.remaining());
            int limit = into.limit();
            into.limit(into.position() + wanted);
            whole.fill(start + offset, into);
            into.limit(limit);
        }
    }
}
