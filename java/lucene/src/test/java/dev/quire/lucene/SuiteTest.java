package dev.quire.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;

/**
 * Lucene's test framework for directories, which is written for JUnit 4 and draws all it does from a seed. The property
 * {@code quire.lucene.seeds} says how many seeds are tried.
 */
class SuiteTest {
    private static final int SEEDS = Integer.getInteger("quire.lucene.seeds", 1);

    /** Where the framework looks for its seed. */
    private static final String SEED = "tests.seed";

    private static Stream<Arguments> runs() {
        return Stream.of(DirectorySuite.class, ChunkSuite.class)
                .flatMap(suite -> IntStream.rangeClosed(1, SEEDS).mapToObj(seed -> Arguments.of(suite, seed)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void passes(Class<?> suite, int seed) {
        String before =
                System.setProperty(SEED, Integer.toHexString(seed * 0x9E3779B9).toUpperCase(java.util.Locale.ROOT));
        try {
            Result result = new JUnitCore().run(Request.aClass(suite));
            List<String> failures = new ArrayList<>();
            for (Failure failure : result.getFailures()) {
                failures.add(failure.getTestHeader() + "\n" + failure.getTrace());
            }
            assertEquals(List.of(), failures);
            assertTrue(result.getRunCount() > 50, "only " + result.getRunCount() + " tests ran");
        } finally {
            if (before == null) {
                System.clearProperty(SEED);
            } else {
                System.setProperty(SEED, before);
            }
        }
    }
}
