package dev.quire.lucene;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;

/** What the framework asks of {@code MMapDirectory} alone: of any other it expects not to know what is in memory. */
final class Loaded {
    private Loaded() {}

    static void check(Path folder, int sliceFrom) throws IOException {
        try (QuireDirectory directory = new QuireDirectory(folder, (file, context) -> FilePolicy.NORMAL.preload())) {
            try (IndexOutput output = directory.createOutput("file", IOContext.DEFAULT)) {
                output.writeBytes(new byte[100_000], 100_000);
            }
            try (IndexInput input = directory.openInput("file", IOContext.DEFAULT)) {
                IndexInput part = input.slice("part", sliceFrom, input.length() - sliceFrom);
                assertEquals(Optional.of(true), part.isLoaded());
            }
        }
    }
}
