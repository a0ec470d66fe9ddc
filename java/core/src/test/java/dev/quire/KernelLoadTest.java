package dev.quire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Child;
import dev.quire.testing.Needs;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults in the kernels of the C layer and in Java code at the same time, in every way in which HotSpot runs code. */
class KernelLoadTest {
    private static final int MILLIS = 2_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void faultsInBothWorldsAreExceptions(FaultTest.Mode mode) throws Exception {
        Needs.capability(Capability.SHRINK_MAPPED_FILE);
        String out = Child.succeed(Child.of(KernelLoadMain.class, folder, 0, mode.thread, MILLIS)
                .flags(mode.flags())
                .flags("-Xmx256m"));
        assertTrue(out.endsWith("end\n"), out);
    }
}
