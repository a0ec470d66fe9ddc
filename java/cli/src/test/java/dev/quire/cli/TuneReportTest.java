package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.Mapping;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tune} takes for the best, and the Java that it prints. */
class TuneReportTest {
    @TempDir
    private Path folder;

    private static Tuning.Run run(int policy, double cold, double warm) {
        return new Tuning.Run(
                Policy.FOR_ALL.get(policy), cold > 0 ? Optional.of(lap(cold)) : Optional.empty(), lap(warm));
    }

    private static Tuning.Lap lap(double gigabytesPerSecond) {
        return new Tuning.Lap(1_000_000_000, 1 / gigabytesPerSecond);
    }

    private static TuneReport report(Tuning.Run... runs) {
        return new TuneReport(Path.of("file"), 1, AccessPattern.SEQUENTIAL, List.of(runs), List.of());
    }

    private static void checkBest(int policy, Tuning.Run... runs) {
        assertEquals(Policy.FOR_ALL.get(policy), report(runs).best().policy());
        assertTrue(report(runs)
                .lines()
                .contains("Best: " + Policy.FOR_ALL.get(policy).name()));
    }

    @Test
    void coldIsComparedWithCold() {
        checkBest(2, run(0, 0, 20), run(1, 1, 10), run(2, 2, 5));
        checkBest(1, run(0, 1, 20), run(1, 3, 1), run(2, 0, 30));
    }

    @Test
    void warmDecidesWhereNothingIsCold() {
        checkBest(1, run(0, 0, 5), run(1, 0, 10), run(2, 0, 9));
    }

    @Test
    void ofThoseThatAreLevelTheSimplestIsBest() {
        checkBest(0, run(0, 1.96, 1), run(1, 2, 1), run(2, 1.99, 1));
    }

    @Test
    void theLinesAreJava() throws Exception {
        Optional<ToolProvider> compiler = ToolProvider.findFirst("javac");
        assumeTrue(compiler.isPresent(), "a runtime without a compiler");
        String library = Path.of(Mapping.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        List<Policy> policies = new ArrayList<>(Policy.FOR_ALL);
        policies.addAll(Policy.FOR_RECORDS);
        for (Policy policy : policies) {
            Path program = Files.writeString(folder.resolve("Program.java"), program(policy));
            StringWriter said = new StringWriter();
            PrintWriter out = new PrintWriter(said);
            int code = compiler.get()
                    .run(out, out, "-proc:none", "-d", folder.toString(), "-cp", library, program.toString());
            assertEquals(0, code, () -> policy + "\n" + said);
        }
    }

    /** What a user would put the lines into. */
    private static String program(Policy policy) {
        return """
                import dev.quire.*;
                import dev.quire.hint.*;
                import dev.quire.scan.*;
                import dev.quire.slice.*;
                class Program {
                    static void use(ByteSlice bytes) {}
                    static void read(Mapping map, long[] offsets, long recordBytes, long chunkBytes) throws Exception {
                """ + String.join("\n", policy.lines()) + "\n}\n}\n";
    }
}
