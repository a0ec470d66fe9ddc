package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a scan says it is. */
class ScanProgressTest {
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
    void anIteratorsChunkIsDoneWhenTheNextIsWanted() throws IOException {
        List<Long> told = new ArrayList<>();
        ScanOptions options = ScanOptions.DEFAULT.chunk(100_000).progress(told::add);
        try (Mapping map = open();
                Scan scan = Scan.of(map.bytes(), options)) {
            Iterator<ByteSlice> chunks = scan.stream().iterator();
            for (long done = 0; done < 300_000; done += 100_000) {
                chunks.next();
                assertEquals(done, scan.doneBytes());
            }
            chunks.next();
            assertFalse(chunks.hasNext());
            assertEquals(SIZE, scan.doneBytes());
            assertEquals(List.of(100_000L, 200_000L, 300_000L, (long) SIZE), told);
        }
    }

    @Test
    void progressIsToldOnceForEachChunk() throws IOException {
        for (boolean parallel : new boolean[] {false, true}) {
            List<Long> told = Collections.synchronizedList(new ArrayList<>());
            ScanOptions options = ScanOptions.DEFAULT.chunk(1_000).progress(told::add);
            try (Mapping map = open();
                    Scan scan = Scan.of(map.bytes(), options)) {
                var stream = parallel ? scan.stream().parallel() : scan.stream();
                assertEquals(301, stream.map(ByteSlice::crc32c).toList().size());
            }
            if (!parallel) {
                assertEquals(1_000, told.getFirst());
                assertEquals(told.stream().sorted().toList(), told);
            }
            assertEquals(301, told.size());
            assertEquals(SIZE, Collections.max(told));
        }
    }
}
