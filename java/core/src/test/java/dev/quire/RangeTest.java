package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ErrorCode;
import dev.quire.error.FileRefusedException;
import dev.quire.hint.ByteRange;
import dev.quire.testing.Pattern;
import dev.quire.testing.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Which bytes of a file a mapping has: acceptance 1 to 4. */
@ParameterizedClass
@MethodSource("dev.quire.MemoryKind#files")
class RangeTest {
    @Parameter
    MemoryKind subject;

    @TempDir
    Path folder;

    private final long page = Platform.pageSize();
    private long granularity;
    private long size;
    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        granularity = Platform.facts().granularityBytes();
        size = granularity + 1 + 3 * page + 7;
        file = Pattern.file(folder.resolve("file"), size);
    }

    private OpenMemory open(long offset, long length) throws IOException {
        return subject.map(file, MapOptions.DEFAULT.offset(offset).length(length));
    }

    @Test
    void theWholeFile() throws IOException {
        try (OpenMemory all = subject.map(file, MapOptions.DEFAULT)) {
            assertEquals(size, all.memory().byteSize());
            assertEquals(subject.kind().mode, all.memory().mode());
            assertEquals(subject.lifetime().toString(), all.memory().lifetime().toString());
            assertEquals(Optional.of(file), all.memory().path());
            all.use(views -> {
                assertEquals(size, views.bytes().byteSize());
                Pattern.check(views.segment(), 0);
            });
        }
    }

    @Test
    void everyRange() throws IOException {
        for (ByteRange range : Sweep.ranges(page, granularity)) {
            try (OpenMemory part = open(range.offset(), range.length())) {
                assertEquals(range.length(), part.memory().byteSize());
                part.use(views -> Pattern.check(views.segment(), range.offset()));
            }
        }
    }

    @Test
    void everyOffsetToTheEnd() throws IOException {
        for (long offset : Sweep.offsets(page, granularity)) {
            try (OpenMemory rest = subject.map(file, MapOptions.DEFAULT.offset(offset))) {
                assertEquals(size - offset, rest.memory().byteSize());
                rest.use(views -> Pattern.check(views.segment(), offset));
            }
        }
    }

    @Test
    void nothingIsReadableBeyondTheRange() throws IOException {
        try (OpenMemory part = open(page + 1, 10)) {
            part.use(views -> {
                assertThrows(
                        IndexOutOfBoundsException.class, () -> views.segment().asSlice(10, 1));
                assertThrows(
                        IndexOutOfBoundsException.class, () -> views.segment().asSlice(-1, 1));
            });
        }
    }

    @Test
    void emptyFilesAndEmptyRangesAreEmptyMappings() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        List<OpenMemory> all = List.of(subject.map(empty, MapOptions.DEFAULT), open(0, 0), open(7, 0), open(size, 0));
        for (OpenMemory opened : all) {
            try (opened) {
                MappedMemory memory = opened.memory();
                assertEquals(0, memory.byteSize());
                opened.use(views -> assertEquals(0, views.segment().byteSize()));
                assertEquals(0, memory.residency().pages());
                memory.populate();
                memory.flush();
                memory.lock();
                memory.unlock();
                memory.prefetch(List.of());
                assertFalse(memory.isReplaced());
            }
        }
    }

    @Test
    void beyondTheEndIsRefusedAndTheFileStaysAsItIs() throws IOException {
        for (ByteRange range : List.of(
                new ByteRange(0, size + 1),
                new ByteRange(size, 1),
                new ByteRange(1, size),
                new ByteRange(size + 1, 0),
                new ByteRange(size + page, 1),
                new ByteRange(0, 1L << 60))) {
            MapOptions options = MapOptions.DEFAULT.offset(range.offset()).length(range.length());
            FileRefusedException refused =
                    assertThrows(FileRefusedException.class, () -> subject.map(file, options), range::toString);
            assertEquals(ErrorCode.FILE_TOO_SHORT, refused.code());
            assertEquals(size, refused.details().limit());
            assertTrue(refused.getMessage().contains(file.toString()), refused::getMessage);
            assertTrue(refused.getMessage().contains(size + " bytes"), refused::getMessage);
        }
        assertEquals(size, Files.size(file));
    }

    @Test
    void anOffsetPastTheEndIsRefusedWithoutALength() {
        MapOptions options = MapOptions.DEFAULT.offset(size + 1);
        FileRefusedException refused = assertThrows(FileRefusedException.class, () -> subject.map(file, options));
        assertEquals(ErrorCode.FILE_TOO_SHORT, refused.code());
    }

    @Test
    void aRangeWhoseEndOverflowsIsRefused() {
        for (long offset : new long[] {1, page, Long.MAX_VALUE}) {
            MapOptions options = MapOptions.DEFAULT.offset(offset).length(Long.MAX_VALUE);
            FileRefusedException refused =
                    assertThrows(FileRefusedException.class, () -> subject.map(file, options), options::toString);
            assertEquals(ErrorCode.FILE_TOO_SHORT, refused.code());
            assertTrue(refused.getMessage().contains(size + " bytes"), refused::getMessage);
        }
    }
}
