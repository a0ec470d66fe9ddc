package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TourCommandTest {
    @Test
    void sixStepsFitOneScreen() {
        List<String> lines = Tool.run("tour").fine().lines();
        assertEquals(
                6, lines.stream().filter(line -> line.matches("[1-6] .*[.:]")).count());
        assertEquals(6, lines.stream().filter(line -> line.startsWith("    ")).count(), "a line of Java each");
        assertTrue(lines.size() <= 45, lines.size() + " lines");
        lines.stream().skip(1).forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    void itFindsWhatIsThere() throws Exception {
        Map<String, Object> facts = Tool.run("tour", "--json").json();
        Path image = Path.of(System.getProperty("java.home"), "lib", "modules");
        assertEquals(Files.size(image), Tool.number(step(facts, "open"), "bytes"));
        assertEquals(0xCAFEDADA, Tool.number(step(facts, "numbers"), "first"));
        assertEquals(0xDADAFECA, Tool.number(step(facts, "numbers"), "swapped"));
        assertEquals(131071L * 65536, Tool.number(step(facts, "share"), "sum"));
        assertTrue(step(facts, "close").get("failure").toString().startsWith("IllegalStateException"));
        assertEquals(5, ((List<?>) step(facts, "hints").get("passes")).size());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> step(Map<String, Object> facts, String name) {
        return (Map<String, Object>) facts.get(name);
    }

    @Test
    void itTakesAnotherFile(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("zeroes"), new byte[100_000]);
        assertTrue(Tool.run("tour", file).fine().lines().getFirst().contains(file.toString()));
    }

    @Test
    void aFileWithNothingToShowIsRefused(@TempDir Path folder) throws Exception {
        String said =
                Tool.run("tour", Files.createFile(folder.resolve("empty"))).details();
        assertTrue(said.contains("too few"), said);
    }
}
