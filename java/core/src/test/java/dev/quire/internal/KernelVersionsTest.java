package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.Platform;
import dev.quire.testing.Child;
import dev.quire.testing.ChildJvm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which kernels serve is the user's choice, and a choice that does not exist is said to be none. */
class KernelVersionsTest {
    @BeforeEach
    void hasKernels() throws Exception {
        assumeTrue(!Platform.library().kernels().equals("java"), "this machine has no kernels");
    }

    private static ChildJvm.Exit with(String kernels) throws Exception {
        return Child.of(Kernels.class).flags("-Ddev.quire.kernels=" + kernels).run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus", "AVX2", "avx1024"})
    void oneThatDoesNotExistIsWarnedOf(String kernels) throws Exception {
        ChildJvm.Exit exit = with(kernels);
        assertEquals(0, exit.status(), exit::toString);
        assertEquals("java", exit.out().strip());
        assertTrue(exit.err().contains("no kernels \"" + kernels + "\" (dev.quire.kernels)"), exit::toString);
        assertTrue(exit.err().contains(Platform.library().kernels()), exit::toString);
    }

    @Test
    void theLoopsInJavaAreAChoice() throws Exception {
        assertEquals(new ChildJvm.Exit(0, "java\n", ""), with("java"));
    }

    static final class Kernels {
        public static void main(String[] arguments) throws Exception {
            System.out.print(Platform.library().kernels() + "\n");
        }
    }
}
