package dev.quire.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file beyond every limit of 32 bits is one segment. */
class LargeFileTest {
    private static final long GIB = 1L << 30;
    private static final long SIZE = 40 * GIB;

    @TempDir
    Path folder;

    /** The number stands across a border that others would have. */
    @Test
    void isOneSegment() throws IOException {
        for (long border : new long[] {2 * GIB, 4 * GIB, 16 * GIB}) {
            write(border - 3, border);
        }
        try (QuireDirectory directory = new QuireDirectory(folder);
                IndexInput input = directory.openInput("_0.vec", IOContext.DEFAULT)) {
            assertEquals(SIZE, input.length());
            MemorySegment all = ((MemorySegmentAccessInput) input).segmentSliceOrNull(0, SIZE);
            for (long border : new long[] {2 * GIB, 4 * GIB, 16 * GIB}) {
                input.seek(border - 3);
                assertEquals(border, input.readLong());
                IndexInput slice = input.slice("part", border - 10, 20);
                slice.seek(7);
                assertEquals(border, slice.readLong());
                assertEquals(
                        border,
                        all.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), border - 3));
            }
        }
    }

    private void write(long at, long value) throws IOException {
        try (FileChannel channel = FileChannel.open(
                folder.resolve("_0.vec"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value), at);
            channel.write(ByteBuffer.allocate(1), SIZE - 1);
        }
    }
}
