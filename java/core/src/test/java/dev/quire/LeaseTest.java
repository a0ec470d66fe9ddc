package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ErrorCode;
import dev.quire.error.SystemFailureException;
import dev.quire.testing.Pattern;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Memory that is read through leases: acceptance 11 and 14. */
@EnabledOnOs(OS.LINUX)
class LeaseTest {
    private static final long SIZE = 100_003;
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
        return assertThrows(Exception.class, () -> future.get(30, TimeUnit.SECONDS))
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
}
