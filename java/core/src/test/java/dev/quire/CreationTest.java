package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapOptions.Option;
import dev.quire.error.ErrorCode;
import dev.quire.error.FileRefusedException;
import dev.quire.error.LimitReachedException;
import dev.quire.testing.Child;
import dev.quire.testing.Confinement;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that mappings make, or make longer: acceptance 3 and 10. */
class CreationTest {
    private static final long SIZE = 300_001;

    @TempDir
    Path folder;

    @Test
    void createMakesAFileThatReadsAsZeroAndHasItsBlocks() throws IOException {
        Path file = folder.resolve("new");
        MapOptions options = MapOptions.DEFAULT.length(SIZE).with(Option.CREATE, Option.EXTEND);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, options)) {
            assertEquals(SIZE, map.byteSize());
            assertTrue(map.granted(Option.CREATE) && map.granted(Option.EXTEND));
            Pattern.checkZero(map.segment());
            assertTrue(map.file().allocatedBytes() >= SIZE, () -> "no blocks");
            Pattern.write(map.segment(), 0);
        }
        assertEquals(SIZE, Files.size(file));
    }

    @Test
    void createOpensWhatIsThere() throws IOException {
        Path file = Pattern.file(folder.resolve("old"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, MapOptions.DEFAULT.with(Option.CREATE))) {
            assertFalse(map.granted(Option.CREATE));
            Pattern.check(map.segment(), 0);
        }
    }

    @Test
    void createNewRefusesWhatIsThereAndLeavesItAlone() throws IOException {
        Path file = Pattern.file(folder.resolve("old"), SIZE);
        MapOptions options = MapOptions.DEFAULT.length(2 * SIZE).with(Option.CREATE_NEW, Option.EXTEND);
        FileRefusedException refused =
                assertThrows(FileRefusedException.class, () -> Mapping.open(file, MapMode.READ_WRITE, options));
        assertEquals(ErrorCode.EXISTS, refused.code());
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            assertEquals(SIZE, map.byteSize());
            Pattern.check(map.segment(), 0);
        }
        Files.delete(file);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, options)) {
            assertTrue(map.granted(Option.CREATE_NEW));
        }
    }

    @Test
    void extendKeepsWhatWasThere() throws IOException {
        Path file = Pattern.file(folder.resolve("old"), SIZE);
        MapOptions options = MapOptions.DEFAULT.offset(7).length(2 * SIZE).with(Option.EXTEND);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, options)) {
            assertEquals(2 * SIZE, map.byteSize());
            Pattern.check(map.segment().asSlice(0, SIZE - 7), 7);
            Pattern.checkZero(map.segment().asSlice(SIZE - 7));
        }
        assertEquals(2 * SIZE + 7, Files.size(file));
    }

    @Test
    void extendDoesNothingToAFileThatIsLongEnough() throws IOException {
        Path file = Pattern.file(folder.resolve("old"), SIZE);
        MapOptions options = MapOptions.DEFAULT.length(SIZE - 1).with(Option.EXTEND);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, options)) {
            assertFalse(map.granted(Option.EXTEND));
            assertEquals(SIZE - 1, map.byteSize());
        }
        assertEquals(SIZE, Files.size(file));
    }

    @Test
    void sparseFilesHaveNoBlocks() throws IOException {
        Path file = folder.resolve("sparse");
        MapOptions options = MapOptions.DEFAULT.length(1L << 40).with(Option.CREATE, Option.EXTEND, Option.SPARSE);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, options)) {
            assertTrue(map.granted(Option.SPARSE));
            assertEquals(1L << 40, map.file().size());
            assertTrue(map.file().allocatedBytes() < 1 << 20, () -> "blocks of a sparse file");
        }
    }

    @Test
    void aFailedCreateLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("impossible");
        MapOptions options = MapOptions.DEFAULT.length(1L << 60).with(Option.CREATE, Option.EXTEND);
        assertThrows(LimitReachedException.class, () -> Mapping.open(file, MapMode.READ_WRITE, options));
        assertFalse(Files.exists(file));
        MapOptions tooShort = MapOptions.DEFAULT.length(1).with(Option.CREATE);
        assertThrows(FileRefusedException.class, () -> Mapping.open(file, MapMode.READ_WRITE, tooShort));
        assertFalse(Files.exists(file));
    }

    @Test
    void aFailedExtendLeavesTheOldFile() throws IOException {
        Path file = Pattern.file(folder.resolve("old"), SIZE);
        MapOptions options = MapOptions.DEFAULT.length(1L << 60).with(Option.CREATE, Option.EXTEND);
        assertThrows(LimitReachedException.class, () -> Mapping.open(file, MapMode.READ_WRITE, options));
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            assertEquals(SIZE, map.byteSize());
            Pattern.check(map.segment(), 0);
        }
    }

    @Test
    void aFullDiskFailsWhereTheFileIsMade() throws Exception {
        Child.succeed(Child.of(FullDisk.class, folder).under(Confinement.withFileSystem(folder, "size=1m")));
    }

    /** Runs on a file system of 1 MiB. */
    static final class FullDisk {
        public static void main(String[] arguments) throws IOException {
            Path disk = Path.of(arguments[0]);
            Path old = Pattern.file(disk.resolve("old"), SIZE);
            Path fresh = disk.resolve("new");
            MapOptions options = MapOptions.DEFAULT.length(4 << 20).with(Option.CREATE, Option.EXTEND);
            for (Path file : new Path[] {old, fresh}) {
                LimitReachedException refused = assertThrows(
                        LimitReachedException.class, () -> Mapping.open(file, MapMode.READ_WRITE, options));
                assertEquals(ErrorCode.NO_SPACE, refused.code());
                assertTrue(refused.getMessage().contains(file.toString()), refused::getMessage);
            }
            assertFalse(Files.exists(fresh));
            try (Mapping map = Mapping.open(old, MapMode.READ_WRITE)) {
                assertEquals(SIZE, map.byteSize());
                Pattern.check(map.segment(), 0);
                LimitReachedException refused = assertThrows(LimitReachedException.class, () -> map.resize(4 << 20));
                assertEquals(ErrorCode.NO_SPACE, refused.code());
                assertEquals(SIZE, map.byteSize());
                Pattern.check(map.segment(), 0);
            }
            assertEquals(SIZE, Files.size(old));
        }
    }
}
