package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ErrorCode;
import dev.quire.error.FileRefusedException;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.error.NotSupportedException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers about a file that somebody made shorter: only bytes that are there count, and messages say how many. */
@EnabledOnOs(OS.LINUX)
class CutFileTest {
    private static final int PAGES = 16;
    private static final int LEFT = 4;

    @TempDir
    Path folder;

    private final long page = Platform.pageSize();
    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = folder.resolve("cut");
        Pattern.fill(file, 0, (int) (PAGES * page));
    }

    private Mapping openAndCut(long size) throws IOException {
        Mapping mapping = Mapping.open(file, MapMode.READ_WRITE);
        cut(size);
        return mapping;
    }

    @Test
    void aMappingThatDoesNotEndWithItsFileIsNotResized() throws IOException {
        try (Mapping first = Mapping.open(file, MapMode.READ_WRITE, MapOptions.DEFAULT.length(LEFT * page))) {
            for (long size : new long[] {page, 2 * LEFT * page, 2 * PAGES * page}) {
                MappingException refused = assertThrows(NotSupportedException.class, () -> first.resize(size));
                assertTrue(
                        refused.getMessage().contains("the file has " + PAGES * page + " bytes"), refused::getMessage);
                assertEquals(LEFT * page, first.byteSize());
                assertEquals(PAGES * page, Files.size(file));
            }
        }
    }

    private void cut(long size) throws IOException {
        try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
            shorter.setLength(size);
        }
    }

    @Test
    void willneedCountsWhatIsThere() throws IOException {
        try (Mapping mapping = openAndCut(LEFT * page - 1)) {
            Outcome part = new Outcome(HintResult.PARTIAL, LEFT * page);
            Outcome none = new Outcome(HintResult.IGNORED, 0);
            assertEquals(part, mapping.advise(Hint.WILLNEED));
            assertEquals(none, mapping.advise(LEFT * page, page, Hint.WILLNEED));
            assertEquals(new Outcome(HintResult.APPLIED, 2 * page), mapping.advise(page, 2 * page, Hint.WILLNEED));
            assertEquals(part, mapping.prefetch(List.of(new ByteRange(0, PAGES * page))));
            assertEquals(none, mapping.prefetch(List.of(new ByteRange(LEFT * page, page), new ByteRange(0, 0))));
        }
    }

    /** The hint goes to the system in parts of 64 MiB, and the file's size is asked for once. */
    @Test
    void willneedOfManyPartsCountsWhatIsThere() throws IOException {
        long mib = 1 << 20;
        cut(200 * mib);
        try (Mapping mapping = openAndCut(70 * mib)) {
            assertEquals(new Outcome(HintResult.PARTIAL, 70 * mib), mapping.advise(Hint.WILLNEED));
            assertEquals(new Outcome(HintResult.PARTIAL, 69 * mib), mapping.advise(mib, 130 * mib, Hint.WILLNEED));
            assertEquals(new Outcome(HintResult.APPLIED, 70 * mib), mapping.advise(0, 70 * mib, Hint.WILLNEED));
        }
    }

    @Test
    void evictAndDiscardCountWhatIsThere() throws IOException {
        try (Mapping mapping = openAndCut(LEFT * page)) {
            Outcome evicted = mapping.evict();
            assertTrue(evicted.bytes() <= LEFT * page && !evicted.isComplete(), evicted::toString);
            assertEquals(new Outcome(HintResult.IGNORED, 0), mapping.evict(LEFT * page, page));
            assertEquals(new Outcome(HintResult.IGNORED, 0), mapping.discard(LEFT * page, page));
            Outcome discarded = mapping.discard(0, PAGES * page);
            assertTrue(discarded.bytes() <= LEFT * page && !discarded.isComplete(), discarded::toString);
        }
    }

    private enum End {
        RENAMED,
        REMOVED,
        REPLACED
    }

    /** What is lost is not confirmed, also where nobody can ask the file for its size any more. */
    @ParameterizedTest
    @EnumSource
    void flushTellsOfAFileWithoutItsName(End end) throws IOException {
        for (MapOptions options : List.of(MapOptions.DEFAULT, MapOptions.DEFAULT.with(MapOptions.Option.KEEP_FILE))) {
            make();
            try (Mapping mapping = Mapping.open(file, MapMode.READ_WRITE, options);
                    RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
                mapping.bytes().fill((byte) 7);
                Path moved = folder.resolve("moved");
                Files.move(file, moved, StandardCopyOption.REPLACE_EXISTING);
                if (end != End.RENAMED) {
                    Files.delete(moved);
                }
                if (end == End.REPLACED) {
                    make();
                }
                shorter.setLength(LEFT * page);
                for (Durability durability : Durability.values()) {
                    MappingException cut =
                            assertThrows(FileRefusedException.class, () -> mapping.flush(0, PAGES * page, durability));
                    assertEquals(ErrorCode.FILE_TRUNCATED, cut.code());
                    mapping.flush(0, LEFT * page, durability);
                }
            }
        }
    }

    @Test
    void messagesSayHowLongTheFileIs() throws IOException {
        try (Mapping mapping = openAndCut(LEFT * page)) {
            for (MemoryFaultException lost : List.of(
                    assertThrows(MemoryFaultException.class, mapping::populate),
                    assertThrows(MemoryFaultException.class, mapping::lock),
                    assertThrows(MemoryFaultException.class, () -> mapping.populateForWriting(0, PAGES * page)))) {
                assertEquals(LEFT * page, lost.sizeNow(), lost::getMessage);
                assertTrue(lost.getMessage().contains("the file has " + LEFT * page + " bytes"), lost::getMessage);
            }
        }
    }
}
