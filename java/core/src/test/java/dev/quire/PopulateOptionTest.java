package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code POPULATE} does to the pages of a file: it brings them in, and changes none. */
@EnabledOnOs(OS.LINUX)
class PopulateOptionTest {
    private static final int PAGES = 64;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(MapMode.class)
    void pagesComeInAsTheyAre(MapMode mode) throws IOException {
        Needs.capability(Capability.POPULATE);
        Path file = folder.resolve("clean");
        Pattern.fill(file, 0, PAGES * Platform.pageSize());
        try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        MapOptions populate = MapOptions.DEFAULT.with(MapOptions.Option.POPULATE);
        try (Mapping mapping = Mapping.open(file, mode, populate)) {
            assertTrue(mapping.granted(MapOptions.Option.POPULATE));
            long kib = PAGES * Platform.pageSize() / 1024;
            assertEquals(kib, kibibytes(file, "Rss:"));
            for (String changed : List.of("Shared_Dirty:", "Private_Dirty:", "Anonymous:")) {
                assertEquals(0, kibibytes(file, changed), changed);
            }
        }
    }

    private static long kibibytes(Path file, String label) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        int at = 0;
        while (!lines.get(at).endsWith(file.toString())) {
            at++;
        }
        while (!lines.get(at).startsWith(label)) {
            at++;
        }
        return Long.parseLong(lines.get(at).replaceAll("[^0-9]", ""));
    }
}
