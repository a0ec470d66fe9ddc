package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tune}. */
class TuneCommandTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        byte[] content = new byte[2_000_001];
        new Random(1).nextBytes(content);
        file = Files.write(folder.resolve("tuned"), content);
    }

    @ParameterizedTest
    @CsvSource({"sequential, 5, 2000001", "random, 4, 4096", "strided, 4, 4096"})
    void everyPolicyIsMeasured(String pattern, int policies, long least) {
        Map<String, Object> facts =
                Tool.run("tune", file, "--pattern", pattern, "--json").json();
        assertEquals(List.of("path", "bytes", "pattern", "runs", "best", "java"), List.copyOf(facts.keySet()));
        assertEquals(pattern, facts.get("pattern"));
        List<?> runs = (List<?>) facts.get("runs");
        assertEquals(policies, runs.size());
        boolean hasBest = false;
        for (Object run : runs) {
            Map<?, ?> policy = (Map<?, ?>) run;
            hasBest |= facts.get("best").equals(policy.get("policy"));
            Map<?, ?> warm = (Map<?, ?>) policy.get("warm");
            assertEquals(List.of("bytes", "seconds", "gigabytesPerSecond"), List.copyOf(warm.keySet()));
            assertTrue(((Number) warm.get("bytes")).longValue() >= least, facts::toString);
            assertTrue(policy.containsKey("cold"));
        }
        assertTrue(hasBest, facts::toString);
        assertFalse(((List<?>) facts.get("java")).isEmpty());
    }

    @Test
    void peopleSeeATableAndTheJavaOfTheBest() throws IOException {
        Path png = folder.resolve("chart.png");
        Path svg = folder.resolve("chart.SVG");
        List<String> lines = Tool.run("tune", file, "--pattern", "random", "--chart", png, "--chart", svg)
                .fine()
                .lines();
        assertTrue(lines.get(2).contains("policy") && lines.get(2).contains("cold"), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("Best: ")), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.contains("map.bytes()")), lines::toString);
        assertNotNull(ImageIO.read(png.toFile()));
        String drawing = Files.readString(svg);
        assertTrue(drawing.contains("<svg") && drawing.strip().endsWith("</svg>"), drawing);
        assertTrue(drawing.split("<(path|rect|polygon)").length > 20, drawing); // letters and bars
    }

    @Test
    void whatCannotBeIsSaid() {
        assertTrue(Tool.run("tune", file).misuse().contains("--pattern"));
        assertTrue(Tool.run("tune", file, "--pattern", "odd").misuse().contains("strided"));
        assertTrue(Tool.run("tune", file, "--pattern", "random", "--chart", "a.gif")
                .misuse()
                .contains(".png"));
        assertTrue(Tool.run("tune", file, "--pattern", "random", "--chart", folder.resolve("no/a.png"))
                .details()
                .contains("no"));
        assertTrue(Tool.run("tune", file, "--pattern", "strided", "--length", 100)
                .details()
                .contains("64 KiB"));
    }
}
