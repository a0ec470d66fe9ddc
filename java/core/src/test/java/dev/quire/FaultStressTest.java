package dev.quire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Child;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Confinement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once under files that are lost: {@code -Dquire.faults.seconds=3600} makes it an hour over all modes, of
 * which the build has time for one. {@code -Dquire.faults.seed=N} repeats what threads choose.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "nobody can truncate a file there that is mapped")
@Timeout(value = 1, unit = TimeUnit.DAYS) // its children have limits of their own
class FaultStressTest {
    private static final int SECONDS = Integer.getInteger("quire.faults.seconds", 5);
    private static final long SEED = Long.getLong("quire.faults.seed", 1);

    /** Less says nothing in a mode. */
    private static final int LEAST = 5;

    private static final List<String> MODES = List.of(
            "platform -XX:+UseG1GC",
            "platform -Xint",
            "platform -XX:TieredStopAtLevel=1",
            "virtual -XX:+UseG1GC",
            "platform -XX:UseAVX=0",
            "platform -XX:UseAVX=1",
            "platform -XX:UseAVX=2",
            "platform -XX:UseAVX=3",
            "platform -XX:+UseZGC",
            "virtual -XX:+UseShenandoahGC",
            "platform -XX:+UseParallelGC -Xss256k",
            "platform -XX:+UseSerialGC -XX:-TieredCompilation");

    @TempDir
    Path folder;

    @Test
    void nothingDiesAndNoLostByteIsHandedOut() throws Exception {
        int modes = Math.clamp(SECONDS / LEAST, 1, MODES.size());
        for (String mode : MODES.subList(0, modes)) {
            String counts = run(mode, Math.max(SECONDS / modes, 1));
            System.out.print("faults " + mode + ": " + counts);
            assertTrue(counts.contains("faults of reads=") && counts.contains("restored="), "no overlap: " + counts);
        }
    }

    private String run(String mode, int seconds) throws Exception {
        String[] words = mode.split(" ");
        Path own = Files.createDirectory(folder.resolve("own" + words.length + mode.hashCode()));
        Path small = Files.createDirectory(own.resolve("small"));
        boolean canMount = Confinement.canMount();
        ChildJvm child = Child.of(FaultStressMain.class, own, canMount ? small : "-", seconds, SEED, words[0])
                .flags(List.of(words).subList(1, words.length).toArray(String[]::new))
                .flags("-Xmx512m")
                .timeout(Duration.ofSeconds(seconds + 240));
        return Child.succeed(canMount ? child.under(Confinement.withFileSystem(small, "size=2m")) : child);
    }
}
