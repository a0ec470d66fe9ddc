package dev.quire.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;

class ShardIndexFuzz {

    @FuzzTest
    void parse(byte[] input) throws IOException {
        Fuzzing.run(input, source -> {
            ShardIndex index = ShardIndex.read(source, name -> {
                Path folder = Path.of("folder");
                assertEquals(folder, folder.resolve(name).normalize().getParent(), name);
                throw new TensorFileException.NotFound("input", name);
            });
            Fuzzing.look(index, source);
            index.metadata();
        });
    }
}
