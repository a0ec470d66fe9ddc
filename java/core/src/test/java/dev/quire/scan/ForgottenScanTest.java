package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The thread of a scan that nobody closes. */
@Timeout(60)
class ForgottenScanTest {
    private static final long SIZE = 40 << 20;

    @TempDir
    Path folder;

    private static Set<Thread> helpers() {
        Set<Thread> helpers = new HashSet<>(Thread.getAllStackTraces().keySet());
        helpers.removeIf(thread -> !thread.getName().equals("quire-scan"));
        return helpers;
    }

    private static void awaitEnd(Set<Thread> before) throws InterruptedException {
        for (Set<Thread> now = helpers(); !before.containsAll(now); now = helpers()) {
            System.gc();
            Thread.sleep(10);
        }
    }

    @Test
    void itEndsWhenTheScanIsUnreachable() throws Exception {
        Set<Thread> before = helpers();
        try (Mapping map = Mapping.open(Pattern.file(folder.resolve("file"), SIZE), MapMode.READ_ONLY)) {
            map.evict();
            boolean isCold = map.residency().known() && map.residency().residentPages() == 0;
            readAndForget(map, before);
            awaitEnd(before);
            assertTrue(!isCold || map.residency().residentPages() == 0, map.residency()::toString);
        }
    }

    private static void readAndForget(Mapping map, Set<Thread> before) {
        Scan scan = Scan.of(map.bytes());
        scan.stream().limit(2).forEach(chunk -> chunk.get(0));
        assertFalse(before.containsAll(helpers()));
        Reference.reachabilityFence(scan);
    }

    @Test
    void itEndsWhenTheMappingIsClosed() throws Exception {
        Set<Thread> before = helpers();
        List<Scan> reachable = new ArrayList<>();
        try (Mapping map = Mapping.open(Pattern.file(folder.resolve("file"), SIZE), MapMode.READ_ONLY)) {
            Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.progress(_ -> reachable.size()));
            reachable.add(scan);
            scan.stream().limit(2).forEach(chunk -> chunk.get(0));
            assertFalse(before.containsAll(helpers()));
        }
        awaitEnd(before);
        assertEquals(1, reachable.size());
        reachable.getFirst().close();
    }

    @Test
    void itGoesOnAsLongAsSomebodyReads() throws IOException {
        try (Mapping map = Mapping.open(Pattern.file(folder.resolve("file"), SIZE), MapMode.READ_ONLY)) {
            map.evict();
            long chunks = 0;
            Iterator<?> all = Scan.of(map.bytes()).stream().iterator();
            while (all.hasNext()) {
                all.next();
                chunks++;
                if (chunks % 10 == 0) {
                    System.gc();
                }
            }
            assertEquals(40, chunks);
        }
    }
}
