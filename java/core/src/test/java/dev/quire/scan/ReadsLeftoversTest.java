package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.testing.Child;
import dev.quire.testing.Pattern;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What batches leave behind, which is nothing, and what they do where the ring is forbidden. */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class ReadsLeftoversTest {
    private static final int BATCHES = Integer.getInteger("quire.reads.batches", 10_000);

    @TempDir
    Path folder;

    @Test
    void noDescriptorNoAreaNoRing() throws IOException {
        Path file = Pattern.file(folder.resolve("many"), 1 << 20);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            ReadWay[] ways = ReadWay.values();
            run(map, 100, ways);
            long descriptors = ThisProcess.descriptors("");
            long areas = ThisProcess.areas("").size();
            run(map, BATCHES, ways);
            assertEquals(descriptors, ThisProcess.descriptors(""));
            long left = ThisProcess.areas("").size();
            assertTrue(left < areas + 500, () -> left + " areas, " + areas + " before");
            assertEquals(0, rings());
        }
    }

    private static void run(Mapping map, int batches, ReadWay... ways) throws IOException {
        for (int i = 0; i < batches; i++) {
            try (Batch batch = Reads.batch(new ReadOptions(ways[i % ways.length], 8))) {
                for (int at = 0; at < 8; at++) {
                    batch.add(map, (i + at) * 4_096L % (1 << 20), 512);
                }
                assertEquals(8, batch.run((_, record) -> record.get(0)).reads());
            }
        }
    }

    private static long rings() throws IOException {
        return ThisProcess.descriptors("io_uring");
    }

    @Test
    void aForgottenBatchIsClosed() throws Exception {
        Path file = Pattern.file(folder.resolve("forgotten"), 1 << 20);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            forget(map);
            assumeTrue(rings() > 0, "there is no io_uring here");
            for (int i = 0; i < 600 && rings() > 0; i++) {
                System.gc();
                Thread.sleep(100);
            }
            assertEquals(0, rings());
        }
    }

    @SuppressWarnings("MustBeClosed") // it is forgotten
    private static void forget(Mapping map) throws IOException {
        Batch batch = Reads.batch(ReadOptions.DEFAULT.way(ReadWay.DIRECT));
        batch.add(map, 0, 512);
        batch.run((_, _) -> {});
    }

    @Test
    void whereTheRingIsForbiddenThePoolServes() throws Exception {
        String architecture = System.getProperty("os.arch");
        assumeTrue(architecture.equals("amd64") || architecture.equals("aarch64"), "the filter is for these");
        Path file = Pattern.file(folder.resolve("forbidden"), 1 << 20);
        for (int number : new int[] {1, 38}) {
            String told = Child.succeed(Child.of(ForbiddenRingMain.class, file, number));
            assertEquals("DIRECT buffered, AUTO mapped", told.strip());
        }
    }
}
