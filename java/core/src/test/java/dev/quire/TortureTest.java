package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.torture.TortureMain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A few seconds of {@code scripts/torture}, in two of its modes: {@code -Dquire.torture.seed=N} takes others, and
 * repeats what threads choose.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "its sabotage is by commands of Linux, and leaks are seen in /proc")
@Timeout(value = 20, unit = TimeUnit.MINUTES) // its children have limits of their own
class TortureTest {
    private static final long SEED = Long.getLong("quire.torture.seed", 1);
    private static final int MODES = 2;
    private static final int SECONDS = 4;

    @TempDir
    Path folder;

    @Test
    void everythingAtOnceIsRightOrRefused() throws Exception {
        TortureMain torture = new TortureMain(folder, SEED);
        for (int i = 0; i < MODES; i++) {
            int mode = Math.floorMod(SEED + 3 * i, TortureMain.MODES.size());
            torture.run(TortureMain.MODES.get(mode), SECONDS);
        }
        Map<String, Long> totals = torture.totals();
        System.out.println("torture: " + totals);
        List<String> never = totals.entrySet().stream()
                .filter(one -> one.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
        assertEquals(List.of(), never, "these did not happen");
        assertTrue(totals.containsKey("exception MemoryFaultException"), () -> "no lost bytes were met: " + totals);
    }
}
