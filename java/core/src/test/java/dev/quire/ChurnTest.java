package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.testing.Child;
import dev.quire.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing is left behind by opening and closing: acceptance 9. {@code -Dquire.churn.rounds=1000000} is the million.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 1, unit = TimeUnit.DAYS) // its children have limits of their own
class ChurnTest {
    private static final int ROUNDS = Integer.getInteger("quire.churn.rounds", 10_000);

    /** More than a round of the slowest kind takes. */
    private static final Duration ROUND = Duration.ofNanos(500_000);

    @TempDir
    Path folder;

    @Test
    void areasDescriptorsAndMemoryAreAsBefore() throws Exception {
        int kinds = (int) MemoryKind.all().count();
        ChildJvm child = Child.of(ChurnMain.class, folder, ROUNDS)
                .flags("-XX:NativeMemoryTracking=summary", "-XX:+UseSerialGC", "-Xmx64m")
                .timeout(ROUND.multipliedBy(2L * ROUNDS * kinds).plusSeconds(120));
        String out = Child.succeed(child);
        System.out.print(out);
        assertEquals(
                kinds, out.lines().filter(line -> !line.endsWith("once more")).count());
    }
}
