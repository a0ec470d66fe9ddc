package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.error.MemoryFaultException;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pages that are there before a thread needs them, and an answer that is true. */
class EnsureResidentTest {
    private static final int SIZE = 300_007;

    @TempDir
    Path folder;

    @Test
    void whatIsAskedForIsThere() throws IOException {
        try (Mapping map = Mapping.open(Pattern.file(folder.resolve("file"), SIZE), MapMode.READ_ONLY)) {
            map.evict();
            Outcome outcome = map.ensureResident(5_000, 100_000);
            Residency now = map.residency(5_000, 100_000);
            assertTrue(outcome.isComplete(), outcome::toString);
            assertTrue(outcome.bytes() >= 100_000, outcome::toString);
            assertEquals(now.known() ? now.pages() : 0, now.residentPages());
            assertTrue(map.bytes().slice(1, SIZE - 1).ensureResident().isComplete());
            Pattern.check(map.segment(), 0);
        }
        try (Mapping memory = Mapping.anonymous(SIZE)) {
            assertFalse(memory.ensureResident(0, SIZE).bytes() < SIZE);
        }
    }

    @Test
    void whatCannotBeHadIsAFault() throws IOException {
        Needs.capability(Capability.SHRINK_MAPPED_FILE);
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
                shorter.setLength(10_000);
            }
            assertTrue(map.ensureResident(0, 10_000).isComplete());
            assertThrows(MemoryFaultException.class, () -> map.ensureResident(0, SIZE));
        }
    }

    @Test
    void nothingIsAskedForNothing() throws IOException {
        try (Mapping map = Mapping.open(Pattern.file(folder.resolve("file"), SIZE), MapMode.READ_ONLY)) {
            assertEquals(map.populate(5, 0), map.ensureResident(5, 0));
            assertEquals(new Outcome(HintResult.IGNORED, 0), map.ensureResident(5, 0));
        }
    }

    @Test
    @Timeout(60)
    void whatGoesMeanwhileIsMissingInTheAnswer() throws Exception {
        Needs.capability(Capability.EVICT);
        Needs.capability(Capability.REPORT_RESIDENCY);
        int size = 8 << 20;
        try (Mapping map = Mapping.open(Pattern.file(folder.resolve("file"), size), MapMode.READ_ONLY)) {
            map.evict();
            assumeTrue(map.residency().residentPages() == 0, "this file system keeps its pages");
            AtomicBoolean over = new AtomicBoolean();
            Thread evictor = Thread.ofPlatform().start(() -> evict(map, over));
            Outcome outcome = map.ensureResident(0, size);
            while (outcome.result() != HintResult.PARTIAL) {
                outcome = map.ensureResident(0, size);
            }
            over.set(true);
            evictor.join();
            assertTrue(outcome.bytes() > 0 && outcome.bytes() < size, outcome::toString);
        }
    }

    private static void evict(Mapping map, AtomicBoolean over) {
        try {
            for (long at = 0; !over.get(); at = (at + (1 << 20)) % map.byteSize()) {
                map.evict(at, 1 << 20);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingIsThereAfterClose() throws IOException {
        Mapping map = Mapping.anonymous(SIZE);
        map.close();
        assertThrows(IllegalStateException.class, () -> map.ensureResident(0, SIZE));
    }
}
