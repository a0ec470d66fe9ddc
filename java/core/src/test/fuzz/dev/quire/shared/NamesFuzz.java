package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any text is a handle or a name, or is refused: what other processes hand over. */
class NamesFuzz {
    @FuzzTest
    void parse(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        handle(text);
        name(text);
        status(text);
    }

    private static void handle(String text) {
        try {
            Handle handle = Handle.parse(text);
            assertEquals(handle, Handle.parse(handle.toString()));
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().contains("not a handle"), refused::getMessage);
        }
    }

    private static void name(String text) {
        try {
            String name = Creation.systemName(text);
            assertTrue(name.endsWith(text), name);
            assertFalse(name.isEmpty() || name.indexOf('\0') >= 0, name);
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().contains("a name of shared memory"), refused::getMessage);
        }
    }

    /** What the kernel says of a process, whose name may be anything. */
    private static void status(String text) {
        ProcStat status = ProcStat.parse("17 (" + text + ") S 1 17 17 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 4711 0");
        assertEquals(new ProcStat('S', 1, 4711), status);
    }
}
