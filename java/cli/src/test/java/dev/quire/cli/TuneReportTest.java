package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
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
    void theLinesAreJava() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assumeTrue(compiler != null, "a runtime without a compiler");
        List<Policy> policies = new ArrayList<>(Policy.FOR_ALL);
        policies.addAll(Policy.FOR_RECORDS);
        for (Policy policy : policies) {
            StringWriter said = new StringWriter();
            List<String> options = List.of("-proc:none", "-d", folder.toString(), "-cp", classPath());
            boolean compiles = compiler.getTask(said, null, null, options, null, List.of(new Program(policy)))
                    .call();
            assertTrue(compiles, () -> policy + "\n" + said);
        }
    }

    private static String classPath() {
        return System.getProperty("java.class.path")
                + System.getProperty("path.separator")
                + System.getProperty("jdk.module.path", "");
    }

    /** A program that a user would put the lines into. */
    private static final class Program extends SimpleJavaFileObject {
        private final Policy policy;

        Program(Policy policy) {
            super(URI.create("string:///Program.java"), Kind.SOURCE);
            this.policy = policy;
        }

        @Override
        public CharSequence getCharContent(boolean ignoresErrors) {
            return """
                    import dev.quire.*;
                    import dev.quire.advice.*;
                    import dev.quire.scan.*;
                    import dev.quire.slice.*;
                    class Program {
                        static void use(ByteSlice bytes) {}
                        static void read(Mapping map, long[] offsets, long recordBytes, long chunkBytes) throws Exception {
                    """ + String.join("\n", policy.lines()) + "\n}\n}\n";
        }
    }
}
