package dev.quire.tensors;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

class GgufHeaderFuzz {

    @FuzzTest
    void parse(byte[] input) throws IOException {
        Fuzzing.run(input, source -> Fuzzing.look(GgufHeader.read(source), source));
        Fuzzing.runUnbounded(input, source -> {
            for (MetadataValue value : GgufHeader.read(source).metadata().values()) {
                readAll(value);
            }
        });
    }

    private static void readAll(MetadataValue value) throws IOException {
        value.text();
        if (value.type() == MetadataValue.Type.ARRAY) {
            for (MetadataValue element : value.elements()) {
                readAll(element);
            }
        }
    }
}
