package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Arrays;

class SciHeaderFuzz {

    @FuzzTest
    void parse(byte[] input) throws IOException {
        Fuzzing.run(input, source -> {
            SciHeader header = SciHeader.read(source);
            assertArrayEquals(Arrays.copyOf(input, SciHeader.BYTES), header.toBytes());
            long dataBytes = header.shape().byteCount(header.type().itemBytes());
            assertTrue(SciHeader.BYTES + dataBytes <= input.length, header::toString);
        });
    }
}
