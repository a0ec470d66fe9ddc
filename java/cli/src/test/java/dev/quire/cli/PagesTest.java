package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.Platform;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code residency}, {@code evict} and {@code touch}, which are about the same pages. */
class PagesTest {
    private static final int PAGES = 100;

    @TempDir
    private Path folder;

    private final long page = Platform.pageSize();
    private byte[] content;
    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        content = new byte[(int) (PAGES * page - 7)];
        new Random(1).nextBytes(content);
        file = Files.write(folder.resolve("pages \u00e9"), content);
    }

    private static Map<String, Object> json(Object... arguments) {
        Object[] all = List.of(arguments).toArray(new Object[arguments.length + 1]);
        all[arguments.length] = "--json";
        return Tool.run(all).json();
    }

    @Test
    void touchBringsAllIn() {
        Tool.run("evict", file).fine();
        Map<String, Object> facts = json("touch", file);
        assertEquals("APPLIED", facts.get("result"));
        assertEquals(PAGES, Tool.number(facts, "resident"));
        assertEquals(PAGES * page, Tool.number(facts, "bytes"));
        assertEquals(PAGES, Tool.number(json("residency", file), "resident"));
    }

    @Test
    void evictDropsAllAndKeepsTheContent() throws IOException {
        Tool.run("touch", file).fine();
        Map<String, Object> facts = json("evict", file);
        assumeTrue("APPLIED".equals(facts.get("result")), "this file system keeps its pages: " + facts);
        assertEquals(PAGES, Tool.number(facts, "residentBefore"));
        assertEquals(0, Tool.number(facts, "resident"));
        assertEquals(0, Tool.number(json("residency", file), "residentBytes"));
        assertArrayEquals(content, Files.readAllBytes(file));
    }

    @Test
    void aRangeIsTouchedAlone() {
        Map<String, Object> evicted = json("evict", file);
        assumeTrue("APPLIED".equals(evicted.get("result")), "this file system keeps its pages: " + evicted);
        Map<String, Object> touched = json("touch", file, "--offset", 10 * page + 1, "--length", page);
        assertEquals(2, Tool.number(touched, "pages"));
        assertEquals(2, Tool.number(touched, "resident"));
        assertEquals(2 * page, Tool.number(touched, "bytes"));
    }

    @Test
    void pagesThatTwoStepsShareCountOnce() throws IOException {
        long pages = 2 * Progress.STEP_BYTES / page + 1;
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(pages * page);
        }
        Map<String, Object> facts = json("touch", file, "--offset", 1);
        assertEquals(pages, Tool.number(facts, "resident"));
        assertEquals(pages * page, Tool.number(facts, "bytes"));
    }

    @Test
    void residencyHasAllFacts() {
        Map<String, Object> facts = json("residency", file);
        assertEquals(
                List.of("path", "bytes", "known", "pages", "resident", "pageSize", "residentBytes"),
                List.copyOf(facts.keySet()));
        assertEquals(file.toString(), facts.get("path"));
        assertEquals(content.length, Tool.number(facts, "bytes"));
        assertEquals(PAGES, Tool.number(facts, "pages"));
        assertEquals(page, Tool.number(facts, "pageSize"));
        assertEquals(Tool.number(facts, "resident") * page, Tool.number(facts, "residentBytes"));
        assertEquals(true, facts.get("known"));
    }

    @Test
    void peopleSeeAPicture() {
        Tool.run("touch", file).fine();
        List<String> lines = Tool.run("residency", file).fine().lines();
        assertEquals("[" + "O".repeat(60) + "]", lines.get(1));
        assertTrue(lines.get(2).startsWith("100 of 100 pages"), lines.get(2));
        assertTrue(Tool.run("evict", file).fine().lines().get(1).startsWith("before [OOO"));
    }
}
