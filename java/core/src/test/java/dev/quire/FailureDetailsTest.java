package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapOptions.Option;
import dev.quire.array.ArraySpec;
import dev.quire.array.MappedArray;
import dev.quire.error.ErrorCode;
import dev.quire.error.FileRefusedException;
import dev.quire.error.LimitReachedException;
import dev.quire.error.MappingException;
import dev.quire.testing.Child;
import dev.quire.testing.Confinement;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Each reason for which a mapping is refused has its own error: acceptance 8. */
class FailureDetailsTest {
    @TempDir
    Path folder;

    private static MappingException refused(Path path, MapMode mode, ErrorCode code) {
        MappingException refused = assertThrows(MappingException.class, () -> Mapping.open(path, mode));
        assertEquals(code, refused.code(), refused::getMessage);
        assertEquals("map", refused.details().operation());
        assertEquals(path.toString(), refused.details().subject());
        assertTrue(refused.getMessage().startsWith("map " + path), refused::getMessage);
        assertFalse(refused.getMessage().contains("\n"), refused::getMessage);
        return refused;
    }

    @Test
    void whatIsNotThere() {
        for (MapMode mode : MapMode.values()) {
            MappingException refused = refused(folder.resolve("missing"), mode, ErrorCode.NOT_FOUND);
            String name = OS.WINDOWS.isCurrentOs() ? "ERROR_FILE_NOT_FOUND" : "ENOENT";
            assertTrue(refused.getMessage().contains(name), refused::getMessage);
        }
    }

    /** Code around a file channel catches the JDK's exceptions. */
    @Test
    void theCauseIsWhatAFileChannelThrows() throws IOException {
        Path missing = folder.resolve("missing");
        MappingException refused = refused(missing, MapMode.READ_ONLY, ErrorCode.NOT_FOUND);
        assertEquals(
                missing.toString(),
                assertInstanceOf(NoSuchFileException.class, refused.getCause()).getFile());
        Path file = Pattern.file(folder.resolve("file"), 10);
        MapOptions anew = MapOptions.DEFAULT.length(1).with(Option.CREATE_NEW);
        MappingException exists =
                assertThrows(MappingException.class, () -> Mapping.open(file, MapMode.READ_WRITE, anew));
        assertInstanceOf(FileAlreadyExistsException.class, exists.getCause());
        assertNull(refused(folder, MapMode.READ_ONLY, ErrorCode.IS_DIRECTORY).getCause());
    }

    @Test
    void whatLiesBelowAFile() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), 10);
        for (MapMode mode : MapMode.values()) {
            refused(file.resolve("below"), mode, ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void aFolder() {
        for (MapMode mode : MapMode.values()) {
            refused(folder, mode, ErrorCode.IS_DIRECTORY);
        }
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void whatHasNoPages() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (Path path : List.of(pipe, Path.of("/proc/self/status"), Path.of("/dev/null"))) {
            for (MapMode mode : new MapMode[] {MapMode.READ_ONLY, MapMode.COPY_ON_WRITE}) {
                refused(path, mode, ErrorCode.NOT_MAPPABLE);
            }
        }
        refused(pipe, MapMode.READ_WRITE, ErrorCode.NOT_MAPPABLE);
    }

    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its limits are others: check_windows.c has them")
    @Test
    void aPathLongerThanTheSystemAllows() {
        refused(folder.resolve("x".repeat(300)), MapMode.READ_ONLY, ErrorCode.PATH_TOO_LONG);
        refused(folder.resolve("x/".repeat(3_000)), MapMode.READ_ONLY, ErrorCode.PATH_TOO_LONG);
    }

    @Test
    void aPathOfAnotherFileSystem() {
        Path inTheJdk = Path.of(URI.create("jrt:/java.base/module-info.class"));
        assertThrows(IllegalArgumentException.class, () -> Mapping.open(inTheJdk, MapMode.READ_ONLY));
    }

    @Test
    void moreMemoryThanThereCanBe() throws MappingException {
        for (Option[] options : new Option[][] {{}, {Option.SHAREABLE}, {Option.NO_RESERVE}}) {
            for (long size : new long[] {1L << 50, 1L << 60, Long.MAX_VALUE - 1, Long.MAX_VALUE}) {
                MapOptions asked = MapOptions.DEFAULT.with(options);
                assertThrows(
                        LimitReachedException.class,
                        () -> Mapping.anonymous(size, Lifetime.SHARED, asked),
                        () -> size + " " + List.of(options));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Mapping.anonymous(-1));
        try (Mapping memory = Mapping.anonymous(10)) {
            assertThrows(LimitReachedException.class, () -> memory.resize(Long.MAX_VALUE));
            assertEquals(10, memory.byteSize());
        }
    }

    /** What no file can have is refused as what this one has not, and by what the methods declare. */
    @Test
    void rangesThatNoFileHas() throws Exception {
        Path file = Pattern.file(folder.resolve("short"), 10);
        for (long offset : new long[] {Long.MAX_VALUE, Long.MAX_VALUE / 4 + 1, 11}) {
            MapOptions far = MapOptions.DEFAULT.offset(offset);
            for (MapOptions range : List.of(far, far.length(0), far.length(1), far.length(Long.MAX_VALUE))) {
                refused(ErrorCode.FILE_TOO_SHORT, () -> Mapping.open(file, MapMode.READ_ONLY, range));
            }
            MapOptions missing = far.length(1).with(Option.CREATE);
            refused(
                    ErrorCode.FILE_TOO_SHORT,
                    () -> Mapping.open(folder.resolve("missing"), MapMode.READ_WRITE, missing));
            assertFalse(Files.exists(folder.resolve("missing")));
        }
        MapOptions longest = MapOptions.DEFAULT.offset(Long.MAX_VALUE).length(1);
        MapOptions extended = longest.with(Option.EXTEND, Option.SPARSE);
        refused(ErrorCode.FILE_TOO_LARGE, () -> Mapping.open(file, MapMode.READ_WRITE, extended));
        assertEquals(10, Files.size(file));
        try (Mapping mapping = Mapping.open(file, MapMode.READ_WRITE)) {
            refused(ErrorCode.FILE_TOO_LARGE, () -> mapping.resize(Long.MAX_VALUE));
        }
        ArraySpec most = ArraySpec.of("i1", Long.MAX_VALUE - 1000);
        refused(ErrorCode.FILE_TOO_LARGE, () -> MappedArray.create(folder.resolve("most.npy"), most));
    }

    private static void refused(ErrorCode code, Executable call) {
        assertEquals(code, assertThrows(MappingException.class, call).code());
    }

    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no POSIX permissions")
    @Test
    void whatTheUserMayNotRead() throws Exception {
        Path unreadable = Pattern.file(folder.resolve("unreadable"), 10);
        Files.setPosixFilePermissions(unreadable, PosixFilePermissions.fromString("---------"));
        Path unwritable = Pattern.file(folder.resolve("unwritable"), 10);
        Files.setPosixFilePermissions(unwritable, PosixFilePermissions.fromString("r--r--r--"));
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        Child.succeed(Child.of(Unprivileged.class, unreadable, unwritable, closed.resolve("new"))
                .under(Confinement.withoutPrivileges()));
    }

    @Test
    void aFileSystemThatIsReadOnly() throws Exception {
        String[] mounted = Confinement.withFileSystem(folder, "size=1m");
        String file = folder.resolve("file").toString();
        String remount = "echo x > " + file + " && mount -o remount,ro " + folder + " && exec \"$@\"";
        Child.succeed(Child.of(ReadOnlyDisk.class, file).under(Confinement.with(mounted, "sh", "-c", remount, "sh")));
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void moreMapsThanAProcessMayHave() throws Exception {
        Path file = Pattern.file(folder.resolve("file"), 3 * Platform.pageSize());
        Child.succeed(Child.of(TooManyMaps.class, file));
    }

    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no limit of open files can be set")
    @Test
    void moreFilesThanAProcessMayHave() throws Exception {
        Path file = Pattern.file(folder.resolve("file"), 10);
        Child.succeed(Child.of(TooManyFiles.class, file).under(Confinement.withLimit("-n 200")));
    }

    static final class Unprivileged {
        public static void main(String[] arguments) throws IOException {
            Path unreadable = Path.of(arguments[0]);
            Path unwritable = Path.of(arguments[1]);
            for (MapMode mode : MapMode.values()) {
                refused(unreadable, mode, ErrorCode.ACCESS_DENIED);
            }
            refused(unwritable, MapMode.READ_WRITE, ErrorCode.ACCESS_DENIED);
            MapOptions create = MapOptions.DEFAULT.with(Option.CREATE);
            FileRefusedException refused = assertThrows(
                    FileRefusedException.class, () -> Mapping.open(Path.of(arguments[2]), MapMode.READ_WRITE, create));
            assertEquals(ErrorCode.ACCESS_DENIED, refused.code());
            try (Mapping map = Mapping.open(unwritable, MapMode.COPY_ON_WRITE)) {
                Pattern.check(map.segment(), 0);
                map.segment().fill((byte) 0);
            }
        }
    }

    static final class ReadOnlyDisk {
        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            refused(file, MapMode.READ_WRITE, ErrorCode.READ_ONLY_FILE_SYSTEM);
            MapOptions create = MapOptions.DEFAULT.with(Option.CREATE);
            FileRefusedException refused = assertThrows(
                    FileRefusedException.class,
                    () -> Mapping.open(file.resolveSibling("new"), MapMode.READ_WRITE, create));
            assertEquals(ErrorCode.READ_ONLY_FILE_SYSTEM, refused.code());
            try (Mapping map = Mapping.open(file, MapMode.COPY_ON_WRITE)) {
                assertEquals(2, map.byteSize());
            }
        }
    }

    /** Areas that touch and are alike become one: read-only and writable ones in turn do not. */
    static final class TooManyMaps {
        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(arguments[0]);
            long limit = Platform.facts().mapLimit();
            List<Mapping> maps = new ArrayList<>();
            LimitReachedException refused = assertThrows(LimitReachedException.class, () -> {
                for (long i = 0; i <= limit; i++) {
                    MapMode mode = i % 2 == 0 ? MapMode.READ_ONLY : MapMode.COPY_ON_WRITE;
                    maps.add(Mapping.open(file, mode));
                }
            });
            assertEquals(ErrorCode.MAP_LIMIT, refused.code());
            assertEquals(limit, refused.details().limit());
            assertTrue(refused.getMessage().contains("vm.max_map_count"), refused::getMessage);
            long left = limit - maps.size();
            assertTrue(left >= Platform.facts().mapReserve(), () -> left + " areas left for others");
            Thread reader = Thread.ofPlatform()
                    .start(() -> Pattern.check(maps.getFirst().segment(), 0));
            reader.join();
            for (int i = 0; i < 100; i++) {
                maps.removeLast().close();
            }
            maps.add(Mapping.open(file, MapMode.READ_ONLY));
            maps.forEach(Mapping::close);
        }
    }

    static final class TooManyFiles {
        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            // Loads every class that is needed while there are descriptors for it.
            Mapping.open(file, MapMode.READ_ONLY).close();
            assertThrows(LimitReachedException.class, () -> Mapping.anonymous(1L << 60));
            List<Mapping> maps = new ArrayList<>();
            MapOptions keep = MapOptions.DEFAULT.with(Option.KEEP_FILE);
            LimitReachedException refused = assertThrows(LimitReachedException.class, () -> {
                for (int i = 0; i < 300; i++) {
                    maps.add(Mapping.open(file, MapMode.READ_ONLY, keep));
                }
            });
            maps.forEach(Mapping::close);
            assertEquals(ErrorCode.HANDLE_LIMIT, refused.code());
            assertTrue(refused.getMessage().contains("ulimit -n"), refused::getMessage);
        }
    }
}
