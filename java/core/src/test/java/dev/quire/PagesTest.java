package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import dev.quire.testing.Sweep;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Bringing pages in, dropping them, destroying them, and asking which are there: acceptance 21, 22 and 25. */
@EveryMemory
class PagesTest {
    private static final long PAGES = 20;

    @Parameter
    MemoryKind subject;

    @TempDir
    Path folder;

    private final long page = Platform.pageSize();
    private long size;
    private OpenMemory opened;
    private MappedMemory memory;

    @BeforeEach
    void open() throws IOException {
        size = PAGES * page + 7;
        opened = subject.open(folder, size);
        memory = opened.memory();
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void populateBringsEveryPageOfARangeIn() throws IOException {
        for (ByteRange range : Sweep.ranges(page, page)) {
            Outcome outcome = memory.populate(range.offset(), range.length());
            assertTrue(outcome.isComplete() || range.length() == 0, outcome::toString);
            Residency residency = memory.residency(range.offset(), range.length());
            assertEquals(residency.pages(), residency.residentPages());
            assertEquals(range.length() == 0 ? 0 : pagesOf(range), residency.pages());
        }
        opened.use(views -> Pattern.check(views.segment(), 0));
    }

    @Test
    void aFutureEndsWhenThePagesOfEveryRangeAreThere() throws Exception {
        memory.evict();
        List<ByteRange> ranges = List.of(
                new ByteRange(1, 1),
                new ByteRange(3 * page - 1, 2),
                new ByteRange(5, 0),
                new ByteRange(8 * page, 9 * page));
        Outcome outcome = memory.populateAsync(ranges).get(20, TimeUnit.SECONDS);
        assertEquals(HintResult.APPLIED, outcome.result());
        for (ByteRange range : ranges) {
            Residency residency = memory.residency(range.offset(), range.length());
            assertEquals(residency.pages(), residency.residentPages(), range::toString);
        }
        for (List<ByteRange> nothing : List.of(List.<ByteRange>of(), List.of(new ByteRange(5, 0)))) {
            Future<Outcome> none = memory.populateAsync(nothing);
            assertTrue(none.isDone(), "takes a thread to do nothing");
            assertEquals(0, none.get().bytes());
        }
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> memory.populateAsync(List.of(new ByteRange(0, 1), new ByteRange(size, 1))));
        opened.use(views -> Pattern.check(views.segment(), 0));
    }

    private long pagesOf(ByteRange range) {
        return (range.end() + page - 1) / page - range.offset() / page;
    }

    @Test
    void populateForWritingKeepsContent() throws IOException {
        if (subject.kind().isWritable()) {
            boolean isCopied = OS.WINDOWS.isCurrentOs() && subject.kind() == MemoryKind.Kind.COPY_ON_WRITE_FILE;
            HintResult answer = isCopied ? HintResult.EMULATED : HintResult.APPLIED;
            assertEquals(answer, memory.populateForWriting(0, size).result());
        } else {
            assertThrows(ReadOnlyMemoryException.class, () -> memory.populateForWriting(0, size));
        }
        opened.use(views -> Pattern.check(views.segment(), 0));
    }

    @Test
    void residencyChangesWithEvictAndPopulate() throws IOException {
        Needs.capability(Capability.EVICT);
        memory.populate();
        Residency all = memory.residency();
        assertTrue(all.known());
        assertEquals(PAGES + 1, all.pages());
        assertEquals(PAGES + 1, all.residentPages());
        assertEquals((PAGES + 1) * page, all.residentBytes());
        Outcome gone = memory.evict();
        Residency left = memory.residency();
        assertEquals((PAGES + 1) * page - left.residentBytes(), gone.bytes(), gone::toString);
        if (subject.kind().isFile()) {
            assertEquals(HintResult.APPLIED, gone.result());
            assertEquals(0, left.residentPages());
            assertFalse(left.isResident(0));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> left.isResident(PAGES + 1));
        opened.use(views -> Pattern.check(views.segment(), 0));
        memory.populate(3 * page, page);
        assertTrue(memory.residency().isResident(3));
    }

    @Test
    void evictOfARangeSaysWhatStayed() throws IOException {
        memory.populate();
        Outcome gone = memory.evict(5 * page, 2 * page);
        long left = memory.residency(5 * page, 2 * page).residentBytes();
        assertEquals(2 * page - left, gone.bytes(), gone::toString);
        assertEquals(left == 0, gone.isComplete(), gone::toString);
        assertTrue(memory.residency().isResident(4) && memory.residency().isResident(7));
        opened.use(views -> Pattern.check(views.segment(), 0));
    }

    @Test
    void evictKeepsWhatWasWritten() throws IOException {
        if (subject.kind().isWritable()) {
            opened.use(views -> Pattern.write(views.segment(), 5_000));
            memory.evict();
            opened.use(views -> Pattern.check(views.segment(), 5_000));
        }
    }

    @Test
    void discardTakesExactlyTheWholePagesInside() throws IOException {
        if (OS.WINDOWS.isCurrentOs() && subject.kind() == MemoryKind.Kind.COPY_ON_WRITE_FILE) {
            assertEquals(HintResult.UNSUPPORTED, memory.discard(0, size).result());
            return;
        }
        for (ByteRange range : Sweep.ranges(page, page)) {
            if (!subject.kind().isWritable()) {
                assertThrows(ReadOnlyMemoryException.class, () -> memory.discard(range.offset(), range.length()));
                opened.use(views -> Pattern.check(views.segment(), 0));
            } else {
                checkDiscard(range);
            }
        }
    }

    /** Copy-on-write memory shows the file again; all other memory is zero. */
    private void checkDiscard(ByteRange range) throws IOException {
        opened.use(views -> Pattern.write(views.segment(), 3));
        Outcome outcome = memory.discard(range.offset(), range.length());
        long first = (range.offset() + page - 1) / page * page;
        long end = Math.max(first, range.end() / page * page);
        assertEquals(end - first, outcome.bytes(), outcome::toString);
        opened.use(views -> {
            MemorySegment all = views.segment();
            Pattern.check(all.asSlice(0, first), 3);
            MemorySegment inside = all.asSlice(first, end - first);
            if (subject.kind() == MemoryKind.Kind.COPY_ON_WRITE_FILE) {
                Pattern.check(inside, first);
            } else {
                Pattern.checkZero(inside);
            }
            Pattern.check(all.asSlice(end), end + 3);
        });
    }

    @Test
    void discardOfARangeNeverReachesTheFileAroundIt() throws IOException {
        if (subject.kind() == MemoryKind.Kind.READ_WRITE_FILE) {
            Path file = memory.path().orElseThrow();
            try (OpenMemory part =
                    subject.map(file, MapOptions.DEFAULT.offset(page + 1).length(2 * page))) {
                part.memory().discard(0, 2 * page);
            }
            opened.use(views -> {
                Pattern.check(views.segment().asSlice(0, 2 * page), 0);
                Pattern.checkZero(views.segment().asSlice(2 * page, page));
                Pattern.check(views.segment().asSlice(3 * page), 3 * page);
            });
            assertEquals(size, memory.file().size());
        }
    }

    @Test
    void flushOfEveryRangeAtEveryLevel() throws IOException {
        if (subject.kind().isWritable()) {
            opened.use(views -> Pattern.write(views.segment(), 11));
        }
        for (Durability durability : Durability.values()) {
            for (ByteRange range : Sweep.ranges(page, page)) {
                memory.flush(range.offset(), range.length(), durability);
            }
        }
        long from = subject.kind().isWritable() ? 11 : 0;
        opened.use(views -> Pattern.check(views.segment(), from));
    }

    @Test
    void onlyMemoryWithAFileHasOne() throws IOException {
        if (subject.kind().isFile()) {
            assertEquals(size, memory.file().size());
            assertFalse(memory.isReplaced());
        } else {
            assertTrue(memory.path().isEmpty());
            assertThrows(UnsupportedOperationException.class, memory::file);
            assertThrows(UnsupportedOperationException.class, memory::isReplaced);
        }
    }
}
