package dev.quire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Child;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files truncated under scans and gathers that are under way, in every way in which HotSpot runs code: acceptance 49.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "nobody can truncate a file there that is mapped")
class ScanLoadTest {
    private static final int MILLIS = 500;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void faultsUnderWayAreExceptions(FaultTest.Mode mode) throws Exception {
        String out = Child.succeed(Child.of(ScanLoadMain.class, folder, mode.thread, MILLIS)
                .flags(mode.flags())
                .flags("-Xmx256m"));
        assertTrue(out.endsWith("end\n"), out);
    }
}
