package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two and four JVMs on one memory. */
class SharedProcessesTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private String name = "";

    @BeforeEach
    void nameIt() {
        name = Creation.freshName();
    }

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(file(name));
        Files.deleteIfExists(file(name + "-words"));
        Files.deleteIfExists(file(name + "-begun"));
    }

    private static Path file(String of) {
        return Path.of("/dev/shm", Creation.PREFIX + of);
    }

    private static ChildJvm child(String... arguments) {
        return ChildJvm.onClassPath(SharedMain.class, arguments).flags("-XX:TieredStopAtLevel=1", "-Xshare:auto");
    }

    private static void succeeded(ChildJvm.Running child) throws Exception {
        ChildJvm.Exit exit = child.await();
        assertEquals(0, exit.status(), exit::toString);
    }

    private static List<ChildJvm.Running> started(int children, String task, String place) throws Exception {
        List<ChildJvm.Running> running = new ArrayList<>();
        for (int i = 1; i <= children; i++) {
            running.add(child(task, place, Integer.toString(i)).start());
        }
        return running;
    }

    private static void said(String answer, List<ChildJvm.Running> children) throws Exception {
        for (ChildJvm.Running running : children) {
            ChildJvm.Exit exit = running.await();
            assertEquals(0, exit.status(), exit::toString);
            assertEquals(answer, exit.out().strip());
        }
    }

    private static void answered(SharedMemory memory, List<ChildJvm.Running> children) throws Exception {
        memory.bytes().longs().setRelease(0, 42);
        said("", children);
        for (int i = 1; i <= children.size(); i++) {
            assertEquals(7, memory.bytes().longs().getAcquire(i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void writesAreSeenByName(int others) throws Exception {
        try (SharedMemory memory = SharedMemory.create(name, 32)) {
            answered(memory, started(others, "answer", name));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void writesAreSeenByHandle(int others) throws Exception {
        Needs.capability(Capability.ATTACH);
        try (SharedMemory memory = SharedMemory.anonymous(32)) {
            answered(memory, started(others, "answer-handle", memory.handle()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void neitherAFailedAttachNorAnExitDestroys(int others) throws Exception {
        try (SharedMemory memory = SharedMemory.create(name, 32)) {
            said("NOT_MAPPABLE", started(others, "mismatch", name));
            answered(memory, started(others, "answer", name));
            try (SharedMemory seen = SharedMemory.open(name, MapMode.READ_ONLY, SHORT)) {
                assertEquals(42, seen.bytes().longs().get(0));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void sealsAreProvedToReadersInOtherProcesses(int others) throws Exception {
        Needs.capability(Capability.ATTACH);
        Needs.capability(Capability.SEAL);
        try (SharedMemory memory = SharedMemory.anonymous(4)) {
            memory.bytes().fill((byte) 7);
            memory.seal(Seal.WRITE, Seal.SEAL);
            said("[SHRINK, GROW, WRITE, SEAL] SEALED whole [7, 7, 7, 7]", started(others, "sealed", memory.handle()));
        }
    }

    @Test
    void twoProcessesCountExactly() throws Exception {
        count(2, 10_000_000);
    }

    @Test
    void fourProcessesCountExactly() throws Exception {
        count(4, 1_000_000);
    }

    private void count(int processes, long times) throws Exception {
        try (SharedMemory memory = SharedMemory.create(name, 8)) {
            List<ChildJvm.Running> children = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                children.add(child("count", name, Long.toString(times)).start());
            }
            for (ChildJvm.Running running : children) {
                succeeded(running);
            }
            assertEquals(processes * times, memory.bytes().longs().getVolatile(0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whoComesToADeadCreatorsBeginningTimesOut(int others) throws Exception {
        Needs.capability(Capability.KEEP_SHARED);
        assertEquals(9, child("die-empty", name).run().status());
        said("TIMED_OUT", started(others, "late", name));
        SharedMemory.unlink(name);
    }

    @Test
    void aCreatorThatDiesLeavesWhatCanBeCleanedUp() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        assertEquals(9, child("die-empty", name).run().status());
        assertEquals(9, child("die-complete", name + "-words").run().status());
        MappingException late =
                assertThrows(MappingException.class, () -> SharedMemory.open(name, MapMode.READ_ONLY, SHORT));
        assertEquals(ErrorCode.TIMED_OUT, late.code());
        SharedMemory.open(name + "-words", MapMode.READ_ONLY, SHORT).close();
        assertEquals(9, child("die-begun", name + "-begun").run().status());
        List<Segments.Segment> mine = Segments.list().stream()
                .filter(segment -> segment.name().startsWith(name))
                .toList();
        assertEquals(List.of(name, name + "-begun", name + "-words"), names(mine));
        assertEquals(List.of(name + "-begun", name + "-words"), names(Segments.removeOrphans(mine)));
        assertTrue(Files.exists(file(name)), "nothing in it tells whose it is");
        SharedMemory.unlink(name);
    }

    @Test
    void whatIsToOutliveItsCreatorIsNoOrphan() throws Exception {
        Needs.capability(Capability.KEEP_SHARED);
        Needs.capability(Capability.LIST_SHARED);
        assertEquals(9, child("die-kept", name).run().status());
        assertFalse(names(Segments.orphans()).contains(name));
        try (SharedMemory memory = SharedMemory.open(name, MapMode.READ_ONLY, SHORT)) {
            assertEquals(0, memory.header().creator().pid());
            assertEquals(100, memory.bytes().length());
            assertThrows(ReadOnlyMemoryException.class, memory::keep);
        }
    }

    private static List<String> names(List<Segments.Segment> segments) {
        return segments.stream().map(Segments.Segment::name).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-Xcomp", "-XX:-TieredCompilation"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "nobody can truncate it elsewhere")
    void truncatedMemoryIsAFaultAndNotTheEnd(String mode) throws Exception {
        ChildJvm.Exit exit = ChildJvm.onClassPath(SharedMain.class, "truncate", name)
                .flags(mode)
                .run();
        assertEquals(0, exit.status(), exit::toString);
    }

    @Test
    void snapshotsAreWholeWhateverTheWriterDoes() throws Exception {
        try (SharedMemory memory = SharedMemory.create(name, SequenceLock.HEADER_BYTES + 4096)) {
            ChildJvm.Running writer =
                    child("record", name, Integer.toString(Integer.MAX_VALUE)).start();
            SequenceLock lock = new SequenceLock(memory.bytes(), WaitStrategy.PARK);
            byte[] seen = new byte[lock.recordBytes()];
            int changes = 0;
            byte last = 0;
            for (int i = 0; i < 20_000 || changes < 100; i++) {
                assertTrue(lock.read(seen, Duration.ofSeconds(20)));
                for (byte each : seen) {
                    assertEquals(seen[0], each);
                }
                changes += seen[0] == last ? 0 : 1;
                last = seen[0];
            }
            writer.process().destroyForcibly();
            assertNotEquals(0, writer.await().status());
            lock.write(new byte[seen.length]);
            assertTrue(lock.read(seen, Duration.ZERO));
            assertEquals(0, seen[4095]);
        }
    }
}
