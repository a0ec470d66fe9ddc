package dev.quire.array;

import dev.quire.slice.ByteSlice;
import java.nio.ByteBuffer;

/** Mapped bytes for the parsers. */
record MappedSource(String name, ByteSlice bytes) implements ByteSource {
    @Override
    public long length() {
        return bytes.length();
    }

    @Override
    public void fill(long offset, ByteBuffer into) {
        int count = Math.clamp(bytes.length() - offset, 0, into.remaining());
        byte[] piece = new byte[count];
        bytes.copyTo(offset, piece, 0, count);
        into.put(piece);
    }
}
