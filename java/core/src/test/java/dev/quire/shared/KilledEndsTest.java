package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.hint.SystemFacts.Capability;
import dev.quire.slice.LongSlice;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;

/** The ends of a ring in two JVMs, of which one is killed again and again. */
class KilledEndsTest {
    /** How often an end of the ring is killed; 1,000 by hand. */
    private static final int ROUNDS = Integer.getInteger("quire.shared.rounds", 30);

    private static final int CAPACITY = 4096;

    private final String name = Creation.freshName();

    private ChildJvm.Running[] ends = {};

    @AfterEach
    void remove() throws Exception {
        for (ChildJvm.Running end : ends) {
            end.process().destroyForcibly();
        }
        Files.deleteIfExists(Path.of("/dev/shm", Creation.PREFIX + name));
        Files.deleteIfExists(Path.of("/dev/shm", Creation.PREFIX + name + ".words"));
    }

    private ChildJvm.Running start(int end, String place) throws Exception {
        return ChildJvm.onClassPath(EndsMain.class, end == 0 ? "produce" : "consume", place, name + ".words")
                .flags("-XX:TieredStopAtLevel=1", "-Xshare:auto")
                .start();
    }

    /** Memory that may shrink is copied; a name's can. */
    @Test
    void nothingIsLostOrRepeatedInNamedMemory() throws Exception {
        try (SharedMemory memory = SharedMemory.create(name, MessageRing.byteSize(CAPACITY))) {
            kill(memory, name, (ROUNDS + 1) / 2);
        }
    }

    /** Messages are handed over where they are. */
    @Test
    void nothingIsLostOrRepeatedInSealedMemory() throws Exception {
        Needs.capability(Capability.ATTACH);
        Needs.capability(Capability.SEAL);
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(CAPACITY))) {
            kill(memory, memory.handle(), (ROUNDS + 1) / 2);
        }
    }

    private void kill(SharedMemory memory, String place, int rounds) throws Exception {
        Random random = new Random(5);
        try (SharedMemory beside = SharedMemory.create(name + ".words", EndsMain.WORDS * 8)) {
            LongSlice words = beside.bytes().longs();
            ends = new ChildJvm.Running[] {start(0, place), start(1, place)};
            for (int round = 0; round < rounds; round++) {
                progress(words);
                Thread.sleep(random.nextInt(20));
                int victim = random.nextInt(2);
                ends[victim].process().destroyForcibly();
                ChildJvm.Exit exit = ends[victim].await();
                assertEquals(OS.WINDOWS.isCurrentOs() ? 1 : 137, exit.status(), exit::toString);
                ends[victim] = start(victim, place);
            }
            progress(words);
            for (int end = 0; end < 2; end++) {
                words.setRelease(EndsMain.STOP, end + 1);
                ChildJvm.Exit exit = ends[end].await();
                assertEquals(0, exit.status(), exit::toString);
            }
            long received = words.getAcquire(EndsMain.RECEIVED);
            assertEquals(words.getAcquire(EndsMain.SENT), EndsMain.number(received));
            assertEquals(received, words.getAcquire(EndsMain.ACKNOWLEDGED));
            assertEquals(memory.bytes().length(), MessageRing.byteSize(CAPACITY));
        }
    }

    /** Waits until messages go through. */
    private void progress(LongSlice words) throws Exception {
        long from = words.getAcquire(EndsMain.SENT);
        long start = System.nanoTime();
        while (EndsMain.number(words.getAcquire(EndsMain.RECEIVED)) < from + 100) {
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
