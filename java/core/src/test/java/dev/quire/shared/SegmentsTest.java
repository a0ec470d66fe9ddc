package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Needs;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SegmentsTest {
    private final String name = Creation.freshName();

    private static Path file(String name) {
        return Path.of("/dev/shm", Creation.PREFIX + name);
    }

    @AfterEach
    void remove() throws Exception {
        Files.deleteIfExists(file(name));
    }

    private static void refused(ErrorCode code, Executable call) {
        assertEquals(code, assertThrows(MappingException.class, call).code());
    }

    private Optional<Segments.Segment> found() throws Exception {
        return Segments.list().stream()
                .filter(segment -> segment.name().equals(name))
                .findFirst();
    }

    @Test
    void theListShowsWhatIsThere() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        try (SharedArray made = SharedArray.create(name, DType.parse("<f8"), Shape.of(4, 5), Order.C)) {
            Segments.Segment found = found().orElseThrow();
            assertEquals(made.memory().header(), found.header().orElseThrow());
            assertEquals(ProcessIdentity.current(), found.creator().orElseThrow());
            assertFalse(found.isOrphan(Duration.ZERO));
        }
    }

    @Test
    void whereThereIsNoListItIsRefused() throws Exception {
        assumeFalse(Needs.has(Capability.LIST_SHARED), "here there is one");
        refused(ErrorCode.UNSUPPORTED, Segments::list);
        refused(ErrorCode.UNSUPPORTED, () -> Segments.orphans(Duration.ZERO));
    }

    /** As a shell makes them: not every locale lets Java name such files. */
    private void shell(String command) throws Exception {
        List<String> files = new ArrayList<>();
        for (String format : List.of(".%s", "%s b", "%s\\303\\244", "%s\\377", "%s\\nb", "%s" + "n".repeat(190))) {
            files.add("\"$(printf '/dev/shm/quire." + format + "' " + name + ")\"");
        }
        String line = command + " " + String.join(" ", files);
        assertEquals(0, new ProcessBuilder("sh", "-c", line).inheritIO().start().waitFor());
    }

    @Test
    void whatCannotBeOursIsNotListed() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        shell("touch");
        try {
            assertFalse(
                    Segments.list().stream().anyMatch(segment -> segment.name().contains(name)));
            assertFalse(Segments.orphans(Duration.ZERO).stream()
                    .anyMatch(segment -> segment.name().contains(name)));
        } finally {
            shell("rm");
        }
    }

    /** No process has a number beyond 2^22. */
    private Segments.Segment orphan() throws Exception {
        try (SharedMemory memory = SharedMemory.create(name, 100);
                Arena arena = Arena.ofConfined()) {
            ByteSlice head = SliceDoor.bytes(memory.region(), memory.region().view(arena), 0);
            SegmentHeader is = memory.header();
            ProcessIdentity dead = new ProcessIdentity(1 << 23, 7);
            new SegmentHeader(is.byteSize(), is.dtype(), is.shape(), is.order(), dead, is.generation()).publish(head);
        }
        return found().orElseThrow();
    }

    @Test
    void anOrphanIsRemoved() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        Segments.Segment orphan = orphan();
        assertTrue(orphan.isOrphan(Duration.ZERO));
        assertEquals(List.of(orphan), Segments.removed(List.of(orphan)));
        assertEquals(List.of(), Segments.removed(List.of(orphan)));
        assertFalse(Files.exists(file(name)));
    }

    @Test
    void whatHasTakenAnOrphansNameStays() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        Segments.Segment orphan = orphan();
        SharedMemory.unlink(name);
        try (SharedMemory memory = SharedMemory.create(name, 100)) {
            assertEquals(List.of(), Segments.removed(List.of(orphan)));
            assertTrue(Files.exists(file(name)));
            assertEquals(memory.header(), found().orElseThrow().header().orElseThrow());
        }
    }

    @Test
    void patienceMayBeWithoutEnd() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        Region.ofNewSegment(Creation.subject(name), Creation.systemName(name), 4096)
                .close();
        Segments.Segment begun = found().orElseThrow();
        assertFalse(begun.isOrphan(ChronoUnit.FOREVER.getDuration()));
        assertTrue(begun.isOrphan(Duration.ZERO) || begun.modified().isAfter(Instant.now()));
    }
}
