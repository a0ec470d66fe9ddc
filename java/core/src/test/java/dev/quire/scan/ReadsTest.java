package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.Lease;
import dev.quire.LeasedMapping;
import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each record once, with its own bytes, whichever way they come. */
@Timeout(300)
@SuppressWarnings("try") // closes while work goes on
class ReadsTest {
    private static final int SIZE = 3_000_123;
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir
    static Path folder;

    private Path inMemory;

    @AfterEach
    void removeFile() throws IOException {
        if (inMemory != null) {
            Files.deleteIfExists(inMemory);
        }
    }

    private record Case(ReadWay way, boolean isInMemory, boolean isVirtual) {}

    /** Every way, on a disk and on a memory file system, from a platform and from a virtual thread. */
    static Stream<Case> cases() {
        List<Boolean> places = Files.isWritable(MEMORY) ? List.of(false, true) : List.of(false);
        return Arrays.stream(ReadWay.values())
                .flatMap(way -> places.stream()
                        .flatMap(place -> Stream.of(new Case(way, place, false), new Case(way, place, true))));
    }

    private Path file(Case one) throws IOException {
        Path path = folder.resolve("records");
        if (one.isInMemory) {
            path = MEMORY.resolve("quire-reads-" + ProcessHandle.current().pid());
            inMemory = path;
        }
        return Pattern.file(path, SIZE);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void on(boolean isVirtual, Work work) throws Exception {
        if (!isVirtual) {
            work.run();
            return;
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread.startVirtualThread(() -> {
                    try {
                        work.run();
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                })
                .join();
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyRecordOnceWithItsBytes(Case one) throws Exception {
        Path file = file(one);
        on(one.isVirtual, () -> {
            for (int depth : new int[] {1, 3, 64}) {
                try (Mapping first = Mapping.open(file, MapMode.READ_ONLY);
                        Mapping second = Mapping.open(file, MapMode.READ_WRITE);
                        Mapping memory = Mapping.anonymous(10_000);
                        Batch batch = Reads.batch(new ReadOptions(one.way, depth))) {
                    Pattern.write(memory.segment(), 0);
                    first.evict();
                    for (int round = 0; round < 3; round++) {
                        checkRound(batch, List.of(first, second, memory), new Random(round));
                    }
                }
            }
        });
    }

    private static void checkRound(Batch batch, List<Mapping> maps, Random random) throws IOException {
        long[] offsets = new long[300];
        int[] lengths = new int[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            Mapping map = maps.get(i % maps.size());
            lengths[i] =
                    i % 50 == 0 ? 0 : i % 17 == 0 ? (int) Math.min(200_000, map.byteSize()) : 1 + random.nextInt(5_000);
            offsets[i] = i % 11 == 0 ? map.byteSize() - lengths[i] : random.nextLong(map.byteSize() - lengths[i] + 1);
            assertEquals(i, batch.add(map, offsets[i], lengths[i]));
        }
        BitSet seen = new BitSet();
        BatchOutcome outcome = batch.run((index, record) -> {
            assertFalse(seen.get(index), () -> "record " + index + " came twice");
            seen.set(index);
            assertEquals(lengths[index], record.byteSize());
            Pattern.check(record.segment(), offsets[index]);
        });
        assertEquals(offsets.length, seen.cardinality());
        assertEquals(offsets.length, outcome.reads());
        assertEquals(0, batch.size());
    }

    @ParameterizedTest
    @EnumSource(names = {"DIRECT", "BUFFERED", "MAPPED"})
    void theOutcomeSaysWhichWay(ReadWay way) throws IOException {
        Needs.capability(Capability.EVICT);
        Path file = Pattern.file(folder.resolve("ways"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                Batch batch = Reads.batch(ReadOptions.DEFAULT.way(way))) {
            map.evict();
            long before = map.residency().residentPages();
            for (int i = 0; i < 20; i++) {
                batch.add(map.bytes(), i * 100_000L, 512);
            }
            BatchOutcome outcome = batch.run((_, _) -> {});
            if (way == ReadWay.DIRECT && outcome.direct() == 0) {
                assertEquals(20, outcome.buffered(), "the pool serves where there is no ring");
                assumeTrue(false, "no reads past the page cache here");
            }
            assertEquals(way == ReadWay.DIRECT ? 20 : 0, outcome.direct());
            assertEquals(way == ReadWay.BUFFERED ? 20 : 0, outcome.buffered());
            assertEquals(way == ReadWay.MAPPED ? 20 : 0, outcome.mapped());
            long brought = map.residency().residentPages() - before;
            assertTrue(way == ReadWay.DIRECT ? brought == 0 : brought >= 20, () -> way + " brought in " + brought);
        }
    }

    @Test
    void whatIsInMemoryIsReadInPlace() throws IOException {
        Needs.capability(Capability.REPORT_RESIDENCY);
        Path file = Pattern.file(folder.resolve("warm"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                Batch batch = Reads.batch()) {
            map.populate();
            for (int round = 0; round < 5; round++) {
                batch.add(map, 5_000, 4_096);
                batch.add(map, 500_000, 4_096);
                long address = map.segment().address();
                BatchOutcome outcome = batch.run((index, record) -> assertEquals(
                        address + (index == 0 ? 5_000 : 500_000),
                        record.segment().address()));
                assertEquals(new BatchOutcome(2, 0, 0, 0), outcome);
            }
        }
    }

    @Test
    void changesOfTheMappingAreSeenByEveryWay() throws IOException {
        for (ReadWay way : ReadWay.values()) {
            Path file = Pattern.file(folder.resolve("changed"), SIZE);
            try (Mapping shared = Mapping.open(file, MapMode.READ_WRITE);
                    Mapping own = Mapping.open(file, MapMode.COPY_ON_WRITE);
                    Batch batch = Reads.batch(ReadOptions.DEFAULT.way(way))) {
                shared.bytes().set(70_000, (byte) 42);
                own.bytes().set(90_000, (byte) 43);
                batch.add(shared, 70_000, 1);
                batch.add(own, 90_000, 1);
                batch.run((index, record) -> assertEquals(42 + index, record.get(0), way::toString));
            }
        }
    }

    @Test
    void aCopyIsReadOnly() throws IOException {
        Path file = Pattern.file(folder.resolve("copy"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE);
                Batch batch = Reads.batch(ReadOptions.DEFAULT.way(ReadWay.BUFFERED))) {
            batch.add(map, 0, 10);
            assertEquals(
                    1, batch.run((_, record) -> assertTrue(record.isReadOnly())).buffered());
        }
    }

    @Test
    void leasesAndConfinedMappings() throws IOException {
        Path file = Pattern.file(folder.resolve("lifetimes"), SIZE);
        for (ReadWay way : ReadWay.values()) {
            try (LeasedMapping leased = Mapping.open(file, MapMode.READ_ONLY, Lifetime.LEASED);
                    Lease lease = leased.lease();
                    Mapping confined = Mapping.open(file, MapMode.READ_ONLY, Lifetime.CONFINED);
                    Batch batch = Reads.batch(ReadOptions.DEFAULT.way(way))) {
                leased.close();
                batch.add(lease, 11, 100);
                batch.add(confined, 12, 100);
                assertEquals(
                        2,
                        batch.run((index, record) -> Pattern.check(record.segment(), 11 + index))
                                .reads());
            }
        }
    }

    // -------------------------------------------------------------------------------------------------- what happens

    @ParameterizedTest
    @EnumSource
    void writersChangeSectorsWhole(ReadWay way) throws Exception {
        Path file = folder.resolve("written");
        Files.write(file, new byte[1 << 20]);
        AtomicBoolean isOver = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> write(file, isOver));
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                Batch batch = Reads.batch(ReadOptions.DEFAULT.way(way))) {
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < 64; i++) {
                    batch.add(map, (i * 37L + round) % 2_048 * 512, 512);
                }
                batch.run((_, record) -> {
                    byte[] sector = new byte[512];
                    record.copyTo(0, sector, 0, 512);
                    for (byte one : sector) {
                        assertTrue(one >= 0 && one <= 100);
                    }
                });
            }
        } finally {
            isOver.set(true);
            writer.join();
        }
    }

    private static void write(Path file, AtomicBoolean isOver) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            byte[] bytes = new byte[512];
            for (int i = 0; !isOver.get(); i++) {
                Arrays.fill(bytes, (byte) (i % 101));
                channel.write(ByteBuffer.wrap(bytes), i * 7L % 2_048 * 512);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTruncatedFileIsNamed(ReadWay way) throws IOException {
        Needs.capability(Capability.SHRINK_MAPPED_FILE);
        Path file = Pattern.file(folder.resolve("truncated"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                Batch batch = Reads.batch(ReadOptions.DEFAULT.way(way))) {
            batch.add(map, 2_000_000, 512);
            batch.run((_, record) -> Pattern.check(record.segment(), 2_000_000));
            try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
                shorter.setLength(SIZE / 2);
            }
            batch.add(map, 1_000, 512);
            batch.add(map, 2_000_000, 512);
            MemoryFaultException fault = assertThrows(
                    MemoryFaultException.class,
                    () -> batch.run((index, record) -> {
                        assertEquals(0, index);
                        Pattern.check(record.segment(), 1_000);
                    }));
            assertTrue(fault.getMessage().contains(file.toString()), fault::getMessage);
            assertEquals(SIZE / 2, fault.sizeNow());
            batch.add(map, 5_000, 512);
            assertEquals(
                    1,
                    batch.run((_, record) -> Pattern.check(record.segment(), 5_000))
                            .reads());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeletedFileIsRead(ReadWay way) throws IOException {
        Needs.capability(Capability.REPLACE_OPEN_FILE);
        for (boolean isReplaced : new boolean[] {false, true}) {
            Path file = Pattern.file(folder.resolve("deleted"), SIZE);
            try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                    Batch batch = Reads.batch(ReadOptions.DEFAULT.way(way))) {
                Files.delete(file);
                if (isReplaced) {
                    Files.write(file, new byte[SIZE]);
                }
                batch.add(map, 1_234_567, 5_000);
                BatchOutcome outcome = batch.run((_, record) -> Pattern.check(record.segment(), 1_234_567));
                assertEquals(1, outcome.reads());
                assertEquals(0, outcome.direct() + outcome.buffered());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMappingThatIsClosedMeanwhile(ReadWay way) throws IOException {
        Path file = Pattern.file(folder.resolve("closed"), SIZE);
        try (Batch batch = Reads.batch(new ReadOptions(way, 4))) {
            Mapping map = Mapping.open(file, MapMode.READ_ONLY);
            int[] count = new int[1];
            for (int i = 0; i < 100; i++) {
                batch.add(map, i * 10_000L, 512);
            }
            IllegalStateException refused = assertThrows(
                    IllegalStateException.class,
                    () -> batch.run((_, record) -> {
                        record.get(0);
                        if (++count[0] == 10) {
                            map.close();
                        }
                    }));
            assertTrue(refused.getMessage().contains(file.toString()), refused::getMessage);
            assertEquals(0, batch.size());
            assertThrows(IllegalStateException.class, () -> batch.add(map, 0, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelled(ReadWay way) throws Exception {
        Path file = Pattern.file(folder.resolve("cancelled"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                Batch batch = Reads.batch(new ReadOptions(way, 4))) {
            int[] count = new int[1];
            addMany(batch, map);
            assertThrows(
                    CancellationException.class,
                    () -> batch.run((_, _) -> {
                        if (++count[0] == 5) {
                            batch.cancel();
                        }
                    }));
            assertEquals(5, count[0]);
            CountDownLatch isIn = new CountDownLatch(1);
            CountDownLatch goesOn = new CountDownLatch(1);
            addMany(batch, map);
            int[] started = new int[1];
            CompletableFuture<BatchOutcome> future = batch.start((_, _) -> {
                started[0]++;
                isIn.countDown();
                awaitLatch(goesOn);
            });
            awaitLatch(isIn);
            assertThrows(IllegalStateException.class, () -> batch.add(map, 0, 1));
            assertTrue(future.cancel(true));
            goesOn.countDown();
            awaitIdle(batch, map);
            assertEquals(1, started[0]);
            assertEquals(
                    1,
                    batch.run((_, record) -> Pattern.check(record.segment(), 0)).reads());
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertTrue(latch.await(100, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void addMany(Batch batch, Mapping map) {
        for (int i = 0; i < 100; i++) {
            batch.add(map, i * 10_000L, 512);
        }
    }

    /** A cancelled future is done before the thread is. Adds the first record. */
    private static void awaitIdle(Batch batch, Mapping map) throws InterruptedException {
        for (; ; ) {
            try {
                batch.add(map, 0, 512);
                return;
            } catch (IllegalStateException e) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void startedOnesEndWithWhatRunWouldThrow() throws Exception {
        Path file = Pattern.file(folder.resolve("started"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                Batch batch = Reads.batch()) {
            batch.add(map, 7, 512);
            assertEquals(
                    1,
                    batch.start((_, record) -> Pattern.check(record.segment(), 7))
                            .get(100, TimeUnit.SECONDS)
                            .reads());
            batch.add(map, 7, 512);
            CompletableFuture<BatchOutcome> failing = batch.start((_, _) -> {
                throw new ArithmeticException("own");
            });
            ExecutionException e = assertThrows(ExecutionException.class, () -> failing.get(100, TimeUnit.SECONDS));
            assertInstanceOf(ArithmeticException.class, e.getCause());
        }
    }

    @Test
    void aClosedBatchRefuses() throws IOException {
        Path file = Pattern.file(folder.resolve("refused"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            Batch batch = Reads.batch();
            assertThrows(IndexOutOfBoundsException.class, () -> batch.add(map, SIZE - 1, 2));
            addMany(batch, map);
            assertThrows(CancellationException.class, () -> batch.run((_, _) -> batch.close()));
            assertThrows(IllegalStateException.class, () -> batch.add(map, 0, 1));
            assertThrows(IllegalStateException.class, () -> batch.run((_, _) -> {}));
            assertThrows(IllegalStateException.class, () -> batch.start((_, _) -> {}));
            batch.close();
            assertThrows(IllegalArgumentException.class, () -> new ReadOptions(ReadWay.AUTO, 0));
            assertThrows(IllegalArgumentException.class, () -> new ReadOptions(ReadWay.AUTO, 4_097));
        }
    }
}
