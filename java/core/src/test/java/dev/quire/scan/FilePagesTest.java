package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.hint.Residency;
import dev.quire.internal.SliceDoor;
import dev.quire.scan.PageRanges.PageRange;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What scans of one file know of each other, and how long they wait for each other. */
@Timeout(30)
class FilePagesTest {
    private static final PageRange PAGES = new PageRange(10, 20);

    @TempDir
    Path folder;

    private Mapping map;
    private OwnedPages first;
    private OwnedPages second;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void join() throws IOException {
        map = Mapping.open(Pattern.file(folder.resolve("file"), 1 << 20), MapMode.READ_ONLY);
        first = new OwnedPages(SliceDoor.region(map.bytes()), true);
        second = new OwnedPages(SliceDoor.region(map.bytes()), true);
    }

    @AfterEach
    void leave() {
        end.countDown();
        threads.close();
        first.close();
        second.close();
        map.close();
    }

    private static Piece piece(long firstPage, long pages, int... brought) {
        BitSet all = new BitSet();
        for (int page : brought) {
            all.set(page);
        }
        return new Piece(firstPage, firstPage + pages, new Piece.Place(firstPage, 0, 1), all, true);
    }

    private static BitSet bits(int... pages) {
        return piece(0, 64, pages).brought();
    }

    /** Claims pages for as long as a call of the system takes that blocks. */
    private Future<?> claim(OwnedPages owner, PageRange pages, String name, CountDownLatch until) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Future<?> claim = threads.submit(() -> {
            asked.countDown();
            return owner.claimed(pages, () -> {
                done.add(name);
                await(until);
                return name;
            });
        });
        asked.await();
        return claim;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitDone(int count) throws InterruptedException {
        while (done.size() < count) {
            Thread.sleep(1);
        }
    }

    /** More pages than an int counts. */
    @Test
    void pagesInMemoryOfALongRange() {
        BitSet resident = new BitSet();
        resident.set(3);
        resident.set(70);
        assertEquals(resident, ReadMapping.pagesInMemory(new Residency(4096, (1L << 31) + 5, true, resident)));
        BitSet none = new BitSet();
        assertEquals(none, ReadMapping.pagesInMemory(new Residency(4096, (1L << 31) + 5, true, none)));
    }

    @Test
    void aCallThatBlocksHoldsUpOnlyTheScanThatComesToItsPages() throws Exception {
        claim(first, PAGES, "first", end);
        awaitDone(1);
        assertEquals("other", second.claimed(new PageRange(20, 30), () -> "other"));
        assertEquals("other", second.claimed(new PageRange(0, 10), () -> "other"));
        Piece there = piece(12, 4, 0);
        second.add(there);
        assertEquals(bits(0), second.alone(there));
        assertFalse(second.isShared(there));
        assertEquals(List.of(), second.stayed(PAGES));
        assertEquals(new BitSet(), second.broughtByScans(PAGES));
        Future<?> same = claim(second, new PageRange(19, 21), "second", end);
        Thread.sleep(50);
        assertFalse(same.isDone());
        assertEquals(List.of("first"), done);
        end.countDown();
        assertEquals("second", same.get());
    }

    @Test
    void claimsAreServedInTheirOrder() throws Exception {
        CountDownLatch none = new CountDownLatch(0);
        claim(first, PAGES, "first", end);
        awaitDone(1);
        claim(second, new PageRange(15, 40), "second", none);
        Thread.sleep(50);
        OwnedPages third = new OwnedPages(SliceDoor.region(map.bytes()), true);
        Future<?> later = claim(third, new PageRange(30, 50), "third", none);
        Thread.sleep(50);
        assertEquals(List.of("first"), done);
        end.countDown();
        later.get(10, TimeUnit.SECONDS);
        assertEquals(List.of("first", "second", "third"), done);
        third.close();
    }

    @Test
    void aStepThatFailsGivesItsClaimBack() {
        try {
            first.claimed(PAGES, () -> {
                throw new ArithmeticException();
            });
        } catch (ArithmeticException e) {
            done.add("failed");
        }
        assertEquals("second", second.claimed(PAGES, () -> "second"));
        assertEquals(List.of("failed"), done);
    }

    @Test
    void theLastScanToPassAPageDropsIt() {
        Piece mine = piece(10, 10, 0, 1, 2);
        first.add(mine);
        assertEquals(bits(0, 1, 2), second.broughtByScans(PAGES));
        Piece theirs = piece(11, 4, 0, 1, 3);
        second.add(theirs);
        assertEquals(bits(0), first.alone(mine));
        assertEquals(bits(3), second.alone(theirs));
        assertTrue(first.isShared(mine));
        first.dropped(mine, new BitSet());
        assertEquals(bits(0, 1, 3), second.alone(theirs));
        second.dropped(theirs, new BitSet());
        assertEquals(new BitSet(), first.broughtByScans(PAGES));
    }

    @Test
    void whatStayedIsKnownToAllUntilItIsDroppedOrReadAgain() {
        Piece mine = piece(10, 10, 0, 1, 2, 3);
        first.add(mine);
        first.dropped(mine, bits(1, 2, 3));
        assertEquals(List.of(new PageRange(11, 14)), second.stayed(PAGES));
        assertEquals(bits(1, 2, 3), second.broughtByScans(PAGES));
        second.droppedLater(new PageRange(11, 12));
        assertEquals(List.of(new PageRange(12, 14)), first.stayed(PAGES));
        second.add(piece(13, 1, 0));
        assertEquals(List.of(new PageRange(12, 13)), first.stayed(PAGES));
        assertFalse(first.end());
        assertTrue(second.end());
    }

    @Test
    void scansThatDoNotShareDoNotKnowOfEachOther() {
        OwnedPages alone = new OwnedPages(SliceDoor.region(map.bytes()), false);
        first.add(piece(10, 10, 0, 1));
        assertEquals(new BitSet(), alone.broughtByScans(PAGES));
        alone.close();
    }

    @Test
    void theRegistryEndsWithItsLastScan() {
        Piece mine = piece(10, 10, 0);
        first.add(mine);
        first.dropped(mine, bits(0));
        first.close();
        second.close();
        OwnedPages later = new OwnedPages(SliceDoor.region(map.bytes()), true);
        assertEquals(List.of(), later.stayed(PAGES));
        later.close();
    }
}
