package dev.quire.lucene;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.store.BaseDirectoryTestCase;

/** Lucene's own tests of a directory. {@link SuiteTest} runs them. */
public final class DirectorySuite extends BaseDirectoryTestCase {
    @Override
    protected Directory getDirectory(Path folder) throws IOException {
        return new QuireDirectory(folder);
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
