package dev.quire.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes that tell where they belong: each depends on its offset alone, and neighbouring pages differ. */
public final class Pattern {
    private static final int CHUNK = 1 << 20;

    private Pattern() {}

    public static byte at(long offset) {
        long mixed = (offset + 1) * 0x9E3779B97F4A7C15L;
        return (byte) (mixed >>> 56);
    }

    public static byte[] bytes(long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(offset + i);
        }
        return bytes;
    }

    /** A new file of that size. */
    public static Path file(Path path, long size) throws IOException {
        Files.deleteIfExists(path);
        return fill(path, 0, size);
    }

    /** Writes a range of a file by ordinary output. */
    public static Path fill(Path path, long offset, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long at = offset; at < offset + size; at += CHUNK) {
                int length = (int) Math.min(CHUNK, offset + size - at);
                channel.write(ByteBuffer.wrap(bytes(at, length)), at);
            }
        }
        return path;
    }

    /** Writes it into memory, whose first byte counts as that offset. */
    public static void write(MemorySegment memory, long offset) {
        for (long at = 0; at < memory.byteSize(); at += CHUNK) {
            int length = (int) Math.min(CHUNK, memory.byteSize() - at);
            MemorySegment.copy(bytes(offset + at, length), 0, memory, ValueLayout.JAVA_BYTE, at, length);
        }
    }

    /** Fails unless the memory holds it from that offset on. */
    public static void check(MemorySegment memory, long offset) {
        for (long at = 0; at < memory.byteSize(); at += CHUNK) {
            int length = (int) Math.min(CHUNK, memory.byteSize() - at);
            long wrong = memory.asSlice(at, length).mismatch(MemorySegment.ofArray(bytes(offset + at, length)));
            assertEquals(-1, wrong, "byte " + (at + wrong) + " is not that of offset " + (offset + at + wrong));
        }
    }

    /** Fails unless all of the memory is zero. */
    public static void checkZero(MemorySegment memory) {
        for (long at = 0; at < memory.byteSize(); at += CHUNK) {
            int length = (int) Math.min(CHUNK, memory.byteSize() - at);
            long wrong = memory.asSlice(at, length).mismatch(MemorySegment.ofArray(new byte[length]));
            assertEquals(-1, wrong, "byte " + (at + wrong) + " is not zero");
        }
    }
}
