package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.SystemFailureException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Hint;
import dev.quire.scan.Gather;
import dev.quire.scan.Scan;
import dev.quire.scan.ScanOptions;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Pattern;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Memory that is read through leases: acceptance 11 and 14. */
@EnabledOnOs(OS.LINUX)
class LeaseTest {
    private static final long SIZE = 100_003;
    private static final long SUM =
            LongStream.range(0, SIZE).map(offset -> Pattern.at(offset)).sum();
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = Pattern.file(folder.resolve("file"), SIZE);
    }

    private LeasedMapping open(MapMode mode) throws IOException {
        return Mapping.open(file, mode, Lifetime.LEASED);
    }

    /** No duration is too long or too far before now. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyDurationIsATime() throws IOException {
        Duration ever = ChronoUnit.FOREVER.getDuration();
        try (LeasedMapping map = open(MapMode.READ_WRITE)) {
            map.resize(7, ever);
            map.protect(true, ever);
            map.protect(false, Duration.ofSeconds(Long.MIN_VALUE));
            try (Lease lease = map.lease()) {
                assertThrows(MappingException.class, () -> map.resize(8, Duration.ofSeconds(Long.MIN_VALUE)));
                assertEquals(7, lease.bytes().length());
            }
        }
    }

    @Test
    void aLeaseThatIsOutReadsUntilItEnds() throws IOException {
        LeasedMapping map = open(MapMode.READ_ONLY);
        Lease lease = map.lease();
        MemorySegment segment = lease.segment();
        map.close();
        map.close();
        assertThrows(IllegalStateException.class, map::lease);
        Pattern.check(segment, 0);
        Pattern.check(lease.bytes().segment(), 0);
        assertEquals(1, ThisProcess.areas(folder.toString()).size());
        lease.close();
        assertEquals(List.of(), ThisProcess.areas(folder.toString()));
        assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, lease::bytes);
        lease.close();
    }

    @Test
    void theLastOfManyLeasesUnmaps() throws IOException {
        LeasedMapping map = open(MapMode.READ_ONLY);
        Lease first = map.lease();
        Lease second = map.lease();
        map.close();
        first.close();
        first.close();
        first.close();
        Pattern.check(second.segment(), 0);
        second.close();
        assertEquals(List.of(), ThisProcess.areas(folder.toString()));
    }

    @Test
    void aLeaseIsForOneThread() throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor();
                LeasedMapping map = open(MapMode.READ_ONLY);
                Lease lease = map.lease()) {
            MemorySegment segment = lease.segment();
            Future<?> read = other.submit(() -> segment.get(ValueLayout.JAVA_BYTE, 0));
            assertEquals(WrongThreadException.class, causeOf(read).getClass());
            Future<?> close = other.submit(lease::close);
            assertEquals(WrongThreadException.class, causeOf(close).getClass());
            Pattern.check(segment, 0);
        }
        assertEquals(List.of(), ThisProcess.areas(folder.toString()));
    }

    private static Throwable causeOf(Future<?> future) {
        return assertThrows(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS))
                .getCause();
    }

    @Test
    void aChangeWaitsForLeasesAndGivesUpInTime() throws IOException {
        try (LeasedMapping map = open(MapMode.READ_WRITE)) {
            try (Lease lease = map.lease()) {
                long start = System.nanoTime();
                for (boolean resize : new boolean[] {true, false}) {
                    SystemFailureException refused = assertThrows(SystemFailureException.class, () -> {
                        if (resize) {
                            map.resize(10, SHORT);
                        } else {
                            map.protect(true, SHORT);
                        }
                    });
                    assertEquals(ErrorCode.TIMED_OUT, refused.code());
                }
                assertTrue(System.nanoTime() - start >= 2 * SHORT.toNanos());
                Pattern.check(lease.segment(), 0);
                lease.segment().set(ValueLayout.JAVA_BYTE, 0, Pattern.at(0));
            }
            assertEquals(SIZE, map.byteSize());
            map.resize(2 * SIZE, SHORT);
            try (Lease lease = map.lease()) {
                assertEquals(2 * SIZE, lease.bytes().byteSize());
                Pattern.check(lease.segment().asSlice(0, SIZE), 0);
                Pattern.checkZero(lease.segment().asSlice(SIZE));
            }
        }
    }

    @Test
    void newLeasesWaitForTheChangeAndSeeIt() throws Exception {
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();
                LeasedMapping map = open(MapMode.READ_WRITE)) {
            CountDownLatch waiting = new CountDownLatch(1);
            Future<?> change;
            Future<Long> reader;
            try (Lease lease = map.lease()) {
                change = others.submit(() -> {
                    waiting.countDown();
                    map.resize(7, LONG);
                    return 0;
                });
                assertTrue(waiting.await(30, TimeUnit.SECONDS));
                Thread.sleep(20);
                reader = others.submit(() -> {
                    try (Lease next = map.lease()) {
                        return next.bytes().byteSize();
                    }
                });
                assertThrows(TimeoutException.class, () -> reader.get(50, TimeUnit.MILLISECONDS));
                assertFalse(change.isDone());
                Pattern.check(lease.segment(), 0);
            }
            change.get(30, TimeUnit.SECONDS);
            assertEquals(7, reader.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void closingDoesNotWaitForAChangeThatWaits() throws Exception {
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            LeasedMapping map = open(MapMode.READ_WRITE);
            Future<?> change;
            try (Lease lease = map.lease()) {
                change = others.submit(() -> {
                    map.resize(7, LONG);
                    return 0;
                });
                Thread.sleep(20);
                Future<?> close = others.submit(map::close);
                close.get(10, TimeUnit.SECONDS);
                Pattern.check(lease.segment(), 0);
            }
            assertEquals(IllegalStateException.class, causeOf(change).getClass());
        }
        assertEquals(List.of(), ThisProcess.areas(folder.toString()));
    }

    @Test
    void aLeaseWorksOnAfterTheClose() throws IOException {
        LeasedMapping map = open(MapMode.READ_ONLY);
        Lease first = map.lease();
        ByteSlice ended = first.bytes();
        try (Lease lease = map.lease()) {
            map.close();
            useAll(lease);
            first.close();
            useAll(lease);
            for (Executable call : List.<Executable>of(ended::sum, ended::populate, ended::residency)) {
                assertThrows(IllegalStateException.class, call);
            }
            assertEquals(1, ThisProcess.areas(folder.toString()).size());
        }
        assertEquals(List.of(), ThisProcess.areas(folder.toString()));
    }

    /** Whatever a lease's views can do outside Java. */
    private static void useAll(Lease lease) throws MappingException {
        ByteSlice bytes = lease.bytes();
        assertEquals(SUM, bytes.sum().longValueExact());
        assertTrue(bytes.advise(Hint.RANDOM).isComplete());
        assertTrue(bytes.populate().isComplete());
        assertTrue(bytes.ensureResident().isComplete());
        assertTrue(bytes.residency().isResident(0));
        bytes.prefetch();
        Gather.of(bytes)
                .forEach(new long[] {9, SIZE - 7}, 7, (_, record) -> Pattern.check(record.segment(), record.offset()));
        for (long budget : new long[] {32 << 10, 64 << 20}) {
            try (Scan scan = Scan.of(bytes, ScanOptions.DEFAULT.chunk(10_000).budget(budget))) {
                scan.forEach(chunk -> Pattern.check(chunk.segment(), chunk.offset()));
                assertEquals(SIZE, scan.doneBytes());
            }
        }
    }

    @Test
    void theMappingRefusesAfterTheCloseWhatItsLeasesDo() throws IOException {
        LeasedMapping map = open(MapMode.READ_WRITE);
        try (Lease lease = map.lease()) {
            map.close();
            for (Executable call : List.<Executable>of(
                    map::lease,
                    () -> map.advise(Hint.RANDOM),
                    () -> map.prefetch(List.of()),
                    () -> map.populateAsync(List.of()),
                    map::populate,
                    () -> map.populateForWriting(0, 1),
                    () -> map.ensureResident(0, 1),
                    map::residency,
                    map::lock,
                    () -> map.lockOnFault(0, 1),
                    map::unlock,
                    map::flush,
                    map::evict,
                    () -> map.discard(0, 1),
                    () -> map.resize(SIZE, SHORT),
                    () -> map.protect(true, SHORT))) {
                IllegalStateException refused = assertThrows(IllegalStateException.class, call);
                assertTrue(refused.getMessage().startsWith("closed: "), refused::toString);
            }
            Pattern.check(lease.segment(), 0);
        }
    }

    @Test
    void aPrefetchOfTheMappingEndsWithTheCloseThoughALeaseIsOut() throws Exception {
        LeasedMapping map = open(MapMode.READ_ONLY);
        try (Lease lease = map.lease()) {
            Future<?> there = map.populateAsync(Collections.nCopies(1_000_000, new ByteRange(0, SIZE)));
            map.close();
            assertEquals(IllegalStateException.class, causeOf(there).getClass());
            useAll(lease);
        }
    }

    /** If it did, the change would give up, for it waits for the lease. */
    @Test
    void aLeaseDoesNotWaitForTheChangeThatWaitsForIt() throws Exception {
        try (LeasedMapping map = open(MapMode.READ_WRITE)) {
            FutureTask<Void> change = new FutureTask<>(() -> {
                map.resize(2 * SIZE, LONG);
                return null;
            });
            try (Lease lease = map.lease()) {
                Thread changer = Thread.ofPlatform().start(change);
                while (changer.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                useAll(lease);
                map.populate();
                assertFalse(change.isDone());
            }
            change.get(30, TimeUnit.SECONDS);
            assertEquals(2 * SIZE, map.byteSize());
        }
    }
}
