package dev.quire.tensors;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a binary header from front to end, through a window on the heap. One thread. */
final class HeaderReader {
    private static final int WINDOW = 8 << 10;

    private final Source source;
    private final boolean isBig;
    private final byte[] window;

    /** Of the window in the file, and how much of it is filled. */
    private long start;

    private int filled;

    private long position;

    /** @param most about how many bytes will be read: the window is no larger */
    HeaderReader(Source source, long position, int most) {
        this.source = source;
        this.isBig = source.order() == ByteOrder.BIG_ENDIAN;
        this.window = new byte[Math.clamp(most, 8, WINDOW)];
        this.position = position;
        this.start = position;
    }

    HeaderReader(Source source, long position) {
        this(source, position, WINDOW);
    }

    long position() {
        return position;
    }

    void position(long to) {
        position = to;
    }

    long remaining() {
        return source.length() - position;
    }

    /** Checks that so many bytes follow; a negative number stands for one above 2^63. */
    void require(String what, long count) throws TensorFileException {
        if (count < 0 || count > remaining()) {
            throw new TensorFileException.Truncated(source.name(), what, Source.end(position, count), source.length());
        }
    }

    void skip(String what, long count) throws TensorFileException {
        require(what, count);
        position += count;
    }

    /** Makes the next bytes be in the window, and gives the first one's index. */
    private int next(String what, int count) throws TensorFileException {
        require(what, count);
        if (position < start || position + count > start + filled) {
            filled = (int) Math.min(window.length, remaining());
            start = position;
            source.bytes().copyTo(start, window, 0, filled);
        }
        int at = (int) (position - start);
        position += count;
        return at;
    }

    byte readByte(String what) throws TensorFileException {
        return window[next(what, 1)];
    }

    short readShort(String what) throws TensorFileException {
        return (short) number(next(what, 2), 2);
    }

    int readInt(String what) throws TensorFileException {
        return (int) number(next(what, 4), 4);
    }

    long readLong(String what) throws TensorFileException {
        return number(next(what, 8), 8);
    }

    private long number(int at, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | (window[isBig ? at + i : at + count - 1 - i] & 0xff);
        }
        return value;
    }

    /** A text of known length, at most that of an array. */
    String readText(String what, int count) throws TensorFileException {
        require(what, count);
        if (count <= window.length) {
            return new String(window, next(what, count), count, StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[count];
        source.bytes().copyTo(position, bytes, 0, count);
        position += count;
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
