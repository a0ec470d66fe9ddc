package dev.quire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.Durability;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Where changes go: acceptance 5 to 7. */
@ParameterizedClass
@FieldSource("LIFETIMES")
class ModeTest {
    static final Lifetime<?>[] LIFETIMES = {Lifetime.CONFINED, Lifetime.SHARED, Lifetime.LEASED, Lifetime.AUTO};
    private static final int SIZE = 50_001;

    @Parameter
    Lifetime<?> lifetime;

    @TempDir
    Path folder;

    private OpenMemory open(MemoryKind.Kind kind, Path file) throws IOException {
        return new MemoryKind(kind, lifetime).map(file, MapOptions.DEFAULT);
    }

    private static void set(Views views, long offset, int value) {
        views.segment().set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    }

    private static byte get(Views views, long offset) {
        return views.segment().get(ValueLayout.JAVA_BYTE, offset);
    }

    @Test
    void readOnlyRefusesEveryWritePathAndTheFileStays() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        FileTime modified = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, modified);
        try (OpenMemory opened = open(MemoryKind.Kind.READ_ONLY_FILE, file)) {
            opened.use(views -> {
                MemorySegment segment = views.segment();
                assertTrue(segment.isReadOnly());
                assertThrows(IllegalArgumentException.class, () -> set(views, 0, 1));
                assertThrows(IllegalArgumentException.class, () -> segment.fill((byte) 1));
                assertTrue(segment.asSlice(0, 100).asByteBuffer().isReadOnly());
            });
            MappedMemory memory = opened.memory();
            assertThrows(ReadOnlyMemoryException.class, () -> memory.populateForWriting(0, SIZE));
            assertThrows(ReadOnlyMemoryException.class, () -> memory.discard(0, SIZE));
            memory.flush();
        }
        assertArrayEquals(Pattern.bytes(0, SIZE), Files.readAllBytes(file));
        assertEquals(modified, Files.getLastModifiedTime(file));
    }

    @Test
    void copyOnWriteSeesItsOwnChangesAndNobodyElseDoes() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        try (OpenMemory own = open(MemoryKind.Kind.COPY_ON_WRITE_FILE, file);
                OpenMemory other = open(MemoryKind.Kind.COPY_ON_WRITE_FILE, file);
                OpenMemory reader = open(MemoryKind.Kind.READ_ONLY_FILE, file)) {
            byte changed = (byte) ~Pattern.at(9);
            own.use(views -> set(views, 9, changed));
            own.memory().flush();
            own.use(views -> assertEquals(changed, get(views, 9)));
            other.use(views -> Pattern.check(views.segment(), 0));
            reader.use(views -> Pattern.check(views.segment(), 0));
        }
        assertArrayEquals(Pattern.bytes(0, SIZE), Files.readAllBytes(file));
    }

    @Test
    void copyOnWriteNeedsNoRightToWriteTheFile() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        assertTrue(file.toFile().setReadOnly());
        try (OpenMemory own = open(MemoryKind.Kind.COPY_ON_WRITE_FILE, file)) {
            own.use(views -> set(views, 0, 77));
            own.use(views -> assertEquals(77, get(views, 0)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void flushedChangesAreSeenByOrdinaryInput(Durability durability) throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        byte[] expected = Pattern.bytes(0, SIZE);
        try (OpenMemory opened = open(MemoryKind.Kind.READ_WRITE_FILE, file);
                OpenMemory reader = open(MemoryKind.Kind.READ_ONLY_FILE, file)) {
            for (int at : new int[] {0, 4095, 4096, SIZE / 2 + 1, SIZE - 1}) {
                expected[at] = (byte) ~expected[at];
                opened.use(views -> set(views, at, expected[at]));
                opened.memory().flush(at, 1, durability);
                reader.use(views -> assertEquals(expected[at], get(views, at)));
                assertArrayEquals(expected, Files.readAllBytes(file));
            }
            opened.memory().flush(0, SIZE, durability);
        }
        assertArrayEquals(expected, Files.readAllBytes(file));
    }

    @Test
    void aReplacedFileIsNoticedAndTheMappingLivesOn() throws IOException {
        Needs.capability(Capability.REPLACE_OPEN_FILE);
        for (MemoryKind.Kind kind : MemoryKind.Kind.values()) {
            if (kind.isFile()) {
                Path file = Pattern.file(folder.resolve("file"), SIZE);
                try (OpenMemory opened = open(kind, file)) {
                    FileState before = opened.memory().file();
                    assertEquals(SIZE, before.size());
                    assertFalse(opened.memory().isReplaced());
                    Files.move(
                            Files.write(folder.resolve("other"), new byte[7]),
                            file,
                            StandardCopyOption.REPLACE_EXISTING);
                    assertTrue(opened.memory().isReplaced());
                    assertEquals(7, opened.memory().file().size());
                    assertFalse(opened.memory().file().isSameFile(before));
                    opened.use(views -> Pattern.check(views.segment(), 0));
                }
            }
        }
    }

    @Test
    void aFileThatGrowsIsTheSameFile() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        try (OpenMemory opened = open(MemoryKind.Kind.READ_ONLY_FILE, file)) {
            FileState before = opened.memory().file();
            Pattern.fill(file, SIZE, 100);
            FileState after = opened.memory().file();
            assertTrue(after.isSameFile(before));
            assertEquals(SIZE + 100, after.size());
            assertEquals(SIZE, opened.memory().byteSize());
            assertFalse(opened.memory().isReplaced());
            assertEquals(Files.getLastModifiedTime(file).toInstant(), after.modified());
        }
    }

    /** The mode tells what the pages allow now. */
    @Test
    void protectedPagesAreReadOnly() throws IOException {
        try (Mapping map = Mapping.anonymous(5000)) {
            assertEquals(MapMode.READ_WRITE, map.mode());
            map.protect(true);
            assertEquals(MapMode.READ_ONLY, map.mode());
            map.protect(false);
            assertEquals(MapMode.READ_WRITE, map.mode());
        }
    }

    @Test
    void memoryForOtherProcessesSaysThatItIs() throws IOException {
        MapOptions shared = MapOptions.DEFAULT.with(MapOptions.Option.SHAREABLE);
        try (Mapping map = Mapping.anonymous(1, Lifetime.SHARED, shared);
                Mapping own = Mapping.anonymous(1)) {
            assertTrue(map.granted(MapOptions.Option.SHAREABLE));
            assertFalse(own.granted(MapOptions.Option.SHAREABLE));
        }
    }
}
