package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ErrorCode;
import dev.quire.error.LimitReachedException;
import dev.quire.hint.Residency;
import dev.quire.testing.Child;
import dev.quire.testing.Confinement;
import dev.quire.testing.Pattern;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Locks, and what a process without privileges is told: acceptance 24 and 25. */
@EnabledOnOs(OS.LINUX)
class LockTest {
    private static final long PAGES = 20;

    @TempDir
    Path folder;

    private static long locked() throws IOException {
        return ThisProcess.status("VmLck");
    }

    @ParameterizedTest
    @MethodSource("dev.quire.MemoryKind#all")
    void lockAndUnlockMoveWhatIsLocked(MemoryKind subject) throws IOException {
        long page = Platform.pageSize();
        long before = locked();
        try (OpenMemory opened = subject.open(folder, PAGES * page + 7)) {
            MappedMemory memory = opened.memory();
            memory.lock();
            assertEquals((PAGES + 1) * page, locked() - before);
            Residency residency = memory.residency();
            assertEquals(residency.pages(), residency.residentPages());
            memory.unlock(page + 1, page);
            assertEquals((PAGES - 1) * page, locked() - before);
            memory.unlock();
            assertEquals(before, locked());
            memory.lockOnFault(page - 1, 2);
            assertEquals(2 * page, locked() - before);
            memory.lock(page, page);
            assertEquals(2 * page, locked() - before);
            opened.use(views -> Pattern.check(views.segment(), 0));
            if (!subject.isClosable()) {
                memory.unlock();
            }
        }
        assertEquals(before, locked());
    }

    @Test
    void lockedPagesStayWhenEvicted() throws IOException {
        long page = Platform.pageSize();
        Path file = Pattern.file(folder.resolve("file"), PAGES * page);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            map.populate();
            map.lock(0, page);
            assertFalse(map.evict().isComplete());
            assertTrue(map.residency().isResident(0));
            map.unlock();
            assertTrue(map.evict().isComplete());
            assertEquals(0, map.residency().residentPages());
        }
    }

    @Test
    void overTheLimitTheErrorNamesItAndNothingStaysLocked() throws Exception {
        String[] privileges = Confinement.withoutPrivileges();
        Child.succeed(Child.of(Limited.class, folder)
                .under(Confinement.withLimit("-l 1024"))
                .under(privileges));
    }

    static final class Limited {
        private static final long LIMIT = 1 << 20;

        public static void main(String[] arguments) throws IOException {
            assertEquals(LIMIT, Platform.facts().lockLimitBytes());
            for (MemoryKind subject :
                    MemoryKind.all().filter(MemoryKind::isClosable).toList()) {
                try (OpenMemory opened = subject.open(Path.of(arguments[0]), 2 * LIMIT)) {
                    MappedMemory memory = opened.memory();
                    LimitReachedException refused = assertThrows(LimitReachedException.class, memory::lock);
                    assertEquals(ErrorCode.LOCK_LIMIT, refused.code());
                    assertEquals(LIMIT, refused.details().limit());
                    assertTrue(refused.getMessage().contains("RLIMIT_MEMLOCK is 1048576"), refused::getMessage);
                    assertEquals(0, locked());
                    memory.lock(0, LIMIT / 2);
                    assertEquals(LIMIT / 2, locked());
                }
                assertEquals(0, locked());
            }
            moreThanOneSlice();
        }

        /** The library locks 64 MiB at a time: what it had locked before the failure is unlocked again. */
        private static void moreThanOneSlice() throws IOException {
            MapOptions options = MapOptions.DEFAULT.with(MapOptions.Option.NO_RESERVE);
            try (Mapping map = Mapping.anonymous(200L << 20, Lifetime.SHARED, options)) {
                assertThrows(LimitReachedException.class, () -> map.lockOnFault(0, map.byteSize()));
                assertEquals(0, locked());
            }
        }
    }

    @Test
    void residencyIsUnknownWhereTheKernelDoesNotTell() throws Exception {
        String[] privileges = Confinement.withoutPrivileges();
        Path foreign = Path.of("/bin/sh").toRealPath();
        if (privileges.length > 0) {
            foreign = Pattern.file(folder.resolve("foreign"), 100_000);
            Files.setAttribute(foreign, "unix:uid", 65534);
            Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("r--r--r--"));
        }
        Path own = Pattern.file(folder.resolve("own"), 100_000);
        Child.succeed(Child.of(Stranger.class, foreign, own).under(privileges));
    }

    static final class Stranger {
        public static void main(String[] arguments) throws IOException {
            for (MapMode mode : new MapMode[] {MapMode.READ_ONLY, MapMode.COPY_ON_WRITE}) {
                try (Mapping map = Mapping.open(Path.of(arguments[0]), mode)) {
                    map.populate();
                    Residency residency = map.residency();
                    assertFalse(residency.known());
                    assertEquals("unknown", residency.toString());
                    assertEquals(0, residency.residentPages());
                    assertTrue(residency.pages() > 1);
                    assertFalse(residency.isResident(0));
                }
                try (Mapping map = Mapping.open(Path.of(arguments[1]), mode)) {
                    map.populate();
                    assertTrue(map.residency().known());
                    assertEquals(map.residency().pages(), map.residency().residentPages());
                }
            }
        }
    }
}
