package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.Hint;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every record once, with its own bytes. */
class GatherTest {
    private static final int SIZE = 4_000_000;
    private static final int RECORD = 100;

    @TempDir
    Path folder;

    private Path file;
    private long[] offsets;

    @BeforeEach
    void writeFile() throws IOException {
        file = Pattern.file(folder.resolve("gathered"), SIZE);
        offsets = new Random(1).longs(3_000, 0, SIZE - RECORD + 1).toArray();
        offsets[7] = offsets[8];
        offsets[9] = SIZE - RECORD;
    }

    @Test
    void inOrder() throws IOException {
        for (int depth : new int[] {1, 2, 3, 256, 10_000}) {
            try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
                map.evict();
                List<Integer> read = new ArrayList<>();
                new Gather(map.bytes(), depth).forEach(offsets, RECORD, (index, bytes) -> {
                    Pattern.check(bytes.segment(), offsets[index]);
                    read.add(index);
                });
                assertEquals(IntStream.range(0, offsets.length).boxed().toList(), read);
            }
        }
    }

    @Test
    void asTheyCome() throws IOException {
        for (int depth : new int[] {1, 2, 3, 256, 10_000}) {
            try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
                map.evict();
                int[] read = new int[offsets.length];
                Gather gather = new Gather(map.bytes().slice(1, SIZE - 1), depth);
                long[] shifted = IntStream.range(0, offsets.length)
                        .mapToLong(i -> Math.max(0, offsets[i] - 1))
                        .toArray();
                gather.forEachAsTheyCome(shifted, RECORD, (index, bytes) -> {
                    Pattern.check(bytes.segment(), shifted[index] + 1);
                    read[index]++;
                });
                assertArrayEquals(IntStream.generate(() -> 1).limit(read.length).toArray(), read);
            }
        }
    }

    @Test
    void offsetsThatChangeMeanwhileHaveNoEffect() throws IOException {
        long[] changing = offsets.clone();
        int[] read = new int[1];
        Gather.Reader reader = (index, bytes) -> {
            Pattern.check(bytes.segment(), offsets[index]);
            Arrays.fill(changing, read[0]++ % 2 == 0 ? SIZE : -1);
        };
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            new Gather(map.bytes(), 8).forEach(changing, RECORD, reader);
            System.arraycopy(offsets, 0, changing, 0, offsets.length);
            new Gather(map.bytes(), 8).forEachAsTheyCome(changing, RECORD, reader);
        }
        assertEquals(2 * offsets.length, read[0]);
    }

    @Test
    void noBytesTheSameBytesAndTheLastBytes() throws IOException {
        long[] places = {SIZE, 0, 5, 5, 5, SIZE - 1, SIZE - RECORD};
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            for (int depth : new int[] {1, 2, 256}) {
                for (int bytes : new int[] {0, 1, RECORD}) {
                    long[] inside = LongStream.of(places)
                            .map(place -> Math.min(place, SIZE - bytes))
                            .toArray();
                    Gather gather = new Gather(map.bytes(), depth);
                    map.evict();
                    gather.forEach(inside, bytes, (index, record) -> check(record, inside[index], bytes));
                    map.evict();
                    int[] read = new int[inside.length];
                    gather.forEachAsTheyCome(inside, bytes, (index, record) -> {
                        check(record, inside[index], bytes);
                        read[index]++;
                    });
                    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1}, read);
                }
            }
        }
    }

    private static void check(ByteSlice record, long offset, int bytes) {
        assertEquals(bytes, record.byteSize());
        Pattern.check(record.segment(), offset);
    }

    @Test
    void asTheyComeTheOneAskedForFirstIsWaitedFor() throws IOException {
        Needs.capability(Capability.REPORT_RESIDENCY);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            map.advise(Hint.RANDOM);
            map.evict();
            map.populate(2_000_000, RECORD);
            assumeTrue(map.residency().residentPages() <= 2, "this system keeps or reads more than it was asked for");
            List<Integer> read = new ArrayList<>();
            new Gather(map.bytes(), 2)
                    .forEachAsTheyCome(
                            new long[] {1_000_000, 2_000_000, 3_000_000}, RECORD, (index, _) -> read.add(index));
            assertEquals(3, read.size());
            assertTrue(read.indexOf(0) < read.indexOf(2), read::toString);
        }
    }

    @Test
    void aMappingThatWasMadeShorterIsNotReadFrom() throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            assertThrows(
                    IllegalStateException.class,
                    () -> Gather.of(map.bytes()).forEach(offsets, RECORD, (index, _) -> {
                        if (index == 100) {
                            resize(map);
                        }
                    }));
        }
    }

    private static void resize(Mapping map) {
        try {
            map.resize(SIZE / 10);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void nothingIsReadIfOneRecordLiesOutside() throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            for (long wrong : new long[] {-1, SIZE - RECORD + 1, Long.MAX_VALUE}) {
                offsets[2_999] = wrong;
                int[] read = new int[1];
                assertThrows(
                        IndexOutOfBoundsException.class,
                        () -> Gather.of(map.bytes()).forEach(offsets, RECORD, (_, _) -> read[0]++));
                assertEquals(0, read[0]);
            }
            assertThrows(IllegalArgumentException.class, () -> new Gather(map.bytes(), 0));
        }
    }

    @Test
    void aRecordThatIsGoneIsAFault() throws IOException {
        Needs.capability(Capability.SHRINK_MAPPED_FILE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
                shorter.setLength(SIZE / 2);
            }
            Gather gather = Gather.of(map.bytes());
            assertThrows(MemoryFaultException.class, () -> gather.forEach(offsets, RECORD, (_, _) -> {}));
            assertThrows(MemoryFaultException.class, () -> gather.forEachAsTheyCome(offsets, RECORD, (_, _) -> {}));
        }
    }

    @Test
    void theMappingMayBeClosedMeanwhile() throws IOException {
        Mapping map = Mapping.open(file, MapMode.READ_ONLY);
        assertThrows(
                IllegalStateException.class,
                () -> Gather.of(map.bytes()).forEach(offsets, RECORD, (index, bytes) -> {
                    if (index == 1_000) {
                        map.close();
                    }
                    bytes.get(0);
                }));
    }
}
