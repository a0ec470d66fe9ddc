package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.internal.load.Bundled;
import dev.quire.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One set of generated classes serves every platform. */
class BindingsTest {
    @TempDir
    Path folder;

    /** The classes of jextract once failed to load on Windows for a {@code long} nobody used. */
    @Test
    void initialiseWhereLongHasFourBytes() throws Exception {
        Path library = Bundled.file(folder, Bundled.bytes());
        ChildJvm.Exit exit = ChildJvm.onClassPath(InitialisingMain.class, library.toString())
                .flags("-Djdk.internal.foreign.CABI=WIN_64")
                .run();
        assertEquals(0, exit.status(), exit::toString);
        assertEquals(
                "long has 4 bytes, initialised " + generatedClasses(),
                exit.out().strip());
    }

    private static long generatedClasses() throws IOException {
        try (var files = Files.walk(InitialisingMain.folder())) {
            long classes =
                    files.filter(file -> file.toString().endsWith(".class")).count();
            assertTrue(classes > 40, "a header class, one for each struct and one for each function");
            return classes;
        }
    }
}
