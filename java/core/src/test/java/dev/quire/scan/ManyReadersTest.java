package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scans of a file with blocks on a device bring in and leave: slow readers, other scans, other readers. */
@Timeout(120)
class ManyReadersTest {
    private static final long MIB = 1 << 20;
    private static final long SIZE = 160 * MIB;

    /** Chunks in use, and what the operating system reads ahead. */
    private static final long SLACK = 32 * MIB;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Pattern.file(folder.resolve("scanned"), SIZE);
    }

    private static long checkedPeak(Mapping map, Scan scan) {
        AtomicLong peak = new AtomicLong();
        scan.forEach(chunk -> {
            chunk.crc32c();
            peak.accumulateAndGet(map.residency().residentBytes(), Math::max);
        });
        return peak.get();
    }

    @ParameterizedTest
    @ValueSource(longs = {8 * MIB, 64 * MIB})
    void oneThatHoldsAChunkDoesNotLiftTheBudgetForOthers(long budget) throws Exception {
        try (Mapping map = BudgetTest.evicted(file)) {
            long peak;
            try (Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.budget(budget));
                    ExecutorService slow = Executors.newVirtualThreadPerTaskExecutor()) {
                CountDownLatch holds = new CountDownLatch(1);
                CountDownLatch over = new CountDownLatch(1);
                Future<?> held = slow.submit(() -> {
                    scan.take();
                    holds.countDown();
                    over.await();
                    return null;
                });
                holds.await();
                peak = checkedPeak(map, scan);
                over.countDown();
                held.get();
                assertTrue(scan.peakBytes() <= budget + SLACK, () -> scan.peakBytes() + " bytes counted");
                assertEquals(SIZE - MIB, scan.doneBytes());
            }
            assertTrue(peak <= budget + SLACK, () -> peak + " bytes in memory");
            assertEquals(0, map.residency().residentBytes());
        }
    }

    @Test
    void oneThatFailedOrIsForgottenHoldsNothing() throws IOException {
        long budget = 8 * MIB;
        try (Mapping map = BudgetTest.evicted(file);
                Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.budget(budget))) {
            Spliterator<ByteSlice> part = scan.spliterator();
            assertThrows(
                    ArithmeticException.class,
                    () -> part.tryAdvance(_ -> {
                        throw new ArithmeticException();
                    }));
            Iterator<ByteSlice> forgotten = scan.stream().iterator();
            Pattern.check(forgotten.next().segment(), MIB);
            long peak = checkedPeak(map, scan);
            assertTrue(peak <= budget + SLACK, () -> peak + " bytes in memory");
            assertEquals(SIZE - 2 * MIB, scan.doneBytes());
        }
    }

    @Test
    void scansOfOneFileAtOnceLeaveNothing() throws Exception {
        for (int run = 0; run < 6; run++) {
            int delay = 10 * run;
            long budget = run % 2 == 0 ? 64 * MIB : 8 * MIB;
            try (Mapping map = BudgetTest.evicted(file);
                    Mapping same = run % 3 == 2 ? map : Mapping.open(file, MapMode.READ_ONLY);
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> first = threads.submit(() -> scan(map.bytes().slice(1_000_001, 100 * MIB), budget));
                Thread.sleep(delay);
                scan(same.bytes(), 64 * MIB);
                first.get();
                long left = map.residency().residentBytes();
                assertTrue(left <= 2 * MIB, () -> left + " bytes left");
            }
        }
    }

    /**
     * A page of 2 MiB goes as a whole, or not at all. On a busy machine the kernel may hold one for longer than a scan
     * tries at its end: then everything is tried again.
     */
    @Test
    void oneWithSmallPiecesDropsTheLargePagesOfAnother() throws IOException {
        for (long window : new long[] {MIB, 2 * MIB, 4 * MIB}) {
            long left = leftBehind(window);
            for (int attempt = 1; attempt < 5 && left > 0; attempt++) {
                left = leftBehind(window);
            }
            assertEquals(0, left);
        }
    }

    private long leftBehind(long window) throws IOException {
        ScanOptions options = ScanOptions.DEFAULT.window(window).budget(8 * MIB);
        try (Mapping map = BudgetTest.evicted(file)) {
            try (Scan slow = Scan.of(map.bytes().slice(1_000_001, 100 * MIB), options)) {
                Iterator<ByteSlice> chunks = slow.stream().iterator();
                chunks.next().crc32c();
                scan(map.bytes(), 64 * MIB);
                chunks.forEachRemaining(ByteSlice::crc32c);
            }
            return map.residency().residentBytes();
        }
    }

    private static void scan(ByteSlice bytes, long budget) {
        try (Scan scan = Scan.of(bytes, ScanOptions.DEFAULT.budget(budget))) {
            scan.forEach(ByteSlice::crc32c);
        }
    }

    /** The kernel marks a page on which a read-ahead shall go on, whichever thread comes to it. */
    @ParameterizedTest
    @ValueSource(longs = {4 * MIB, 64 * MIB})
    void aReadAheadThatSomebodyElseBeganDoesNotRunAway(long budget) throws Exception {
        try (Mapping map = BudgetTest.evicted(file)) {
            read(0, 1_300_000);
            read(60 * MIB, 1_300_000);
            BitSet before = settledPages(map);
            long peak;
            try (Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.budget(budget))) {
                peak = checkedPeak(map, scan) - 4096L * before.cardinality();
            }
            assertEquals(before, BudgetTest.pages(map));
            assertTrue(peak <= budget + SLACK, () -> peak + " bytes in memory");
        }
    }

    /** What was read ahead is on its way for a while yet, and not there before it has come. */
    private static BitSet settledPages(Mapping map) throws InterruptedException {
        BitSet pages = BudgetTest.pages(map);
        for (int same = 0; same < 5; same++) {
            Thread.sleep(20);
            BitSet now = BudgetTest.pages(map);
            same = now.equals(pages) ? same : -1;
            pages = now;
        }
        return pages;
    }

    private void read(long offset, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer block = ByteBuffer.allocateDirect(1 << 16);
            for (long at = offset; at < offset + bytes; at += channel.read(block.clear(), at)) {
                block.clear();
            }
        }
    }

    @Test
    void oneThatIsClosedEarlyLeavesNothing() throws IOException {
        for (int run = 0; run < 12; run++) {
            long budget = (run % 3 == 0 ? 4 : 64) * MIB;
            try (Mapping map = BudgetTest.evicted(file)) {
                try (Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.budget(budget))) {
                    scan.stream().limit(1 + run).forEach(chunk -> chunk.get(0));
                }
                long left = map.residency().residentBytes();
                assertTrue(left <= 4 * MIB, () -> left + " bytes left");
            }
        }
    }

    @Test
    void severalMayCloseItAtOnce() throws Exception {
        try (Mapping map = BudgetTest.evicted(file);
                ExecutorService closers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int run = 0; run < 20; run++) {
                Scan scan = Scan.of(map.bytes());
                scan.stream().limit(1).forEach(chunk -> chunk.get(0));
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    all.add(closers.submit(() -> {
                        scan.close();
                        assertEquals(0, map.residency().residentBytes());
                    }));
                }
                for (Future<?> closer : all) {
                    closer.get();
                }
            }
        }
    }
}
