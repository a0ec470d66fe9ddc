package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * {@code generated/CHECKSUMS}, which {@code scripts/bindings} writes: the committed output is of the committed header.
 */
class CommittedBindingsTest {
    private static final String SUMS = "generated/CHECKSUMS";
    private static final String SOURCES = "generated/src/main/java";

    private static Path root() {
        Path folder = ChildJvm.classes();
        while (!Files.exists(folder.resolve("generated"))) {
            folder = folder.getParent();
            assertNotNull(folder, "the repository is around the compiled classes");
        }
        return folder;
    }

    /** Hash by path; lines as sha256sum writes them, after comments. */
    private static Map<String, String> sums() throws IOException {
        Map<String, String> sums = new TreeMap<>();
        for (String line : Files.readAllLines(root().resolve(SUMS))) {
            if (!line.startsWith("#")) {
                sums.put(line.substring(66), line.substring(0, 64));
            }
        }
        return sums;
    }

    private static String hash(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void everyFileIsAsItWasWritten() throws Exception {
        Map<String, String> now = new TreeMap<>();
        for (String path : sums().keySet()) {
            now.put(path, hash(root().resolve(path)));
        }
        assertEquals(sums(), now, "run scripts/bindings after a change of quire.h and commit what it writes");
    }

    @Test
    void theHeaderTheArgumentsAndNothingElseAreListed() throws Exception {
        TreeSet<String> expected = new TreeSet<>(List.of("native/src/main/include/quire.h", "generated/jextract.args"));
        try (var files = Files.walk(root().resolve(SOURCES))) {
            files.filter(Files::isRegularFile)
                    .forEach(file ->
                            expected.add(root().relativize(file).toString().replace('\\', '/')));
        }
        assertTrue(expected.size() > 10);
        assertEquals(expected, sums().keySet());
    }
}
