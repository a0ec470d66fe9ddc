package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.quire.MapMode;
import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Needs;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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
            assertFalse(found.isOrphan());
        }
    }

    @Test
    void whereThereIsNoListItIsRefused() throws Exception {
        assumeFalse(Needs.has(Capability.LIST_SHARED), "here there is one");
        refused(ErrorCode.UNSUPPORTED, Segments::list);
        refused(ErrorCode.UNSUPPORTED, Segments::orphans);
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
            assertFalse(Segments.orphans().stream()
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
        assertTrue(orphan.isOrphan());
        assertEquals(List.of(orphan), Segments.removeOrphans(List.of(orphan)));
        assertEquals(List.of(), Segments.removeOrphans(List.of(orphan)));
        assertFalse(Files.exists(file(name)));
    }

    @Test
    void whatHasTakenAnOrphansNameStays() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        Segments.Segment orphan = orphan();
        SharedMemory.unlink(name);
        try (SharedMemory memory = SharedMemory.create(name, 100)) {
            assertEquals(List.of(), Segments.removeOrphans(List.of(orphan)));
            assertTrue(Files.exists(file(name)));
            assertEquals(memory.header(), found().orElseThrow().header().orElseThrow());
        }
    }

    /** Acceptance 54: another program's memory, or what a creator left that was stopped before its first byte. */
    @Test
    void whatHasNoHeaderOfOursIsNobodysOrphan() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        byte[] looks = new byte[4096];
        ByteBuffer.wrap(looks)
                .order(ByteOrder.nativeOrder())
                .putLong(24, 1 << 23)
                .putLong(32, 7);
        for (byte[] bytes : List.of(new byte[0], new byte[100], new byte[4096], looks)) {
            Files.write(file(name), bytes);
            Files.setLastModifiedTime(file(name), FileTime.from(Instant.EPOCH));
            Segments.Segment found = found().orElseThrow();
            assertEquals(Optional.empty(), found.creator());
            assertFalse(found.isOrphan());
            assertFalse(Segments.orphans().contains(found));
            assertEquals(List.of(), Segments.removeOrphans(List.of(found)));
            assertTrue(Files.exists(file(name)));
        }
    }

    /** Not even a version that this library does not know: what stands where the creator does is not known. */
    @Test
    void anotherVersionsSegmentIsNoOrphan() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        assertTrue(orphan().isOrphan());
        try (RawSegment raw = RawSegment.open(Creation.PREFIX + name, MapMode.READ_WRITE)) {
            raw.bytes().ints().set(2, 3);
        }
        Segments.Segment found = found().orElseThrow();
        assertFalse(found.isOrphan());
        assertEquals(Optional.empty(), found.header());
    }

    @Test
    void onlyOrphansOfAListAreRemoved() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        try (SharedMemory _ = SharedMemory.create(name, 100)) {
            assertEquals(List.of(), Segments.removeOrphans(List.of(found().orElseThrow())));
            assertTrue(Files.exists(file(name)));
        }
    }
}
