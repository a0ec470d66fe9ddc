package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What readers of a scan get when the file is cut or somebody wants to stop. */
class ScanEndTest {
    private static final int SIZE = 300_007;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Pattern.file(folder.resolve("scanned"), SIZE);
    }

    private Mapping open() throws IOException {
        return Mapping.open(file, MapMode.READ_ONLY);
    }

    @Test
    void aFileThatIsTruncatedUnderTheScanIsAFault() throws IOException {
        Needs.capability(Capability.SHRINK_MAPPED_FILE);
        long size = 40L << 20;
        Pattern.file(file, size);
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.window(1 << 20))) {
            AtomicLong sum = new AtomicLong();
            MemoryFaultException fault = assertThrows(
                    MemoryFaultException.class,
                    () -> scan.forEach(chunk -> {
                        if (chunk.offset() == 5 << 20) {
                            truncate(7 << 20);
                        }
                        sum.addAndGet(chunk.crc32c());
                    }));
            assertEquals(file.toString(), fault.subject());
            assertTrue(scan.doneBytes() <= 7 << 20, scan::toString);
            assertTrue(scan.doneBytes() >= 5 << 20, scan::toString);
        }
    }

    private void truncate(long size) {
        try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
            shorter.setLength(size);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aChunkWhoseBytesGoWhileItIsReadIsAFaultAndDoesNotCount() throws IOException {
        Needs.capability(Capability.SHRINK_MAPPED_FILE);
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(SIZE))) {
            assertThrows(
                    MemoryFaultException.class,
                    () -> scan.forEach(chunk -> {
                        truncate(0);
                        long sum = 0;
                        for (long i = 0; i < chunk.length(); i++) {
                            sum += chunk.get(i);
                        }
                        assertFalse(sum == Long.MIN_VALUE);
                    }));
            assertEquals(0, scan.doneBytes());
        }
    }

    @Test
    void aScanIsCancelledFromAnotherThread() throws Exception {
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(1_000))) {
            CountDownLatch first = new CountDownLatch(1);
            Thread canceller = Thread.ofVirtual().start(() -> {
                try {
                    first.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                scan.cancel();
            });
            assertThrows(
                    CancellationException.class,
                    () -> scan.forEach(_ -> {
                        first.countDown();
                        try {
                            canceller.join();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }));
            assertEquals(1_000, scan.doneBytes());
        }
    }

    @Test
    @Timeout(30)
    void cancelAndCloseAtAnyMomentEndTheReaders() throws Exception {
        Pattern.file(file, 8 << 20);
        try (Mapping map = open();
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int run = 0; run < 200; run++) {
                map.evict();
                Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(65_536));
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    all.add(readers.submit(() -> scan.forEach(ByteSlice::crc32c)));
                }
                Thread.sleep(Duration.ofNanos(run * 10_000L));
                if (run % 2 == 0) {
                    scan.cancel();
                }
                scan.close();
                scan.close();
                for (Future<?> reader : all) {
                    endsOrIsCancelled(reader);
                }
                assertThrows(CancellationException.class, () -> scan.forEach(_ -> {}));
            }
        }
    }

    private static void endsOrIsCancelled(Future<?> reader) throws Exception {
        try {
            reader.get();
        } catch (ExecutionException e) {
            assertInstanceOf(CancellationException.class, e.getCause());
        }
    }

    @Test
    void anExceptionOfAReaderIsItsOwnAndTheOthersGoOn() throws IOException {
        try (Mapping map = open();
                Scan scan = Scan.of(
                        map.bytes(),
                        ScanOptions.DEFAULT.chunk(10_000).window(10_000).budget(20_000))) {
            ArithmeticException own = new ArithmeticException("own");
            assertSame(
                    own,
                    assertThrows(
                            ArithmeticException.class,
                            () -> scan.forEach(_ -> {
                                throw own;
                            })));
            scan.forEach(chunk -> Pattern.check(chunk.segment(), chunk.offset()));
            assertEquals(SIZE - 10_000, scan.doneBytes());
        }
    }

    /**
     * The virtual machine interrupts threads that read a shared mapping that is closed, and pools go on with such
     * threads.
     */
    @Test
    void anInterruptThatAPoolsWorkerHasLeftIsNoCancellation() throws Exception {
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(10_000));
                ForkJoinPool pool = new ForkJoinPool(2)) {
            map.evict();
            pool.submit(() -> {
                        Thread.currentThread().interrupt();
                        scan.forEach(chunk -> Pattern.check(chunk.segment(), chunk.offset()));
                    })
                    .get();
            assertEquals(SIZE, scan.doneBytes());
        }
    }

    @Test
    void anInterruptedReaderIsCancelled() throws IOException {
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes())) {
            map.evict();
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> scan.forEach(chunk -> chunk.get(0)));
            assertTrue(Thread.interrupted());
        }
    }
}
