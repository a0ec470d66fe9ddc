package dev.quire.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.advice.SystemFacts.Ability;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.MappedArray;
import dev.quire.array.RawLayout;
import dev.quire.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Acceptance 40. */
class MappingCacheTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void create() throws IOException {
        file = folder.resolve("a.npy");
        MappedArray.save(file, new double[] {1, 2, 3});
    }

    private ArrayKey key() {
        return ArrayKey.of(file, MapMode.READ_ONLY);
    }

    @Test
    @SuppressWarnings("try") // closed twice, on purpose
    void aHitIsTheSameArray() throws IOException {
        try (MappingCache cache = new MappingCache(4, 1 << 20);
                Use first = cache.use(key());
                Use second = cache.use(key())) {
            assertSame(first.array(), second.array());
            assertFalse(first.array() instanceof AutoCloseable, "the cache closes");
            first.close();
            first.close();
            assertEquals(6, second.array().sum());
            assertThrows(IllegalStateException.class, first::array);
            assertEquals(new CacheStatistics(1, 1, 0, 0, 1, 152), cache.statistics());
        }
    }

    @Test
    void modeRangeAndDtypeAreOtherKeys() throws IOException {
        RawLayout bytes = RawLayout.of(DType.parse("u1"), -1);
        try (MappingCache cache = new MappingCache(9, 1 << 20);
                Use a = cache.use(key());
                Use b = cache.use(ArrayKey.of(file, MapMode.COPY_ON_WRITE));
                Use c = cache.use(ArrayKey.raw(file, MapMode.READ_ONLY, bytes));
                Use d = cache.use(ArrayKey.raw(file, MapMode.READ_ONLY, bytes.offset(1)));
                Use e = cache.use(ArrayKey.raw(file, MapMode.READ_ONLY, RawLayout.of(DType.parse("u1"), -1)))) {
            assertNotSame(a.array(), b.array());
            assertEquals(152, c.array().shape().dim(0));
            assertEquals(151, d.array().shape().dim(0));
            assertSame(c.array(), e.array());
        }
    }

    @Test
    void neverUnmapsWhatIsInUse() throws IOException {
        Path other = folder.resolve("b.npy");
        MappedArray.save(other, new double[] {4});
        try (MappingCache cache = new MappingCache(1, 1 << 20)) {
            Use first = cache.use(key());
            Use second = cache.use(ArrayKey.of(other, MapMode.READ_ONLY));
            assertEquals(2, cache.statistics().open());
            assertEquals(6, first.array().sum());
            ArrayView array = first.array();
            first.close();
            assertEquals(1, cache.statistics().evictions());
            assertThrows(IllegalStateException.class, () -> array.getDouble(0));
            assertEquals(4, second.array().sum());
            second.close();
        }
        try (MappingCache cache = new MappingCache(9, 100)) {
            cache.use(key()).close();
            assertEquals(0, cache.statistics().openBytes());
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, on purpose
    void noticesAReplacedFile() throws IOException {
        Needs.ability(Ability.REPLACE_OPEN_FILE);
        try (MappingCache cache = new MappingCache(4, 1 << 20);
                Use old = cache.use(key())) {
            MappedArray.save(file, new double[] {10, 20, 30});
            try (Use fresh = cache.use(key())) {
                assertEquals(60, fresh.array().sum());
                assertEquals(6, old.array().sum());
                assertEquals(2, cache.statistics().open());
            }
            old.close();
            assertEquals(1, cache.statistics().open());
            assertEquals(1, cache.statistics().replacements());
        }
    }

    @Test
    void concurrentMissesOpenOnce() throws Exception {
        int threads = 16;
        CountDownLatch start = new CountDownLatch(1);
        try (MappingCache cache = new MappingCache(4, 1 << 20);
                var pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Use>> uses = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                uses.add(pool.submit(() -> {
                    start.await();
                    return cache.use(key());
                }));
            }
            start.countDown();
            for (Future<Use> use : uses) {
                assertSame(uses.getFirst().get().array(), use.get().array());
            }
            assertEquals(1, cache.statistics().misses());
            assertEquals(threads - 1, cache.statistics().hits());
            for (Future<Use> use : uses) {
                use.get().close();
            }
        }
    }

    /** Bounds of two for six files and eight threads: what is in use is mapped, whatever the others let go. */
    @Test
    void keepsWhatIsInUseUnderPressure() throws Exception {
        List<ArrayKey> keys = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Path path = folder.resolve(i + ".npy");
            MappedArray.save(path, new double[] {i, 1});
            keys.add(ArrayKey.of(path, MapMode.READ_ONLY));
        }
        MappingCache cache = new MappingCache(2, 1 << 20);
        try (var pool = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int step = thread + 1;
                results.add(pool.submit(() -> {
                    int right = 0;
                    for (int i = 0; i < 300; i++) {
                        int file = i * step % 6;
                        try (Use use = cache.use(keys.get(file))) {
                            right += use.array().sum() == file + 1 ? 1 : 0;
                        }
                    }
                    return right;
                }));
            }
            for (Future<Integer> result : results) {
                assertEquals(300, result.get());
            }
        }
        CacheStatistics end = cache.statistics();
        assertEquals(8 * 300, end.hits() + end.misses());
        assertTrue(end.open() <= 2 && end.openBytes() <= 2 * 144, end::toString);
        assertEquals(end.misses() - end.open(), end.evictions());
        cache.close();
        assertEquals(0, cache.statistics().open());
        assertEquals(0, cache.statistics().openBytes());
    }

    @Test
    void aRefusalIsNotKept() throws IOException {
        Path text = java.nio.file.Files.writeString(folder.resolve("t"), "no array here");
        try (MappingCache cache = new MappingCache(4, 1 << 20)) {
            ArrayKey wrong = ArrayKey.of(text, MapMode.READ_ONLY);
            assertThrows(IOException.class, () -> cache.use(wrong));
            assertEquals(0, cache.statistics().open());
            MappedArray.save(text, new double[] {1});
            try (Use use = cache.use(wrong)) {
                assertEquals(1, use.array().sum());
            }
        }
    }

    @Test
    void closingWaitsForNobodyAndTakesNothingAway() throws IOException {
        MappingCache cache = new MappingCache(4, 1 << 20);
        Use use = cache.use(key());
        cache.close();
        assertThrows(IllegalStateException.class, () -> cache.use(key()));
        ArrayView array = use.array();
        assertEquals(6, array.sum());
        use.close();
        assertThrows(IllegalStateException.class, array::sum);
        assertTrue(cache.statistics().open() == 0);
    }
}
