package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {
    @TempDir
    private Path folder;

    private static Map<String, Object> info(Path file) {
        return Tool.run("info", file, "--json").json();
    }

    @Test
    void sizesIdentityAndFileSystemAreTold() throws IOException {
        Path file = Files.write(folder.resolve("a"), new byte[5000]);
        Map<String, Object> facts = info(file);
        assertEquals("regular file", facts.get("kind"));
        assertEquals(5000, Tool.number(facts, "fileBytes"));
        assertTrue(Tool.number(facts, "allocatedBytes") >= 5000);
        assertEquals(Files.getLastModifiedTime(file).toInstant(), Instant.parse((String) facts.get("modified")));
        assertEquals(true, facts.get("writable"));
        assertEquals(Files.getFileStore(file).type(), ((Map<?, ?>) facts.get("fileSystem")).get("type"));
        assertNotEquals(
                facts.get("number"),
                info(Files.write(folder.resolve("b"), new byte[1])).get("number"));
    }

    /** Without the space on the disk, which others use up meanwhile. */
    private static Map<String, Object> lasting(Path file) {
        Map<String, Object> facts = info(file);
        facts.remove("fileSystem");
        return facts;
    }

    @Test
    void aLinkIsTheFileItNames() throws IOException {
        Path file = Files.write(folder.resolve("a"), new byte[1]);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertEquals(lasting(file), lasting(link));
    }

    @Test
    void holesAreNoticed() throws IOException {
        Path file = folder.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(6L << 30);
        }
        Map<String, Object> facts = info(file);
        assertEquals("sparse file", facts.get("kind"));
        assertEquals(6L << 30, Tool.number(facts, "fileBytes"));
        assertTrue(Tool.run("info", file).fine().out().contains("6,442,450,944 bytes (6 GiB)"));
    }

    @Test
    void anEmptyFileIsOne() throws IOException {
        assertEquals(
                "empty file", info(Files.createFile(folder.resolve("empty"))).get("kind"));
    }
}
