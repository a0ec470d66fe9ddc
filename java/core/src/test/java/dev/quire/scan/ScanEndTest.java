package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.advice.SystemFacts.Ability;
import dev.quire.error.MemoryFaultException;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers of a scan get when the file is cut, the mapping goes away or somebody wants to stop. */
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
        Needs.ability(Ability.SHRINK_MAPPED_FILE);
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
        Needs.ability(Ability.SHRINK_MAPPED_FILE);
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
    void theMappingMayBeClosedUnderTheScan() throws Exception {
        Pattern.file(file, 8 << 20);
        for (int run = 0; run < 200; run++) {
            Mapping map = open();
            map.evict();
            int closeAt = run * (int) Platform.pageSize();
            try (Scan scan = Scan.of(
                    map.bytes(),
                    ScanOptions.DEFAULT.chunk(65_536).window(1 << 20).budget(2 << 20))) {
                assertThrows(
                        IllegalStateException.class,
                        () -> scan.forEach(chunk -> {
                            if (chunk.offset() + chunk.byteSize() > closeAt) {
                                map.close();
                            }
                            chunk.get(0);
                        }));
            }
        }
    }

    @Test
    void theMappingMayBeResizedUnderTheScan() throws Exception {
        Pattern.file(file, 8 << 20);
        for (int run = 1; run < 20; run++) {
            int keep = run * 100_000;
            try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
                map.resize(8 << 20);
                try (Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(65_536))) {
                    assertThrows(
                            IllegalStateException.class,
                            () -> scan.forEach(chunk -> {
                                resize(map, keep);
                                chunk.get(0);
                            }));
                }
                assertEquals(keep, map.byteSize());
            }
        }
    }

    private static void resize(Mapping map, long size) {
        try {
            map.resize(size);
        } catch (IOException e) {
            throw new IllegalStateException(e);
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
