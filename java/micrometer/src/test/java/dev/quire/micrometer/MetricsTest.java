package dev.quire.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.PageCache;
import dev.quire.Platform;
import dev.quire.hint.Durability;
import dev.quire.hint.Healing;
import dev.quire.hint.Hint;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.scan.Batch;
import dev.quire.scan.Reads;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Meters as the text that Prometheus reads. */
@EnabledOnOs(OS.LINUX)
class MetricsTest {
    private static final long PAGE = Platform.pageSize();

    @TempDir
    Path folder;

    private PrometheusMeterRegistry registry;

    @BeforeEach
    void open() {
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new ProcessMetrics().bindTo(registry);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    /** The value of a line of the text. */
    private double value(String meter) {
        List<String> lines = registry.scrape()
                .lines()
                .filter(line -> line.startsWith(meter + " "))
                .toList();
        assertEquals(1, lines.size(), () -> meter + " in " + registry.scrape());
        return Double.parseDouble(lines.getFirst().substring(meter.length() + 1));
    }

    private static long areas() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }

    /** The kernel gives it to one read, which has to be long enough. */
    private static double limit() throws IOException {
        return Double.parseDouble(
                Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).getFirst());
    }

    /** The kernel joins no areas that begin at the same byte of a file. */
    @Test
    void areasAndHeadroom() throws IOException {
        int many = 200;
        double before = value("quire_areas");
        double headroom = value("quire_areas_headroom");
        assertEquals(areas(), before, 100);
        assertEquals(limit() - Platform.facts().mapReserve() - before, headroom, 100);
        Path file = Files.write(folder.resolve("file"), new byte[(int) PAGE]);
        List<Mapping> maps = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            maps.add(Mapping.open(file, MapMode.READ_ONLY));
        }
        assertEquals(before + many, value("quire_areas"), 100);
        assertEquals(headroom - many, value("quire_areas_headroom"), 100);
        maps.forEach(Mapping::close);
        assertEquals(before, value("quire_areas"), 100);
    }

    @Test
    void hintsByOutcome() throws IOException {
        double before = value("quire_hints_total{hint=\"random\",outcome=\"applied\"}");
        try (Mapping map = Mapping.anonymous(PAGE)) {
            for (int i = 0; i < 3; i++) {
                map.advise(Hint.RANDOM);
                System.gc(); // the binder is nobody's by now
            }
        }
        assertEquals(before + 3, value("quire_hints_total{hint=\"random\",outcome=\"applied\"}"));
        assertEquals(0, value("quire_hints_total{hint=\"random\",outcome=\"unsupported\"}"));
    }

    @Test
    void pagesAndBatches() throws IOException {
        assumeTrue(Platform.facts().capabilities().contains(Capability.EVICT));
        Path file = Files.write(folder.resolve("file"), new byte[(int) (8 * PAGE)]);
        double populated = value("quire_populated_bytes_total");
        double evicted = value("quire_evicted_bytes_total");
        double runs = value("quire_batches_total");
        double inPlace = value("quire_batch_reads_total{way=\"in-place\"}");
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            map.flush(0, map.byteSize(), Durability.DEVICE);
            map.populate();
            assertEquals(populated + 8 * PAGE, value("quire_populated_bytes_total"));
            try (Batch batch = Reads.batch()) {
                batch.add(map.bytes(), 0, 10);
                batch.run((index, record) -> {});
            }
            assertEquals(runs + 1, value("quire_batches_total"));
            assertEquals(inPlace + 1, value("quire_batch_reads_total{way=\"in-place\"}"));
            long bytes = map.evict().bytes();
            assertEquals(evicted + bytes, value("quire_evicted_bytes_total"));
        }
        assertTrue(value("quire_prefetched_bytes_total") >= 0);
        assertTrue(value("quire_batch_waits_total") >= 0);
    }

    @Test
    void whatThereIsOfAMapping() throws IOException {
        assumeTrue(Platform.facts().healing() == Healing.ON, "faults are not healed here");
        Path file = Files.write(folder.resolve("file"), new byte[(int) (8 * PAGE)]);
        double losses = value("quire_losses_total");
        String tag = "{mapping=\"index\"}";
        Mapping map = Mapping.open(file, MapMode.READ_WRITE);
        new MappingMetrics("index", map).bindTo(registry);
        map.flush();
        map.populate();
        assertEquals(8 * PAGE, value("quire_mapping_size_bytes" + tag));
        assertEquals(8 * PAGE, value("quire_mapping_resident_bytes" + tag));
        assertEquals(0, value("quire_mapping_lost_bytes" + tag));
        if (PageCache.of(file).dirtyPages() >= 0) { // Linux 6.5 and newer tell
            double clean = value("quire_mapping_dirty_bytes" + tag);
            map.bytes().set(3 * PAGE, (byte) 1);
            assertTrue(value("quire_mapping_dirty_bytes" + tag) >= clean + PAGE);
            map.flush();
            assertEquals(clean, value("quire_mapping_dirty_bytes" + tag));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(5 * PAGE);
        }
        assertEquals(0, map.bytes().get(8 * PAGE - 1));
        assertEquals(0, map.bytes().get(5 * PAGE));
        assertEquals(3 * PAGE, value("quire_mapping_lost_bytes" + tag));
        assertTrue(value("quire_losses_total") > losses);
        map.close();
        for (String meter : List.of("size", "resident", "dirty", "lost")) {
            assertEquals(Double.NaN, value("quire_mapping_" + meter + "_bytes" + tag));
        }
    }
}
