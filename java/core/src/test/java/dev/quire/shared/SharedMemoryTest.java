package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.quire.MapMode;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.Region;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Needs;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedMemoryTest {
    private static final String FILES = "named memory is a file on Linux alone";
    private static final Duration SHORT = Duration.ofMillis(50);

    private final List<String> names = new ArrayList<>();

    private String name() {
        String name = Creation.freshName();
        names.add(name);
        return name;
    }

    @AfterEach
    void remove() throws Exception {
        for (String name : names) {
            Files.deleteIfExists(file(name));
        }
    }

    private static Path file(String name) {
        return Path.of("/dev/shm", Creation.PREFIX + name);
    }

    private static void refused(ErrorCode code, Executable call) {
        assertEquals(code, assertThrows(MappingException.class, call).code());
    }

    @Test
    void whatIsThereIsNotCreatedAndWhatIsNotThereIsNotOpened() throws Exception {
        String name = name();
        refused(ErrorCode.NOT_FOUND, () -> SharedMemory.open(name, MapMode.READ_ONLY, SHORT));
        refused(ErrorCode.NOT_FOUND, () -> SharedMemory.unlink(name));
        try (SharedMemory memory = SharedMemory.create(name, 100)) {
            refused(ErrorCode.EXISTS, () -> SharedMemory.create(name, 100));
            assertEquals(100, memory.bytes().length());
            memory.bytes().set(99, (byte) 5);
            try (SharedMemory same = SharedMemory.openOrCreate(name, 100, SHORT)) {
                assertEquals(5, same.bytes().get(99));
            }
            refused(ErrorCode.NOT_MAPPABLE, () -> SharedMemory.openOrCreate(name, 101, SHORT));
            assertEquals(100, Segments.info(name).byteSize());
        }
    }

    @Test
    void aNameVanishesWithTheLastWhoHasItMapped() throws Exception {
        assumeFalse(Needs.has(Capability.KEEP_SHARED), "here names stay until they are removed");
        String name = name();
        SharedMemory first = SharedMemory.create(name, 100);
        try (SharedMemory second = SharedMemory.open(name, MapMode.READ_WRITE, SHORT)) {
            first.close();
            assertEquals(100, second.bytes().length());
            refused(ErrorCode.UNSUPPORTED, () -> SharedMemory.unlink(name));
            refused(ErrorCode.EXISTS, () -> SharedMemory.create(name, 100));
        }
        refused(ErrorCode.NOT_FOUND, () -> SharedMemory.open(name, MapMode.READ_ONLY, SHORT));
        SharedMemory.create(name, 200).close();
    }

    @Test
    void aNameStaysUntilItIsRemoved() throws Exception {
        Needs.capability(Capability.KEEP_SHARED);
        String name = name();
        SharedMemory.create(name, 100).close();
        SharedMemory.openOrCreate(name, 100, SHORT).close();
        SharedMemory.unlink(name);
        refused(ErrorCode.NOT_FOUND, () -> SharedMemory.unlink(name));
        SharedMemory.openOrCreate(name, 101, SHORT).close();
        assertEquals(101, Segments.info(name).byteSize());
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = FILES)
    void onlyItsUserMayOpenItAndItsNameIsInTheSystems() throws Exception {
        String name = name();
        SharedMemory.create(name, 1).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file(name))));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = FILES)
    void memoryOfAnotherUserIsRefusedAndNotListed() throws Exception {
        Needs.superuser();
        String name = name();
        SharedMemory.create(name, 100).close();
        Files.setPosixFilePermissions(file(name), PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setAttribute(file(name), "unix:uid", 65534);
        for (MapMode mode : MapMode.values()) {
            refused(ErrorCode.ACCESS_DENIED, () -> SharedMemory.open(name, mode, SHORT));
        }
        MappingException denied =
                assertThrows(MappingException.class, () -> SharedMemory.openOrCreate(name, 100, SHORT));
        assertEquals(ErrorCode.ACCESS_DENIED, denied.code());
        assertTrue(denied.getMessage().contains("EPERM"), denied::toString);
        assertFalse(Segments.list().stream().anyMatch(segment -> segment.name().equals(name)));
        assertTrue(Files.exists(file(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "/a", "..", "a\0b", "a b", "ä"})
    void namesAreChecked(String name) {
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(name, 1));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.open(name, MapMode.READ_ONLY, SHORT));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.unlink(name));
    }

    @Test
    void longNamesAreRefused() throws Exception {
        String first = name();
        String longest = first + "n".repeat(194 - first.length());
        names.add(longest);
        SharedMemory.create(longest, 1).close();
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(longest + "n", 1));
    }

    @Test
    void namesOfNobodysChoiceDiffer() throws Exception {
        try (SharedMemory one = SharedMemory.create(1);
                SharedMemory other = SharedMemory.create(1)) {
            names.add(one.name().orElseThrow());
            names.add(other.name().orElseThrow());
            assertNotEquals(one.name(), other.name());
            assertEquals(16, one.name().orElseThrow().length(), 1);
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = FILES)
    void symbolicLinksAreNotFollowed() throws Exception {
        String target = name();
        String link = name();
        SharedMemory.create(target, 1).close();
        Files.createSymbolicLink(file(link), file(target));
        refused(ErrorCode.SYMBOLIC_LINK, () -> SharedMemory.open(link, MapMode.READ_ONLY, SHORT));
        refused(ErrorCode.EXISTS, () -> SharedMemory.create(link, 1));
    }

    @Test
    void hugeSizesFailAtOnce() {
        String name = name();
        refused(ErrorCode.MEMORY_LIMIT, () -> SharedMemory.create(name, 1L << 46));
        refused(ErrorCode.MEMORY_LIMIT, () -> SharedMemory.anonymous(1L << 46));
        assertFalse(Files.exists(file(name)));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(name, -1));
    }

    /** Those of the header are not the user's, and no pipe is in sight. */
    @Test
    void messagesCountTheBytesThatWereAskedForAndSpeakOfMemory() throws Exception {
        String name = name();
        for (Executable call : List.<Executable>of(
                () -> SharedMemory.create(name, 1L << 46),
                () -> SharedMemory.anonymous(1L << 46),
                () -> SharedArray.create(name, DType.parse("<f8"), Shape.of(1L << 40, 8), Order.C))) {
            String refused = assertThrows(MappingException.class, call).getMessage();
            assertTrue(refused.contains("(" + (1L << 46) + " bytes)"), refused);
        }
        try (SharedMemory _ = SharedMemory.create(name, 100)) {
            String other = assertThrows(MappingException.class, () -> SharedMemory.openOrCreate(name, 101, SHORT))
                    .getMessage();
            assertTrue(other.contains("it holds |u1 (100,)"), other);
            assertFalse(other.contains("pipe"), other);
            String there = assertThrows(MappingException.class, () -> SharedMemory.create(name, 100))
                    .getMessage();
            assertTrue(there.contains("shared memory of that name is there already"), there);
            assertFalse(there.contains("file"), there);
        }
        String gone = assertThrows(
                        MappingException.class, () -> SharedMemory.open(name + "x", MapMode.READ_ONLY, SHORT))
                .getMessage();
        assertTrue(gone.contains("there is no such shared memory"), gone);
    }

    @Test
    void whatIsNotCompleteTimesOutAndStays() throws Exception {
        String name = name();
        Region raw = Region.ofNewSegment(Creation.subject(name), Creation.systemName(name), 4096);
        MappingException late =
                assertThrows(MappingException.class, () -> SharedMemory.open(name, MapMode.READ_ONLY, SHORT));
        assertEquals(ErrorCode.TIMED_OUT, late.code());
        assertTrue(late.getMessage().contains("in 0.05 s; it may have died"), late::toString);
        refused(ErrorCode.EXISTS, () -> SharedMemory.create(name, 1));
        raw.close();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = FILES)
    void otherMemoryIsRefusedAndStays() throws Exception {
        String name = name();
        SharedMemory.create(name, 100).close();
        for (int at : new int[] {0, 8, 16, 48, 56, 64}) {
            byte[] whole = Files.readAllBytes(file(name));
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x55;
            Files.write(file(name), damaged);
            refused(ErrorCode.NOT_MAPPABLE, () -> SharedMemory.open(name, MapMode.READ_ONLY, SHORT));
            assertArrayEquals(damaged, Files.readAllBytes(file(name)));
            Files.write(file(name), whole);
        }
        SharedMemory.open(name, MapMode.READ_ONLY, SHORT).close();
    }

    @Test
    void arraysTellTheirTypeShapeAndOrder() throws Exception {
        for (String type :
                new String[] {"?", "i1", ">i2", "<i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", ">f8", "c8", "c16"}) {
            String name = name();
            DType dtype = DType.parse(type);
            Shape shape = Shape.of(3, 0 + 5, 7);
            try (SharedArray made = SharedArray.create(name, dtype, shape, Order.FORTRAN);
                    SharedArray seen = SharedArray.open(name, MapMode.READ_ONLY, SHORT)) {
                assertEquals(dtype, seen.array().dtype());
                assertEquals(shape, seen.array().shape());
                assertEquals(Order.FORTRAN, seen.memory().header().order());
                assertEquals(105 * dtype.itemBytes(), seen.memory().bytes().length());
                made.array().fill(1);
                made.array().slice("1:, ::2").fill(0);
                assertArrayEquals(
                        made.memory().bytes().toArray(), seen.memory().bytes().toArray());
                ArrayView real = dtype.type().isComplex() ? seen.array().real() : seen.array();
                assertEquals(1, real.getDouble(0, 4, 6));
                assertEquals(0, real.getDouble(2, 4, 6));
                assertEquals(1, real.getDouble(2, 3, 6));
                assertThrows(ReadOnlyMemoryException.class, () -> seen.array().fill(0));
                refused(
                        ErrorCode.NOT_MAPPABLE,
                        () -> SharedArray.openOrCreate(name, dtype, Shape.of(105), Order.C, SHORT));
            }
        }
    }

    @Test
    void anonymousMemoryIsAttachedByItsHandle() throws Exception {
        String handle;
        try (SharedMemory memory = SharedMemory.anonymous(1000)) {
            handle = memory.handle();
            try (SharedMemory seen = SharedMemory.attach(handle, MapMode.READ_WRITE, SHORT)) {
                assertEquals(1000, seen.bytes().length());
                assertEquals(memory.header(), seen.header());
                seen.bytes().set(999, (byte) 3);
                assertEquals(3, memory.bytes().get(999));
            }
            String other = handle.substring(0, handle.lastIndexOf('-')) + "-1";
            refused(ErrorCode.NOT_FOUND, () -> SharedMemory.attach(other, MapMode.READ_ONLY, SHORT));
        }
        String gone = handle;
        assertThrows(MappingException.class, () -> SharedMemory.attach(gone, MapMode.READ_ONLY, SHORT));
        for (String none : new String[] {"", "q1", "q1-1-2-", "q1-x-2-3", "q2-1-2-3", "q1-1-2-3-4", "q1-1-2-0"}) {
            assertThrows(IllegalArgumentException.class, () -> SharedMemory.attach(none, MapMode.READ_ONLY, SHORT));
        }
    }

    @Test
    void viewsThrowAfterAClose() throws Exception {
        SharedMemory memory = SharedMemory.anonymous(8);
        ByteSlice bytes = memory.bytes();
        memory.close();
        memory.close();
        assertThrows(IllegalStateException.class, () -> bytes.get(0));
        assertThrows(IllegalStateException.class, memory::bytes);
    }

    @Test
    void theDataIsAligned() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(8);
                Arena arena = Arena.ofConfined()) {
            assertEquals(0, memory.bytes().segment().address() % 64);
            assertEquals(SegmentHeader.BYTES + 8, memory.region().view(arena).byteSize());
        }
    }
}
