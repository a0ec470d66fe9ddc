package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.AutoMapping;
import dev.quire.Lease;
import dev.quire.LeasedMapping;
import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers of a scan get: every byte once, whatever the sizes and however many they are. */
class ScanTest {
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

    private static void checkOnce(List<long[]> ranges, long size) {
        ranges.sort((a, b) -> Long.compare(a[0], b[0]));
        long end = 0;
        for (long[] range : ranges) {
            assertEquals(end, range[0]);
            end = range[1];
        }
        assertEquals(size, end);
    }

    private static long[] checked(ByteSlice chunk) {
        Pattern.check(chunk.segment(), chunk.offset());
        return new long[] {chunk.offset(), chunk.offset() + chunk.byteSize()};
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 0, 67108864",
        "4096, 4096, 4096",
        "4097, 1, 1",
        "65536, 8192, 16384",
        "1, 300000, 67108864",
        "299999, 10000, 20000",
        "1000000, 0, 5000"
    })
    void everyByteComesOnceInOrder(long chunk, long window, long budget) throws IOException {
        ScanOptions options =
                ScanOptions.DEFAULT.chunk(Math.max(chunk, 7)).window(window).budget(budget);
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes(), options)) {
            List<long[]> ranges = new ArrayList<>();
            AtomicLong end = new AtomicLong();
            scan.forEach(bytes -> {
                assertEquals(end.getAndAdd(bytes.byteSize()), bytes.offset());
                ranges.add(checked(bytes));
            });
            checkOnce(ranges, SIZE);
            assertEquals(SIZE, scan.doneBytes());
        }
    }

    @Test
    void aPartThatBeginsInsideAPageIsScannedAlone() throws IOException {
        for (long from : new long[] {1, 4095, 4097, 123_457}) {
            try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, MapOptions.DEFAULT.offset(3));
                    Scan scan = Scan.of(
                            map.bytes().slice(from, SIZE / 2),
                            ScanOptions.DEFAULT.chunk(5_000).window(9_000).budget(20_000))) {
                AtomicLong end = new AtomicLong(from);
                scan.forEach(bytes -> {
                    assertEquals(end.getAndAdd(bytes.byteSize()), bytes.offset());
                    Pattern.check(bytes.segment(), bytes.offset() + 3);
                });
                assertEquals(from + SIZE / 2, end.get());
            }
        }
    }

    @Test
    void nothingHasNoChunks() throws IOException {
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes().slice(5, 0))) {
            assertEquals(0, scan.stream().count());
        }
    }

    @Test
    void streamsSplitOverThreads() throws IOException {
        for (boolean parallel : new boolean[] {false, true}) {
            try (Mapping map = open();
                    Scan scan = Scan.of(
                            map.bytes(),
                            ScanOptions.DEFAULT.chunk(1_000).window(9_000).budget(20_000))) {
                var stream = parallel ? scan.stream().parallel() : scan.stream();
                checkOnce(new ArrayList<>(stream.map(ScanTest::checked).toList()), SIZE);
            }
        }
    }

    @Test
    void anIteratorsChunkStaysUntilTheNext() throws IOException {
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(10_000))) {
            List<long[]> ranges = new ArrayList<>();
            for (Iterator<ByteSlice> chunks = scan.stream().iterator(); chunks.hasNext(); ) {
                ranges.add(checked(chunks.next()));
            }
            checkOnce(ranges, SIZE);
        }
    }

    @Test
    void virtualThreadsShareAScan() throws Exception {
        List<long[]> ranges = Collections.synchronizedList(new ArrayList<>());
        try (Mapping map = open();
                Scan scan = Scan.of(
                        map.bytes(),
                        ScanOptions.DEFAULT.chunk(1_000).window(9_000).budget(20_000));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                readers.add(threads.submit(() -> scan.forEach(chunk -> ranges.add(checked(chunk)))));
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
        checkOnce(ranges, SIZE);
    }

    @Test
    void aSpliteratorsPartsAreReadByVirtualThreads() throws Exception {
        List<long[]> ranges = Collections.synchronizedList(new ArrayList<>());
        try (Mapping map = open();
                Scan scan = Scan.of(
                        map.bytes(),
                        ScanOptions.DEFAULT.chunk(1_000).window(9_000).budget(20_000));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Spliterator<ByteSlice>> parts = new ArrayList<>(List.of(scan.spliterator()));
            for (int i = 0; i < parts.size(); i++) {
                for (var half = parts.get(i).trySplit();
                        half != null;
                        half = parts.get(i).trySplit()) {
                    parts.add(half);
                }
            }
            assertTrue(parts.size() >= Runtime.getRuntime().availableProcessors(), () -> parts.size() + " parts");
            List<Future<?>> readers = new ArrayList<>();
            parts.forEach(part ->
                    readers.add(threads.submit(() -> part.forEachRemaining(chunk -> ranges.add(checked(chunk))))));
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
        checkOnce(ranges, SIZE);
    }

    @Test
    void closingTheStreamClosesTheScan() throws IOException {
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(1_000))) {
            try (var chunks = scan.stream()) {
                assertEquals(3, chunks.limit(3).count());
            }
            assertThrows(CancellationException.class, () -> scan.forEach(_ -> {}));
        }
    }

    @Test
    void leasesAndConfinedAndCollectedMemoryAreScanned() throws IOException {
        try (LeasedMapping map = Mapping.open(file, MapMode.READ_ONLY, Lifetime.LEASED);
                Lease lease = map.lease()) {
            checkScan(lease.bytes());
        }
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, Lifetime.CONFINED)) {
            checkScan(map.bytes());
        }
        MapOptions undeletable = MapOptions.DEFAULT.with(MapOptions.Option.DENY_DELETE);
        AutoMapping auto = Mapping.open(file, MapMode.COPY_ON_WRITE, Lifetime.AUTO, undeletable);
        checkScan(auto.bytes());
        try (Mapping memory = Mapping.anonymous(SIZE)) {
            Pattern.write(memory.segment(), 0);
            checkScan(memory.bytes());
            Pattern.check(memory.segment(), 0);
        }
    }

    /** A mapping that ends before its file does; what the kernel reads ahead lies behind it. */
    @ParameterizedTest
    @ValueSource(longs = {100_000, 1 << 20, 8 << 20, 64 << 20})
    void partOfAColdFileIsScanned(long budget) throws IOException {
        int fileBytes = 8 << 20;
        Pattern.file(file, fileBytes);
        for (int length : new int[] {1, 3_000_000, 5_000_000, 5 << 20, fileBytes - 1}) {
            try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, MapOptions.DEFAULT.length(length));
                    Mapping whole = Mapping.open(file, MapMode.READ_ONLY)) {
                whole.evict();
                boolean isCold = whole.residency().known() && whole.residency().residentPages() == 0;
                List<long[]> ranges = new ArrayList<>();
                try (Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.budget(budget))) {
                    scan.forEach(chunk -> ranges.add(checked(chunk)));
                }
                checkOnce(ranges, length);
                assertTrue(!isCold || whole.residency().residentPages() == 0, whole.residency()::toString);
            }
        }
    }

    /** Nothing but the scan refers to the mapping, and the collector runs. */
    @Test
    void aCollectedMappingStaysUntilItsScanEnds() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread collector = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                System.gc();
                LockSupport.parkNanos(5_000_000);
            }
        });
        try {
            for (int run = 0; run < 3; run++) {
                assertEquals(SIZE, scannedBytes(ScanOptions.DEFAULT));
                assertEquals(
                        SIZE, scannedBytes(ScanOptions.DEFAULT.budget(100_000).chunk(10_000)));
                int[] records = new int[1];
                Gather.of(collected()).forEach(new long[1_000], 64, (_, record) -> {
                    Pattern.check(record.segment(), 0);
                    records[0]++;
                });
                assertEquals(1_000, records[0]);
            }
        } finally {
            over.set(true);
            collector.join();
        }
    }

    private ByteSlice collected() throws IOException {
        MapOptions undeletable = MapOptions.DEFAULT.with(MapOptions.Option.DENY_DELETE);
        AutoMapping map = Mapping.open(file, MapMode.READ_ONLY, Lifetime.AUTO, undeletable);
        map.evict();
        return map.bytes();
    }

    private long scannedBytes(ScanOptions options) throws IOException {
        AtomicLong bytes = new AtomicLong();
        try (Scan scan = Scan.of(collected(), options)) {
            scan.forEach(chunk -> {
                checked(chunk);
                bytes.addAndGet(chunk.byteSize());
            });
        }
        return bytes.get();
    }

    private static void checkScan(ByteSlice bytes) {
        List<long[]> ranges = new ArrayList<>();
        try (Scan scan = Scan.of(bytes, ScanOptions.DEFAULT.chunk(30_000).budget(50_000))) {
            scan.forEach(chunk -> ranges.add(checked(chunk)));
        }
        checkOnce(ranges, SIZE);
    }

    // -------------------------------------------------------------------------------------------------- records

    @Test
    void chunksOverlap() throws IOException {
        AtomicLong next = new AtomicLong();
        AtomicLong done = new AtomicLong();
        ScanOptions options = ScanOptions.DEFAULT.chunk(10_000).overlap(4_999).progress(done::set);
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes(), options)) {
            scan.forEach(chunk -> {
                assertEquals(next.getAndAdd(10_000), chunk.offset());
                assertEquals(Math.min(14_999, SIZE - chunk.offset()), chunk.byteSize());
                checked(chunk);
            });
        }
        assertEquals(310_000, next.get());
        assertEquals(SIZE, done.get());
    }

    @Test
    void chunksEndBehindADelimiter() throws IOException {
        for (int chunkBytes : new int[] {50, 700, 5_000, 100_000}) {
            ScanOptions options = ScanOptions.DEFAULT.chunk(chunkBytes).delimiter((byte) 200);
            List<long[]> ranges = new ArrayList<>();
            try (Mapping map = open();
                    Scan scan = Scan.of(map.bytes(), options)) {
                scan.forEach(chunk -> {
                    long end = chunk.offset() + chunk.byteSize();
                    assertTrue(end == SIZE || chunk.get(chunk.byteSize() - 1) == (byte) 200);
                    ranges.add(checked(chunk));
                });
            }
            checkOnce(ranges, SIZE);
        }
    }

    @Test
    void oneRecordMayBeAll() throws IOException {
        try (Mapping memory = Mapping.anonymous(100_000);
                Scan scan = Scan.of(
                        memory.bytes(), ScanOptions.DEFAULT.chunk(10).budget(1).delimiter((byte) 1))) {
            scan.forEach(chunk -> assertEquals(100_000, chunk.byteSize()));
        }
    }

    @Test
    void optionsAreChecked() {
        ScanOptions options = ScanOptions.DEFAULT;
        assertThrows(IllegalArgumentException.class, () -> options.chunk(0));
        assertThrows(IllegalArgumentException.class, () -> options.window(-1));
        assertThrows(IllegalArgumentException.class, () -> options.budget(0));
        assertThrows(IllegalArgumentException.class, () -> options.overlap(-1));
        IllegalArgumentException both = assertThrows(
                IllegalArgumentException.class, () -> options.overlap(1).delimiter((byte) 1));
        assertTrue(both.getMessage().contains("delimiter 1 and an overlap of 1 bytes"), both::toString);
    }
}
