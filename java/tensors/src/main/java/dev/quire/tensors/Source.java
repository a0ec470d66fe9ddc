package dev.quire.tensors;

import dev.quire.slice.ByteSlice;
import java.nio.ByteOrder;

/** A mapped file, or bytes in its place, that tensors lie in. */
final class Source {
    private final String name;
    private final ByteSlice bytes;
    private final ByteOrder order;

    /** Where offsets count from: known when the header is read. */
    private long dataStart;

    Source(String name, ByteSlice bytes, ByteOrder order) {
        this.name = name;
        this.bytes = bytes;
        this.order = order;
    }

    /** The file, for messages. */
    String name() {
        return name;
    }

    ByteSlice bytes() {
        return bytes;
    }

    long length() {
        return bytes.length();
    }

    /** Of numbers in the file. */
    ByteOrder order() {
        return order;
    }

    Source withOrder(ByteOrder other) {
        return new Source(name, bytes, other);
    }

    long dataStart() {
        return dataStart;
    }

    void dataStart(long offset) {
        dataStart = offset;
    }

    TensorFileException.BadHeader bad(String problem) {
        return new TensorFileException.BadHeader(name, problem);
    }

    /** The end of a piece, or 2^63 - 1. */
    static long end(long offset, long length) {
        long end = offset + length;
        return end < 0 || length < 0 ? Long.MAX_VALUE : end;
    }
}
