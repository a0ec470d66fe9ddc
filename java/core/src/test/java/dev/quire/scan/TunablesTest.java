package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.error.MappingException;
import dev.quire.hint.Hint;
import dev.quire.hint.Residency;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the numbers of the package do where another test does not show it: {@link WindowTest} has those of the window,
 * {@link ForgottenScanTest} that a thread looks whether it is still needed.
 */
@Timeout(60)
class TunablesTest {
    @TempDir
    Path folder;

    /** Sizes in KiB. */
    @ParameterizedTest
    @CsvSource({
        "32768, 65536, 2048, true",
        "1024, 65536, 2048, true",
        "32767, 65535, 2048, false",
        "8192, 16384, 2048, false",
        "4096, 16384, 1024, false",
        "16384, 4096, 1024, false",
        "256, 512, 64, false",
        "4, 4, 64, false"
    })
    void aPieceIsALargePageOrPartOfTheWindow(long window, long budget, long piece, boolean readsAhead)
            throws IOException {
        try (Mapping map = BudgetTest.evicted(Pattern.file(folder.resolve("file"), 8 << 20));
                PageFeeder feeder = new PageFeeder(map.bytes(), budget << 10, window << 10, false)) {
            assertEquals(piece << 10, feeder.pieceBytes());
            assertEquals(readsAhead, feeder.readsAhead());
            Piece first = feeder.look(0);
            assertEquals(piece << 10, first.end());
            feeder.drop(first, Piece.State.PASSED);
        }
    }

    @Test
    void piecesEndWithTheTargetAndGoOnBehindItAsFarAsTheKernelReads() throws IOException {
        long size = 48 << 20;
        try (Mapping map = BudgetTest.evicted(Pattern.file(folder.resolve("file"), size))) {
            ByteSlice target = map.bytes().slice(1 << 20, 3_000_000);
            try (PageFeeder feeder = new PageFeeder(target, 64 << 20, 32 << 20, false)) {
                assertEquals(3_000_000 + (32 << 20), feeder.limit());
                List<Long> ends = new ArrayList<>();
                for (long at = 0; at < 6 << 20; at = ends.getLast()) {
                    Piece piece = feeder.look(at);
                    ends.add(piece.end());
                    feeder.drop(piece, Piece.State.PASSED);
                }
                long page = Platform.pageSize();
                long targetEnd = ((1 << 20) + 3_000_000 + page - 1) / page * page - (1 << 20);
                assertEquals(List.of(1L << 20, targetEnd, 3L << 20, 5L << 20, 7L << 20), ends);
            }
        }
    }

    /** Locked pages cannot be dropped. */
    @Test
    void pagesThatSomebodyHasLockedStayAndTheScanEnds() throws IOException {
        try (Mapping map = BudgetTest.evicted(Pattern.file(folder.resolve("file"), 8 << 20));
                Mapping other = Mapping.open(folder.resolve("file"), MapMode.READ_ONLY)) {
            long start;
            try (Scan scan = Scan.of(map.bytes())) {
                scan.stream().limit(2).forEach(chunk -> chunk.get(0));
                other.advise(Hint.RANDOM);
                lock(other);
                scan.forEach(ByteSlice::crc32c);
                start = System.nanoTime();
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis < 5_000, () -> millis + " ms");
            assertTrue(map.residency(5 << 20, 64 << 10).residentPages() >= 16, map.residency()::toString);
            assertTrue(map.residency().residentBytes() <= 2 << 20, map.residency()::toString);
            other.unlock(5 << 20, 64 << 10);
        }
    }

    private static void lock(Mapping map) {
        try {
            map.lock(5 << 20, 64 << 10);
        } catch (MappingException e) {
            assumeTrue(false, "this process may not lock pages: " + e.getMessage());
        }
    }

    @Test
    void aStreamHasFourPartsForEachProcessor() throws IOException {
        try (Mapping memory = Mapping.anonymous(1_000);
                Scan scan = Scan.of(memory.bytes())) {
            List<Spliterator<ByteSlice>> parts = new ArrayList<>(List.of(scan.spliterator()));
            for (int i = 0; i < parts.size(); i++) {
                for (var half = parts.get(i).trySplit();
                        half != null;
                        half = parts.get(i).trySplit()) {
                    parts.add(half);
                }
            }
            assertEquals(4 * Runtime.getRuntime().availableProcessors(), parts.size());
        }
    }

    @ParameterizedTest
    @CsvSource({"10", "4095", "4096", "8191", "8192", "15903", "15904", "19999"})
    void aDelimiterIsFoundHoweverFarBackItIs(int at) throws IOException {
        try (Mapping memory = Mapping.anonymous(30_000)) {
            memory.bytes().set(at, (byte) 1);
            List<Long> ends = new ArrayList<>();
            try (Scan scan =
                    Scan.of(memory.bytes(), ScanOptions.DEFAULT.chunk(20_000).delimiter((byte) 1))) {
                scan.forEach(chunk -> ends.add(chunk.offset() + chunk.byteSize()));
            }
            assertEquals(List.of(at + 1L, 30_000L), ends);
        }
    }

    /** When the first record is read, the 256th is on its way and the next ones are not. */
    @Test
    void aGatherHas256RecordsUnderWay() throws IOException {
        long distance = 64 << 10;
        try (Mapping map = BudgetTest.evicted(Pattern.file(folder.resolve("file"), 300 * distance))) {
            map.advise(Hint.RANDOM);
            long[] offsets = LongStream.range(0, 300).map(i -> i * distance).toArray();
            Gather.of(map.bytes()).forEach(offsets, 100, (index, _) -> {
                if (index == 0) {
                    await(map, 255 * distance);
                    for (int later = 256; later < 300; later++) {
                        assertFalse(isInMemory(map, later * distance), "record " + later);
                    }
                }
            });
            assertTrue(isInMemory(map, 299 * distance));
        }
    }

    private static void await(Mapping map, long offset) {
        while (!isInMemory(map, offset)) {
            assertFalse(Thread.currentThread().isInterrupted(), "the time limit of the test is over");
            Thread.onSpinWait();
        }
    }

    private static boolean isInMemory(Mapping map, long offset) {
        Residency page = map.residency(offset, 1);
        return page.residentPages() == 1;
    }
}
