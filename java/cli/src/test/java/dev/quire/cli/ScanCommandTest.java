package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scan}. */
class ScanCommandTest {
    @TempDir
    private Path folder;

    private byte[] content;
    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        content = new byte[3_000_001];
        new Random(1).nextBytes(content);
        file = Files.write(folder.resolve("scanned"), content);
    }

    private static String checksum(byte[] bytes, int from, int count) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, count);
        return String.format("%08x", checksum.getValue());
    }

    @Test
    void allOfAFile() {
        Tool.run("evict", file).fine();
        Map<String, Object> facts = Tool.run("scan", file, "--json").json();
        assertEquals(
                List.of("path", "bytes", "seconds", "gigabytesPerSecond", "peakResidentBytes", "crc32c"),
                List.copyOf(facts.keySet()));
        assertEquals(content.length, Tool.number(facts, "bytes"));
        assertEquals(checksum(content, 0, content.length), facts.get("crc32c"));
        assertTrue(Tool.number(facts, "peakResidentBytes") <= 64 << 20, facts::toString);
    }

    @Test
    void aPartWithAWindow() {
        Map<String, Object> facts = Tool.run(
                        "scan", file, "--window", "64KiB", "--offset", 5, "--length", 2_000_000, "--json")
                .json();
        assertEquals(2_000_000, Tool.number(facts, "bytes"));
        assertEquals(checksum(content, 5, 2_000_000), facts.get("crc32c"));
    }

    @Test
    void nothing() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        Map<String, Object> facts = Tool.run("scan", empty, "--json").json();
        assertEquals(0, Tool.number(facts, "bytes"));
        assertEquals("00000000", facts.get("crc32c"));
    }

    @Test
    void peopleReadASentence() {
        List<String> lines = Tool.run("scan", file).fine().lines();
        assertEquals("crc32c " + checksum(content, 0, content.length), lines.get(1));
    }
}
