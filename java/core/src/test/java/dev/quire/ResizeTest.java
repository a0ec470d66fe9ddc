package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ErrorCode;
import dev.quire.error.FileRefusedException;
import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.Hint;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import dev.quire.testing.Sweep;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Another size, another protection: acceptance 11. */
@ParameterizedClass
@MethodSource("changeable")
class ResizeTest {
    static Stream<MemoryKind> changeable() {
        return MemoryKind.changeable().filter(subject -> !isSection(subject));
    }

    /** Memory across processes has the size for good that it was made with. */
    private static boolean isSection(MemoryKind subject) {
        return OS.WINDOWS.isCurrentOs() && subject.kind() == MemoryKind.Kind.MEMORY_ACROSS_PROCESSES;
    }

    @Parameter
    MemoryKind subject;

    @TempDir
    Path folder;

    private final long page = Platform.pageSize();

    private void checkContent(OpenMemory opened, long kept, long size) {
        assertEquals(size, opened.memory().byteSize());
        opened.use(views -> {
            assertEquals(size, views.segment().byteSize());
            Pattern.check(views.segment().asSlice(0, kept), 0);
            Pattern.checkZero(views.segment().asSlice(kept));
        });
    }

    private void checkFile(OpenMemory opened, long size) throws IOException {
        if (subject.kind().isFile()) {
            assertEquals(size, opened.memory().file().size());
        }
    }

    @Test
    void fromEverySizeToEveryOther() throws IOException {
        for (long from : Sweep.sizes(page)) {
            for (long to : Sweep.sizes(page)) {
                try (OpenMemory opened = subject.open(folder, from)) {
                    if (subject.kind().isResizable()) {
                        opened.resize(to);
                        checkContent(opened, Math.min(from, to), to);
                        checkFile(opened, to);
                        opened.use(views -> Pattern.write(views.segment(), 0));
                        checkContent(opened, to, to);
                    } else {
                        assertThrows(ReadOnlyMemoryException.class, () -> opened.resize(to));
                        checkContent(opened, from, from);
                        checkFile(opened, from);
                    }
                }
            }
        }
    }

    @Test
    void whatShrinkingCutOffNeverComesBack() throws IOException {
        if (subject.kind().isResizable()) {
            try (OpenMemory opened = subject.open(folder, 3 * page)) {
                for (long size : new long[] {page + 1, 2 * page, 5, 4 * page, 0, 100}) {
                    long kept = Math.min(size, opened.memory().byteSize());
                    opened.resize(size);
                    checkContent(opened, kept, size);
                    opened.use(views -> Pattern.write(views.segment(), 0));
                }
            }
        }
    }

    @Test
    void aFarLargerSize() throws IOException {
        if (subject.kind().isResizable()) {
            try (OpenMemory opened = subject.open(folder, page + 1)) {
                opened.resize(50L << 20);
                checkContent(opened, page + 1, 50L << 20);
                checkFile(opened, 50L << 20);
            }
        }
    }

    @Test
    void afterHintsLocksAndProtectionOfParts() throws IOException {
        if (subject.kind().isResizable()) {
            try (OpenMemory opened = subject.open(folder, 30 * page)) {
                MappedMemory memory = opened.memory();
                memory.advise(page, page, Hint.RANDOM);
                memory.advise(5 * page, page, Hint.DONTDUMP);
                memory.advise(7 * page, 2 * page, Hint.DONTFORK);
                memory.advise(10 * page, page, Hint.MERGEABLE);
                memory.advise(12 * page, page, Hint.WIPEONFORK);
                memory.advise(14 * page, page, Hint.HUGEPAGE);
                memory.lock(20 * page, page);
                opened.resize(60 * page + 3);
                checkContent(opened, 30 * page, 60 * page + 3);
                memory.advise(40 * page, page, Hint.SEQUENTIAL);
                opened.resize(10 * page + 3);
                checkContent(opened, 10 * page + 3, 10 * page + 3);
            }
        }
    }

    @Test
    void viewsOfBeforeThrowWhetherItSucceedsOrNot() throws IOException {
        try (OpenMemory opened = subject.open(folder, 2 * page)) {
            if (opened.memory() instanceof Mapping map) {
                MemorySegment before = map.segment();
                try {
                    map.resize(3 * page);
                } catch (ReadOnlyMemoryException e) {
                    assertEquals(false, subject.kind().isResizable());
                }
                assertThrows(IllegalStateException.class, () -> before.get(ValueLayout.JAVA_BYTE, 0));
                assertThrows(
                        IllegalStateException.class, () -> before.asSlice(1).get(ValueLayout.JAVA_BYTE, 0));
                MemorySegment between = map.segment();
                map.protect(true);
                assertThrows(IllegalStateException.class, () -> between.get(ValueLayout.JAVA_BYTE, 0));
                assertSame(map.bytes(), map.bytes());
            }
        }
    }

    @Test
    void sizesThatCannotBeLeaveItAsItWas() throws IOException {
        try (OpenMemory opened = subject.open(folder, page + 5)) {
            assertThrows(IllegalArgumentException.class, () -> opened.resize(-1));
            assertThrows(refusal(), () -> opened.resize(1L << 60));
            checkContent(opened, page + 5, page + 5);
            checkFile(opened, page + 5);
        }
    }

    /** Of a size that no file and no memory can have. */
    private Class<? extends Exception> refusal() {
        return subject.kind().isResizable() ? MappingException.class : ReadOnlyMemoryException.class;
    }

    @Test
    void anEmptyMappingThatCannotGrowStaysOpen() throws IOException {
        try (OpenMemory opened = subject.open(folder, 0)) {
            assertThrows(refusal(), () -> opened.resize(1L << 60));
            checkContent(opened, 0, 0);
            if (subject.kind().isResizable()) {
                opened.resize(10);
                checkContent(opened, 0, 10);
            }
        }
    }

    @Test
    void aReplacedFileIsRefusedUnlessItWasKept() throws IOException {
        Needs.capability(Capability.REPLACE_OPEN_FILE);
        if (subject.kind() == MemoryKind.Kind.READ_WRITE_FILE) {
            for (boolean kept : new boolean[] {false, true}) {
                Path file = Pattern.file(folder.resolve("file"), 2 * page);
                MapOptions options = kept ? MapOptions.DEFAULT.with(MapOptions.Option.KEEP_FILE) : MapOptions.DEFAULT;
                try (OpenMemory opened = subject.map(file, options)) {
                    Path other = Pattern.file(folder.resolve("other"), 100);
                    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
                    if (kept) {
                        opened.resize(3 * page);
                        checkContent(opened, 2 * page, 3 * page);
                    } else {
                        FileRefusedException refused =
                                assertThrows(FileRefusedException.class, () -> opened.resize(3 * page));
                        assertEquals(ErrorCode.FILE_REPLACED, refused.code());
                        checkContent(opened, 2 * page, 2 * page);
                    }
                    assertEquals(100, Files.size(file));
                }
            }
        }
    }

    @Test
    void protectAndBack() throws IOException {
        try (OpenMemory opened = subject.open(folder, 2 * page + 7)) {
            opened.protect(true);
            opened.use(views -> {
                assertTrue(views.segment().isReadOnly());
                assertThrows(
                        IllegalArgumentException.class, () -> views.segment().fill((byte) 0));
            });
            assertThrows(ReadOnlyMemoryException.class, () -> opened.memory().populateForWriting(0, 1));
            assertThrows(ReadOnlyMemoryException.class, () -> opened.memory().discard(0, 2 * page));
            checkContent(opened, 2 * page + 7, 2 * page + 7);
            if (subject.kind().isWritable()) {
                opened.protect(false);
                opened.use(views -> Pattern.write(views.segment(), 9));
                opened.use(views -> Pattern.check(views.segment(), 9));
            } else {
                assertThrows(ReadOnlyMemoryException.class, () -> opened.protect(false));
                checkContent(opened, 2 * page + 7, 2 * page + 7);
            }
        }
    }

    @Test
    void aProtectedMappingMayBeResizedAndStaysProtected() throws IOException {
        if (subject.kind().isResizable()) {
            try (OpenMemory opened = subject.open(folder, 2 * page)) {
                opened.protect(true);
                opened.resize(4 * page + 1);
                opened.use(views -> assertTrue(views.segment().isReadOnly()));
                checkContent(opened, 2 * page, 4 * page + 1);
                opened.protect(false);
                opened.use(views -> Pattern.write(views.segment(), 0));
                checkContent(opened, 4 * page + 1, 4 * page + 1);
            }
        }
    }

    @Test
    void aClosedMappingIsNeitherResizedNorProtected() throws IOException {
        OpenMemory opened = subject.open(folder, page);
        opened.close();
        assertThrows(IllegalStateException.class, () -> opened.resize(10));
        assertThrows(IllegalStateException.class, () -> opened.protect(true));
    }
}
