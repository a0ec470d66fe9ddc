package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.advice.SystemFacts.Ability;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.slice.LongSlice;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

    /** How often an end of the ring is killed; 1,000 by hand. */
    private static final int ROUNDS = Integer.getInteger("quire.shared.rounds", 30);

    private String name = "";

    @BeforeEach
    void nameIt() {
        name = Creation.freshName();
    }

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(file(name));
        Files.deleteIfExists(file(name + "-words"));
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

    private static void answered(SharedMemory memory, ChildJvm.Running child) throws Exception {
        memory.bytes().longs().setRelease(0, 42);
        succeeded(child);
        assertEquals(7, memory.bytes().longs().getAcquire(1));
    }

    @Test
    void writesAreSeenByName() throws Exception {
        try (SharedMemory memory = SharedMemory.create(name, 16)) {
            answered(memory, child("answer", name).start());
            SharedMemory.open(name, MapMode.READ_ONLY, SHORT).close(); // the end of an attacher destroys nothing
        }
    }

    @Test
    void writesAreSeenByHandle() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(16)) {
            answered(memory, child("answer-handle", memory.handle()).start());
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

    @Test
    void aCreatorThatDiesLeavesWhatCanBeCleanedUp() throws Exception {
        Needs.ability(Ability.LIST_SHARED);
        assertEquals(9, child("die-empty", name).run().status());
        assertEquals(9, child("die-complete", name + "-words").run().status());
        MappingException late =
                assertThrows(MappingException.class, () -> SharedMemory.open(name, MapMode.READ_ONLY, SHORT));
        assertEquals(ErrorCode.TIMED_OUT, late.code());
        SharedMemory.open(name + "-words", MapMode.READ_ONLY, SHORT).close();
        assertFalse(names(Segments.orphans(Duration.ofHours(1))).contains(name), "it may still be being filled");
        List<String> removed = names(Segments.removeOrphans(Duration.ZERO));
        assertTrue(removed.contains(name) && removed.contains(name + "-words"), removed::toString);
        assertFalse(Files.exists(file(name)));
    }

    @Test
    void whatIsToOutliveItsCreatorIsNoOrphan() throws Exception {
        Needs.ability(Ability.KEEP_SHARED);
        Needs.ability(Ability.LIST_SHARED);
        assertEquals(9, child("die-kept", name).run().status());
        assertFalse(names(Segments.orphans(Duration.ZERO)).contains(name));
        try (SharedMemory memory = SharedMemory.open(name, MapMode.READ_ONLY, SHORT)) {
            assertEquals(0, memory.header().creator().pid());
            assertEquals(100, memory.bytes().length());
            assertThrows(ReadOnlyMemoryException.class, memory::keep);
        }
    }

    private static List<String> names(List<Segments.Segment> segments) {
        return segments.stream().map(Segments.Segment::name).toList();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "groups of processes are Linux's")
    void memoryBeyondTheGroupsLimitIsARefusalAndNotTheEnd() throws Exception {
        Path group = Path.of("/sys/fs/cgroup/memory/quire-test-" + name);
        assumeTrue(Files.isWritable(group.getParent()), "no memory cgroup (v1) that can be written here");
        Files.createDirectory(group);
        try {
            Files.writeString(group.resolve("memory.limit_in_bytes"), "512M");
            String enter = "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"";
            ChildJvm.Exit exit = child("limit", name, Long.toString(1L << 30))
                    .under("sh", "-c", enter, "sh")
                    .run();
            assertEquals(0, exit.status(), exit::toString);
            assertEquals("MEMORY_LIMIT", exit.out().strip());
        } finally {
            Files.delete(group);
        }
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

    @Test
    void nothingIsLostWhicheverEndIsKilled() throws Exception {
        Random random = new Random(5);
        try (SharedMemory memory = SharedMemory.create(name, MessageRing.byteSize(4096));
                SharedMemory beside = SharedMemory.create(name + "-words", 24)) {
            LongSlice words = beside.bytes().longs();
            ChildJvm.Running[] ends = {
                child("produce", name).start(), child("consume", name).start()
            };
            for (int round = 0; round < ROUNDS; round++) {
                progress(words, ends);
                Thread.sleep(random.nextInt(20));
                int victim = random.nextInt(2);
                ends[victim].process().destroyForcibly();
                ChildJvm.Exit exit = ends[victim].await();
                assertEquals(OS.WINDOWS.isCurrentOs() ? 1 : 137, exit.status(), exit::toString);
                ends[victim] = child(victim == 0 ? "produce" : "consume", name).start();
            }
            progress(words, ends);
            words.setRelease(SharedMain.STOP, 1);
            succeeded(ends[0]);
            words.setRelease(SharedMain.STOP, 2);
            succeeded(ends[1]);
            assertEquals(words.getAcquire(SharedMain.SENT), words.getAcquire(SharedMain.RECEIVED));
            assertEquals(memory.bytes().length(), MessageRing.byteSize(4096));
        }
    }

    /** Waits until messages go through. */
    private static void progress(LongSlice words, ChildJvm.Running[] ends) throws Exception {
        long from = words.getAcquire(SharedMain.RECEIVED);
        long start = System.nanoTime();
        while (words.getAcquire(SharedMain.RECEIVED) < from + 100) {
            for (ChildJvm.Running end : ends) {
                if (!end.process().isAlive()) {
                    throw new AssertionError(end.await().toString());
                }
            }
            assertTrue(System.nanoTime() - start < 60_000_000_000L, "it hangs at message " + from);
            Thread.sleep(2);
        }
    }
}
