package dev.quire.lucene;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.store.BaseChunkedDirectoryTestCase;

/** Lucene's own tests of a directory that reads files in chunks; here a file is one. {@link SuiteTest} runs them. */
public final class ChunkSuite extends BaseChunkedDirectoryTestCase {
    @Override
    protected Directory getDirectory(Path folder, int maxChunkSize) throws IOException {
        return new QuireDirectory(folder, FilePolicy::byContextWithRandom);
    }

    @Override
    public void testIsLoaded() throws IOException {
        Loaded.check(createTempDir(), 0);
    }

    @Override
    public void testIsLoadedOnSlice() throws IOException {
        Loaded.check(createTempDir(), 10_000);
    }
}
