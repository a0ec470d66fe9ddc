package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Child;
import dev.quire.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ended the virtual machine while HotSpot dealt with faults, and what a model says of every bulk operation. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "nobody can truncate a file there that is mapped")
class FaultCasesTest {
    private static final int CASES = 2 + 3 * 8 + 7 + 6;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xint",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseG1GC",
                "-XX:-TieredCompilation",
                "-XX:UseAVX=0",
                "-XX:UseAVX=2"
            })
    void programsThatEndedTheVirtualMachineLive(String mode) throws Exception {
        ChildJvm.Exit exit = Child.of(FaultCasesMain.class, folder.resolve("file"), 150, 100)
                .flags(mode)
                .run();
        assertEquals(0, exit.status(), exit::toString);
        List<String> lines = exit.out().lines().toList();
        assertEquals(CASES + 1, lines.size(), exit::toString);
        assertTrue(lines.stream().limit(CASES).allMatch(line -> line.endsWith(": fault")), exit::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xint",
                "-XX:TieredStopAtLevel=1",
                "-XX:UseAVX=0",
                "-XX:UseAVX=1",
                "-XX:UseAVX=2",
                "-XX:UseAVX=3",
                "-Ddev.quire.kernels=java"
            })
    void noBulkOperationHandsOutLostBytes(String mode) throws Exception {
        ChildJvm child =
                Child.of(FaultModelMain.class, folder, 5, 1).flags(mode).timeout(Duration.ofMinutes(4));
        if (mode.equals("-Xint")) {
            child.flags("-Dquire.faults.size=" + (16 << 10));
        }
        String out = Child.succeed(child);
        assertTrue(out.matches("\\d{3,} results, \\d{3,} faults\n"), out);
    }
}
