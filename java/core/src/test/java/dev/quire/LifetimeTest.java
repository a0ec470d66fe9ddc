package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.testing.Pattern;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Who may see memory and how long: acceptance 13, 14, 16 to 18. */
@EveryMemory
class LifetimeTest {
    private static final long SIZE = 100_003;

    @Parameter
    MemoryKind subject;

    @TempDir
    Path folder;

    /** Throws what the thread threw. */
    private static void inThread(Thread.Builder builder, Executable body) throws Throwable {
        Throwable[] thrown = new Throwable[1];
        Thread thread = builder.start(() -> {
            try {
                body.execute();
            } catch (Throwable e) {
                thrown[0] = e;
            }
        });
        thread.join();
        if (thrown[0] != null) {
            throw thrown[0];
        }
    }

    private static byte first(MemorySegment segment) {
        return segment.get(ValueLayout.JAVA_BYTE, 0);
    }

    @Test
    void closingTwiceDoesNothing() throws IOException {
        OpenMemory opened = subject.open(folder, SIZE);
        for (int i = 0; i < 3; i++) {
            opened.close();
        }
    }

    @Test
    void afterCloseNothingIsToBeHad() throws IOException {
        if (!subject.isClosable()) {
            return;
        }
        OpenMemory opened = subject.open(folder, SIZE);
        MappedMemory memory = opened.memory();
        if (memory instanceof Mapping map) {
            MemorySegment segment = map.segment();
            opened.close();
            assertThrows(IllegalStateException.class, () -> first(segment));
        }
        opened.close();
        assertThrows(IllegalStateException.class, () -> opened.use(Views::bytes));
        for (Executable call : calls(memory)) {
            assertThrows(IllegalStateException.class, call);
        }
        assertTrue(memory.toString().startsWith("closed "), memory::toString);
        assertEquals(SIZE, memory.byteSize());
    }

    private static List<Executable> calls(MappedMemory memory) {
        return List.of(
                () -> memory.advise(Hint.NORMAL),
                () -> memory.prefetch(List.of()),
                memory::populate,
                memory::residency,
                memory::lock,
                memory::unlock,
                memory::flush,
                () -> memory.flush(0, 1, Durability.CACHE),
                memory::evict);
    }

    @Test
    void everyThreadMayCallForPages() throws Throwable {
        try (OpenMemory opened = subject.open(folder, SIZE)) {
            for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                inThread(builder, () -> {
                    for (Executable call : calls(opened.memory())) {
                        call.execute();
                    }
                });
            }
        }
    }

    @Test
    void whoMayRead() throws Throwable {
        try (OpenMemory opened = subject.open(folder, SIZE)) {
            for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                Executable read = () -> opened.use(views -> Pattern.check(views.segment(), 0));
                if (subject.lifetime() == Lifetime.CONFINED) {
                    assertThrows(WrongThreadException.class, () -> inThread(builder, read));
                    assertThrows(WrongThreadException.class, () -> inThread(builder, opened::close));
                } else {
                    inThread(builder, read);
                }
            }
            opened.use(views -> Pattern.check(views.segment(), 0));
        }
    }

    @Test
    void anyThreadMayClose() throws Throwable {
        if (subject.isClosable() && subject.lifetime() != Lifetime.CONFINED) {
            OpenMemory opened = subject.open(folder, SIZE);
            inThread(Thread.ofVirtual(), opened::close);
            assertThrows(IllegalStateException.class, () -> opened.use(Views::bytes));
        }
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void whatIsClosedIsUnmapped() throws IOException {
        if (subject.kind().isFile() && subject.isClosable()) {
            String name = folder.toString();
            try (OpenMemory opened = subject.open(folder, SIZE)) {
                assertEquals(1, ThisProcess.areas(name).size(), opened::toString);
            }
            assertEquals(List.of(), ThisProcess.areas(name));
        }
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void whatTheCollectorOwnsIsUnmappedByIt() throws Exception {
        if (!subject.isClosable() && subject.kind().isFile()) {
            String name = folder.toString();
            openAndForget();
            for (int i = 0; i < 500 && !ThisProcess.areas(name).isEmpty(); i++) {
                System.gc();
                Thread.sleep(20);
            }
            assertEquals(List.of(), ThisProcess.areas(name));
        }
    }

    private void openAndForget() throws IOException {
        OpenMemory opened = subject.open(folder, SIZE);
        assertFalse(ThisProcess.areas(folder.toString()).isEmpty());
        opened.use(views -> Pattern.check(views.segment(), 0));
    }
}
