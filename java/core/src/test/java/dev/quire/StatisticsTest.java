package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.hint.ByteRange;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Statistics;
import dev.quire.scan.Batch;
import dev.quire.scan.BatchOutcome;
import dev.quire.scan.ReadOptions;
import dev.quire.scan.ReadWay;
import dev.quire.scan.Reads;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted is what the calls answered, for each mapping and for the process. */
class StatisticsTest {
    private static final int SIZE = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void hintsByKindAndOutcomeAndBytes() throws IOException {
        Path file = Pattern.file(folder.resolve("counted"), SIZE);
        Statistics before = Platform.statistics();
        long populated;
        long prefetched;
        long evicted;
        HintResult random;
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                Mapping other = Mapping.open(file, MapMode.READ_ONLY)) {
            assertEquals(0, map.statistics().hintCount());
            random = map.advise(Hint.RANDOM).result();
            assertEquals(random, map.advise(Hint.RANDOM).result());
            HintResult mergeable = map.advise(Hint.MERGEABLE).result();
            populated = map.populate(0, 100_000).bytes();
            Outcome asked = map.prefetch(List.of(new ByteRange(0, 10_000), new ByteRange(500_000, 10_000)));
            prefetched = asked.bytes() + map.advise(0, 50_000, Hint.WILLNEED).bytes();
            evicted = map.evict().bytes();
            Statistics now = map.statistics();
            assertEquals(2, now.count(Hint.RANDOM, random));
            assertEquals(1, now.count(Hint.MERGEABLE, mergeable));
            assertEquals(
                    2,
                    now.hints().get(Hint.WILLNEED).values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
            assertEquals(5, now.hintCount());
            assertEquals(populated, now.populatedBytes());
            assertEquals(prefetched, now.prefetchedBytes());
            assertEquals(evicted, now.evictedBytes());
            assertEquals(0, other.statistics().hintCount());
        }
        Statistics after = Platform.statistics();
        assertTrue(after.count(Hint.RANDOM, random) >= before.count(Hint.RANDOM, random) + 2);
        assertTrue(after.populatedBytes() >= before.populatedBytes() + populated);
        assertTrue(after.prefetchedBytes() >= before.prefetchedBytes() + prefetched);
        assertTrue(after.evictedBytes() >= before.evictedBytes() + evicted);
    }

    @Test
    void batchesAndTheirReadsByWay() throws IOException {
        Path file = Pattern.file(folder.resolve("read"), SIZE);
        for (ReadWay way : ReadWay.values()) {
            try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                    Batch batch = Reads.batch(ReadOptions.DEFAULT.way(way))) {
                Statistics before = Platform.statistics();
                batch.add(map, 0, 100);
                batch.add(map, 5_000, 100);
                BatchOutcome outcome = batch.run((_, _) -> {});
                Statistics now = map.statistics();
                assertEquals(1, now.batches());
                assertEquals(outcome.inPlace(), now.inPlaceReads());
                assertEquals(outcome.mapped(), now.mappedReads());
                assertEquals(outcome.direct(), now.directReads());
                assertEquals(outcome.buffered(), now.bufferedReads());
                assertEquals(outcome.inPlace() == 2 ? 0 : 1, Math.min(1, now.waits()));
                assertTrue(Platform.statistics().batches() > before.batches());
            }
        }
    }
}
