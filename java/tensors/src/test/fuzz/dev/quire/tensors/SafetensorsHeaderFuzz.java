package dev.quire.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

class SafetensorsHeaderFuzz {

    @FuzzTest
    void parse(byte[] input) throws IOException {
        Fuzzing.run(input, source -> {
            SafetensorsHeader header = SafetensorsHeader.read(source);
            Fuzzing.look(header, source);
            long bytes = 0;
            for (String name : header.names()) {
                TensorInfo info = header.find(name);
                assertEquals(source.dataStart() + bytes, info == null ? -1 : info.offset());
                bytes += info == null ? 0 : info.byteSize();
            }
            assertEquals(source.length(), source.dataStart() + bytes);
            header.metadata();
        });
    }
}
