package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Needs;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Acceptance 49, the array part: a file truncated under an array is an exception, never a result and never the end of
 * the JVM.
 */
class ArrayFaultTest {
    private static final int OPERATIONS = 17;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation", "-Xcomp", "-XX:+UseZGC"})
    void everyBulkOperationThrows(String compiler) throws Exception {
        Needs.capability(Capability.SHRINK_MAPPED_FILE);
        ChildJvm child =
                ChildJvm.onClassPath(ArrayFaultMain.class, folder.toString()).flags(compiler);
        String library = System.getProperty("dev.quire.library");
        ChildJvm.Exit exit = (library == null ? child : child.flags("-Ddev.quire.library=" + library)).run();
        assertEquals(0, exit.status(), exit::toString);
        assertEquals(OPERATIONS, exit.out().lines().count(), exit::toString);
        assertTrue(exit.out().lines().allMatch(line -> line.endsWith("fault 65536")), exit::toString);
    }
}
