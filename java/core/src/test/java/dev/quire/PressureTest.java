package dev.quire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Child;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An OutOfMemoryError or StackOverflowError in the middle of a call leaves a mapping that works, or one that is closed.
 */
@EnabledOnOs(OS.LINUX)
class PressureTest {
    @ParameterizedTest
    @ValueSource(strings = {"grow", "shrink", "protect", "freeze"})
    void theHeapIsFull(String operation) throws Exception {
        tried("heap", operation, "-Xmx24m", "-XX:+UseSerialGC", "-XX:-UseTLAB", "-Xint");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grow",
                "shrink",
                "protect",
                "freeze",
                "close",
                "hint",
                "populate",
                "residency",
                "prefetch",
                "lock",
                "flush",
                "evict"
            })
    void theStackIsAtItsEnd(String operation) throws Exception {
        tried("stack", operation, "-Xss512k", "-Xint");
    }

    private static void tried(String what, String operation, String... flags) throws Exception {
        String out = Child.succeed(Child.of(PressureMain.class, what, operation).flags(flags));
        assertTrue(Integer.parseInt(out.strip().substring("failed ".length())) > 0, "nothing was tried: " + out);
    }
}
