package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.array.ArraySpec;
import dev.quire.array.MappedArray;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.testing.KernelView;
import dev.quire.testing.KernelView.Areas;
import dev.quire.testing.KernelView.PageCache;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What calls do, as the kernel tells it and not Quire's own answers: each test fails if its call does nothing. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class EffectTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final long page = Platform.pageSize();
    private final long size = 64 * page;

    private Path file() throws IOException {
        return Pattern.file(folder.resolve("file"), size);
    }

    /** A file of which no page is in memory. */
    private Path coldFile() throws IOException {
        Path file = file();
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            map.flush(0, size, Durability.DEVICE);
            assertTrue(map.evict().isComplete());
        }
        assertEquals(0, KernelView.pageCache(file).pages());
        return file;
    }

    /** The kernel joins neighbouring areas of anonymous memory that have the same flags. */
    private Mapping areaOfItsOwn() throws IOException {
        Mapping map = Mapping.anonymous(size);
        assertEquals(HintResult.APPLIED, map.advise(Hint.DONTDUMP).result());
        return map;
    }

    private static long bytes(Mapping map, String field) throws IOException {
        return KernelView.areas(map.segment()).bytes().getOrDefault(field, 0L);
    }

    private static PageCache await(Path file, Predicate<PageCache> wanted) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        PageCache now = KernelView.pageCache(file);
        while (!wanted.test(now) && System.nanoTime() < end) {
            Thread.sleep(5);
            now = KernelView.pageCache(file);
        }
        assertTrue(wanted.test(now), now::toString);
        return now;
    }

    // ---------------------------------------------------------------------------------------------------- hints

    @ParameterizedTest
    @CsvSource({
        "SEQUENTIAL, sr, NORMAL",
        "RANDOM, rr, NORMAL",
        "DONTDUMP, dd, DODUMP",
        "DONTFORK, dc, DOFORK",
        "WIPEONFORK, wf, KEEPONFORK",
        "MERGEABLE, mg, UNMERGEABLE",
        "HUGEPAGE, hg, NOHUGEPAGE",
        "NOHUGEPAGE, nh, HUGEPAGE",
    })
    void theAreaHasTheFlagOfItsHintUntilThatIsTakenBack(Hint hint, String flag, Hint opposite) throws IOException {
        try (Mapping map = Mapping.anonymous(size)) {
            assertFalse(flagsOf(map).contains(flag), () -> "before " + hint);
            if (map.advise(hint).result() == HintResult.APPLIED) {
                assertTrue(flagsOf(map).contains(flag), () -> hint + " leaves " + flagsOf(map));
                assertEquals(HintResult.APPLIED, map.advise(opposite).result());
                assertFalse(flagsOf(map).contains(flag), () -> opposite + " leaves " + flagsOf(map));
            } else {
                assertFalse(Platform.supports(hint) && !HUGE_OR_MERGED.contains(flag), () -> hint + " is refused");
                assertFalse(flagsOf(map).contains(flag), () -> hint + " was refused, and done");
            }
        }
    }

    /** Kernels may be built without these. */
    private static final List<String> HUGE_OR_MERGED = List.of("mg", "hg", "nh");

    private static Set<String> flagsOf(Mapping map) {
        try {
            return KernelView.areas(map.segment()).flags();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void willneedReadsTheRangeIn() throws Exception {
        Path file = coldFile();
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            assertEquals(HintResult.APPLIED, map.advise(Hint.WILLNEED).result());
            await(file, cache -> cache.pages() == size / page);
        }
    }

    @Test
    void prefetchReadsItsRangesAndNoOthers() throws Exception {
        Path file = coldFile();
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            map.advise(Hint.RANDOM);
            List<ByteRange> ranges = List.of(new ByteRange(0, page), new ByteRange(40 * page, 3 * page));
            assertTrue(map.prefetch(ranges).isComplete());
            await(file, cache -> cache.pages() == 4);
        }
    }

    @Test
    void dontneedTakesThePagesFromTheProcessAndLeavesThemInTheCache() throws IOException {
        Path file = file();
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            map.populate();
            assertEquals(size, bytes(map, "Rss"));
            assertEquals(HintResult.APPLIED, map.advise(Hint.DONTNEED).result());
            assertEquals(0, bytes(map, "Rss"));
            assertEquals(size / page, KernelView.pageCache(file).pages());
        }
    }

    @Test
    void pageoutTakesPagesOut() throws IOException {
        Path file = coldFile();
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            Outcome outcome;
            int attempts = 0;
            do { // a kernel that is busy with a page leaves it, and the answer says so
                map.populate();
                assertEquals(size, bytes(map, "Rss"));
                outcome = map.advise(Hint.PAGEOUT);
            } while (!outcome.isComplete() && ++attempts < 5);
            assertTrue(outcome.isComplete(), outcome.toString());
            assertTrue(bytes(map, "Rss") <= size / 2, "most of the pages are still mapped");
        }
    }

    @Test
    void coldPagesCountAsUnused() throws IOException {
        try (Mapping map = areaOfItsOwn()) {
            map.bytes().fill((byte) 1);
            assertEquals(size, bytes(map, "Referenced"));
            assertEquals(HintResult.APPLIED, map.advise(Hint.COLD).result());
            assertEquals(0, bytes(map, "Referenced"));
        }
    }

    // ---------------------------------------------------------------------------------------------------- pages

    @Test
    void populateMapsEveryPage() throws IOException {
        try (Mapping map = Mapping.open(coldFile(), MapMode.READ_ONLY)) {
            assertEquals(0, bytes(map, "Rss"));
            map.populate();
            assertEquals(size, bytes(map, "Rss"));
        }
    }

    @Test
    void populateForWritingAllocatesEveryPage() throws IOException {
        try (Mapping map = areaOfItsOwn()) {
            map.populateForWriting(0, size);
            assertEquals(size, bytes(map, "Private_Dirty"));
        }
    }

    @Test
    void evictEmptiesTheCache() throws IOException {
        Path file = file();
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            map.populate();
            map.flush(0, size, Durability.DEVICE);
            assertEquals(size / page, KernelView.pageCache(file).pages());
            assertTrue(map.evict().isComplete());
            assertEquals(0, KernelView.pageCache(file).pages());
        }
    }

    @Test
    void lockBringsPagesInAndLockOnFaultDoesNot() throws IOException {
        try (Mapping map = Mapping.open(coldFile(), MapMode.READ_ONLY)) {
            map.lockOnFault(0, size);
            Areas waiting = KernelView.areas(map.segment());
            assertTrue(waiting.flags().contains("lo"), waiting::toString);
            assertEquals(0, bytes(map, "Rss"));
            map.unlock();
            assertFalse(KernelView.areas(map.segment()).flags().contains("lo"));
            map.lock();
            assertEquals(size, bytes(map, "Locked"));
            assertEquals(size, bytes(map, "Rss"));
        }
    }

    // ------------------------------------------------------------------------------------------------- durability

    @Test
    void flushToTheDeviceLeavesNothingToWrite() throws IOException {
        Path file = coldFile();
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            map.bytes().fill((byte) 1);
            assertEquals(size / page, KernelView.pageCache(file).dirty());
            map.flush(0, page, Durability.DEVICE);
            assertTrue(KernelView.pageCache(file).dirty() < size / page, "not even the first page was written");
            map.flush(0, size, Durability.DEVICE);
            assertTrue(KernelView.pageCache(file).isClean(), "pages are dirty behind a flush");
        }
    }

    @Test
    void flushThatDoesNotWaitBeginsToWrite() throws Exception {
        Path file = coldFile();
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            map.bytes().fill((byte) 2);
            map.flush(0, size, Durability.ASYNC);
            assertEquals(0, KernelView.pageCache(file).dirty(), "a page has not even been begun with");
            await(file, PageCache::isClean);
        }
    }

    @Test
    void whatWasCreatedSavedOrAppendedIsOnTheDevice() throws IOException {
        Path file = folder.resolve("array.npy");
        MappedArray.save(file, new double[1000][100]);
        assertTrue(KernelView.pageCache(file).isClean(), "a saved array is dirty");
        try (MappedArray rows = MappedArray.create(folder.resolve("rows.npy"), ArraySpec.of("<f8", 1000, 100))) {
            MappedArray.append(file, rows);
        }
        assertTrue(KernelView.pageCache(file, 0, page).isClean(), "the header of an array that has grown is dirty");
        PageCache grown = KernelView.pageCache(file); // cutting the mark of the append off has changed the last few
        assertTrue(grown.dirty() <= 16 && grown.underWriteback() == 0, () -> "an array that has grown is " + grown);
        Path created = folder.resolve("created.npy");
        MappedArray.create(created, ArraySpec.of("<f8", 1000, 100), 1.5).close();
        assertTrue(KernelView.pageCache(created).isClean(), "a created array is dirty");
    }
}
