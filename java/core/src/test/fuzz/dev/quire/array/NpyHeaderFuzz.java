package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Arrays;

class NpyHeaderFuzz {

    @FuzzTest
    void parse(byte[] input) throws IOException {
        Fuzzing.run(input, source -> {
            NpyHeader header = NpyHeader.read(source, NpyHeader.DEFAULT_LIMIT);
            long dataBytes = header.shape().byteCount(header.descr().itemBytes());
            assertTrue(header.dataOffset() + dataBytes <= input.length, header::toString);
            if (header.descr() instanceof DType) {
                assertEquals(header, rewritten(header));
            }
        });
    }

    /** What is read back from the header written for the same array. */
    private static NpyHeader rewritten(NpyHeader header) throws IOException {
        NpyHeader written = NpyHeader.of(header.descr(), header.shape(), header.order());
        long dataBytes = header.shape().byteCount(header.descr().itemBytes());
        byte[] file = Arrays.copyOf(written.toBytes(), (int) (written.dataOffset() + dataBytes));
        NpyHeader read = NpyHeader.read(ByteSource.of("rewritten", file), NpyHeader.DEFAULT_LIMIT);
        assertEquals(written, read);
        return new NpyHeader(header.version(), read.descr(), read.shape(), read.order(), header.dataOffset());
    }
}
