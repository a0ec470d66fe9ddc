package dev.quire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Child;
import dev.quire.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once, at random, in children that run code in every way HotSpot has: acceptance 15. {@code
 * -Dquire.stress.seconds=600} makes it the ten minutes that stand for "for ever".
 */
@Timeout(value = 1, unit = TimeUnit.DAYS) // its children have limits of their own
class StressTest {
    private static final int SECONDS = Integer.getInteger("quire.stress.seconds", 20);
    private static final String[] MODES = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:+UseParallelGC", "-XX:+UseZGC"};
    private static final Pattern UNDER_READERS = Pattern.compile("under readers (\\d+)");

    /** How many closes must have been seen while somebody read, in the seconds of the build and in ten minutes. */
    private static final long CLOSES = SECONDS < 600 ? 1_000 : 100_000;

    @TempDir
    Path folder;

    @Test
    void nothingDiesHangsOrReadsAWrongByte() throws Exception {
        long closes = 0;
        for (String mode : MODES) {
            Path own = Files.createDirectory(folder.resolve(mode));
            int seconds = Math.max(1, SECONDS / MODES.length);
            ChildJvm child = Child.of(StressMain.class, own, seconds)
                    .flags(mode, "-Xmx512m")
                    .timeout(Duration.ofSeconds(seconds + 120));
            String out = Child.succeed(child);
            System.out.print("stress " + mode + " " + seconds + " s: " + out);
            Matcher matcher = UNDER_READERS.matcher(out);
            assertTrue(matcher.find(), out);
            closes += Long.parseLong(matcher.group(1));
        }
        System.out.println("stress: " + closes + " closes under readers in " + SECONDS + " s");
        assertTrue(closes >= CLOSES, closes + " closes under readers");
    }
}
