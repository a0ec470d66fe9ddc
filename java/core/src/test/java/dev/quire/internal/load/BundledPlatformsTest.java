package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The jar holds the library of every platform that the build has one for: each whole, for that platform, with its hash.
 */
class BundledPlatformsTest {
    /** What native/cross.sh leaves: rows "PLATFORM|BUILT|RESULT". */
    private static final Path TABLE = Path.of(System.getProperty("basedir", ""), "../../native/target/cross/table");

    @Test
    void everyLibraryThatWasBuilt() throws Exception {
        assumeTrue(Files.exists(TABLE), "no libraries of other platforms were built");
        Set<String> platforms = built();
        assertFalse(platforms.isEmpty());
        for (String platform : platforms) {
            int dash = platform.indexOf('-');
            check(new NativePlatform(platform.substring(0, dash), platform.substring(dash + 1)));
        }
        System.out.println("libraries in the jar: " + platforms);
    }

    /** One file serves glibc and musl. */
    private static Set<String> built() throws IOException {
        Set<String> platforms = new TreeSet<>();
        for (String row : Files.readAllLines(TABLE)) {
            String[] columns = row.split("\\|", -1);
            if (columns[1].equals("yes")) {
                platforms.add(columns[0].replace("-musl", ""));
            }
        }
        return platforms;
    }

    private static void check(NativePlatform platform) throws Exception {
        byte[] content = resource(platform.resource());
        assertNull(LibraryImage.defect(ByteBuffer.wrap(content), content.length, platform), platform::toString);
        assertTrue(BundledLibrary.hasMark(content), platform + " has a library of another build");
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        String recorded = new String(resource(platform.resource() + ".sha256"), StandardCharsets.US_ASCII);
        assertEquals(hash, recorded.substring(0, hash.length()), platform::toString);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = LibrarySearch.class.getResourceAsStream("/" + name)) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        }
    }
}
