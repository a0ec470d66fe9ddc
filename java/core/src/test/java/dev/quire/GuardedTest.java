package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quire.testing.Pattern;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Blocks that meet no fault; those that do are in {@link FaultTest}. */
@EveryMemory
class GuardedTest {
    @Parameter
    MemoryKind subject;

    @TempDir
    Path folder;

    @Test
    void aBlockRunsOnceAndItsResultIsHandedOut() throws IOException {
        try (OpenMemory opened = subject.open(folder, 5_000)) {
            AtomicInteger runs = new AtomicInteger();
            opened.use(views -> {
                byte last = opened.memory().guarded(() -> {
                    runs.incrementAndGet();
                    return views.segment().get(ValueLayout.JAVA_BYTE, 4_999);
                });
                assertEquals(Pattern.at(4_999), last);
                opened.memory().guarded(() -> {
                    runs.incrementAndGet();
                });
            });
            assertEquals(2, runs.get());
        }
    }

    @Test
    void whatABlockThrowsComesOutAsItIs() throws IOException {
        try (OpenMemory opened = subject.open(folder, 5_000)) {
            RuntimeException own = new RuntimeException("own");
            InternalError alien = new InternalError("something else");
            InternalError silent = new InternalError();
            for (Throwable thrown : new Throwable[] {own, alien, silent}) {
                Throwable caught =
                        assertThrows(thrown.getClass(), () -> opened.memory().guarded(() -> sneak(thrown)));
                assertSame(thrown, caught);
            }
        }
    }

    private static void sneak(Throwable thrown) {
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        throw (Error) thrown;
    }
}
