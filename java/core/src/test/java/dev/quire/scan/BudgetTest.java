package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.hint.Hint;
import dev.quire.hint.Residency;
import dev.quire.testing.Child;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a scan leaves in memory: acceptance 52. */
class BudgetTest {
    private static final long SIZE = 256L << 20;
    private static final long BUDGET = 16L << 20;
    private static final long SLACK = 64L << 20;
    private static final long LARGE = 1L << 30;

    @TempDir
    Path folder;

    @Test
    void aScanStaysInItsBudget() throws IOException {
        try (Mapping map = evicted(sparse(SIZE))) {
            AtomicLong peak = new AtomicLong();
            try (Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.budget(BUDGET))) {
                scan.forEach(chunk -> {
                    chunk.crc32c();
                    peak.accumulateAndGet(map.residency().residentBytes(), Math::max);
                });
                assertTrue(scan.peakBytes() <= BUDGET, () -> scan.peakBytes() + " bytes counted");
            }
            assertTrue(peak.get() <= BUDGET + SLACK, () -> peak + " bytes in memory");
            assertEquals(0, map.residency().residentBytes());
        }
    }

    @Test
    void whatWasInMemoryBeforeStaysThere() throws IOException {
        try (Mapping map = evicted(Pattern.file(folder.resolve("file"), 8 << 20))) {
            map.advise(Hint.RANDOM);
            map.populate(100_000, 50_000);
            map.populate(3_000_000, 1);
            map.populate(5_000_000, 2_000_000);
            BitSet before = pages(map);
            assumeTrue(before.cardinality() < map.residency().pages(), "the system read all of the file by itself");
            for (ScanOptions options : new ScanOptions[] {
                ScanOptions.DEFAULT,
                ScanOptions.DEFAULT.chunk(9_999).window(50_000).budget(100_000)
            }) {
                try (Scan scan = Scan.of(map.bytes(), options)) {
                    scan.forEach(chunk -> Pattern.check(chunk.segment(), chunk.offset()));
                }
                assertEquals(before, pages(map));
            }
        }
    }

    @Test
    void whatLiesAroundAPartAndWhatOtherFilesHaveStaysAsItWas() throws IOException {
        try (Mapping map = evicted(Pattern.file(folder.resolve("file"), 8 << 20));
                Mapping other = evicted(Pattern.file(folder.resolve("other"), 2 << 20))) {
            for (Mapping each : List.of(map, other)) {
                each.advise(Hint.RANDOM);
                each.populate(50_000, 70_000);
                each.populate(1_900_000, 9_000);
            }
            map.populate(5_000_000, 300_000);
            BitSet before = pages(map);
            BitSet othersBefore = pages(other);
            for (ScanOptions options : List.of(
                    ScanOptions.DEFAULT, ScanOptions.DEFAULT.window(100_000).budget(200_000))) {
                try (Scan scan = Scan.of(map.bytes().slice(1_000_001, 3_000_000), options)) {
                    scan.forEach(chunk -> Pattern.check(chunk.segment(), chunk.offset()));
                }
                assertEquals(before, pages(map), options::toString);
                assertEquals(othersBefore, pages(other));
            }
        }
    }

    @Test
    void aScanThatKeepsLeavesAllThatItRead() throws IOException {
        try (Mapping map = evicted(Pattern.file(folder.resolve("file"), 8 << 20))) {
            for (ScanOptions options : List.of(
                    ScanOptions.DEFAULT, ScanOptions.DEFAULT.window(100_000).budget(200_000))) {
                map.advise(Hint.RANDOM);
                map.evict();
                long from = 1_000_001;
                long bytes = 4_000_000;
                try (Scan scan = Scan.of(map.bytes().slice(from, bytes), options.keeping())) {
                    scan.forEach(chunk -> Pattern.check(chunk.segment(), chunk.offset()));
                }
                Residency kept = map.residency(from, bytes);
                assertEquals(kept.pages(), kept.residentPages(), options::toString);
            }
        }
    }

    @Test
    @Timeout(30)
    void aBudgetOfNothingAndOneChunkOfEverythingEnd() throws IOException {
        try (Mapping map = evicted(sparse(SIZE))) {
            try (Scan scan =
                    Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(SIZE).budget(1))) {
                scan.forEach(chunk -> assertEquals(SIZE, chunk.byteSize()));
                assertEquals(SIZE, scan.peakBytes());
            }
            assertEquals(0, map.residency().residentBytes());
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "groups of processes are Linux's")
    void aFileThatIsLargerThanTheGroupsMemoryIsScanned() throws Exception {
        MemoryGroup group = MemoryGroup.make(256L << 20);
        try {
            Path file = Pattern.file(folder.resolve("file"), LARGE);
            evicted(file).close();
            ChildJvm child = Child.of(ScanMain.class, file, 128L << 20)
                    .flags("-Xmx32m", "-XX:+UseSerialGC")
                    .under("sh", "-c", "echo $$ > '" + group.members() + "' && exec \"$@\"", "sh");
            assertEquals(String.valueOf(LARGE), Child.succeed(child).strip());
            assertEquals(0, group.failures());
        } finally {
            group.remove();
        }
    }

    private Path sparse(long size) throws IOException {
        Path file = folder.resolve("sparse");
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(size);
        }
        return file;
    }

    static Mapping evicted(Path file) throws IOException {
        Mapping map = Mapping.open(file, MapMode.READ_ONLY);
        map.evict();
        Residency left = map.residency();
        if (!left.known() || left.residentPages() > 0) {
            map.close();
            assumeTrue(false, "this file system keeps its pages: " + left);
        }
        requireDropping(map);
        return map;
    }

    /** Windows has the hint where Linux evicts. */
    private static void requireDropping(Mapping map) throws IOException {
        map.advise(Hint.RANDOM); // what the system reads ahead could not be dropped yet
        map.populate(0, 1);
        map.advise(Hint.NORMAL);
        map.evict();
        map.advise(Hint.DONTNEED);
        if (map.residency().isResident(0)) {
            map.close();
            assumeTrue(false, "this system keeps pages that it was told to drop");
        }
        map.evict();
    }

    static BitSet pages(Mapping map) {
        Residency residency = map.residency();
        BitSet pages = new BitSet();
        for (int i = 0; i < residency.pages(); i++) {
            pages.set(i, residency.isResident(i));
        }
        return pages;
    }
}
