package dev.quire.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.MappedArray;
import dev.quire.array.RawLayout;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.AbstractCollection;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Acceptance 40. */
class MappingCacheTest {
    private static final DType BYTE = DType.parse("u1");

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
                CachedArray first = cache.use(key());
                CachedArray second = cache.use(key())) {
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
        RawLayout bytes = RawLayout.of(BYTE, -1);
        try (MappingCache cache = new MappingCache(9, 1 << 20);
                CachedArray a = cache.use(key());
                CachedArray b = cache.use(ArrayKey.of(file, MapMode.COPY_ON_WRITE));
                CachedArray c = cache.use(ArrayKey.raw(file, MapMode.READ_ONLY, bytes));
                CachedArray d = cache.use(ArrayKey.raw(file, MapMode.READ_ONLY, bytes.offset(1)));
                CachedArray e = cache.use(ArrayKey.raw(file, MapMode.READ_ONLY, RawLayout.of(BYTE, -1)))) {
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
            CachedArray first = cache.use(key());
            CachedArray second = cache.use(ArrayKey.of(other, MapMode.READ_ONLY));
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
        Needs.capability(Capability.REPLACE_OPEN_FILE);
        try (MappingCache cache = new MappingCache(4, 1 << 20);
                CachedArray old = cache.use(key())) {
            MappedArray.save(file, new double[] {10, 20, 30});
            try (CachedArray fresh = cache.use(key())) {
                assertEquals(60, fresh.array().sum());
                assertEquals(6, old.array().sum());
                assertEquals(2, cache.statistics().open());
            }
            old.close();
            assertEquals(1, cache.statistics().open());
            assertEquals(1, cache.statistics().replacements());
        }
    }

    /** A file of the same size with other contents: only its time tells. */
    @Test
    void noticesAFileWrittenInPlace() throws IOException {
        try (MappingCache cache = new MappingCache(4, 1 << 20)) {
            ArrayView first;
            try (CachedArray use = cache.use(key())) {
                first = use.array();
            }
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
            try (CachedArray use = cache.use(key())) {
                assertNotSame(first, use.array());
                assertThrows(IllegalStateException.class, first::sum);
                assertEquals(new CacheStatistics(0, 2, 0, 1, 1, 152), cache.statistics());
            }
        }
    }

    /** A writable mapping changes its file's time itself. */
    @Test
    void keepsAWritableArrayWhoseFileChanged() throws IOException {
        ArrayKey writable = ArrayKey.of(file, MapMode.READ_WRITE);
        try (MappingCache cache = new MappingCache(4, 1 << 20)) {
            cache.use(writable).close();
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
            cache.use(writable).close();
            assertEquals(new CacheStatistics(1, 1, 0, 0, 1, 152), cache.statistics());
        }
    }

    /** A request, a use's end and the bounds cost the same whatever is open: no entry but its own is looked at. */
    @Test
    void aHitVisitsNoOtherEntry() throws IOException {
        int open = 8_000;
        Files.write(file, new byte[open]);
        AtomicLong visits = new AtomicLong();
        List<CachedArray> uses = new ArrayList<>();
        try (MappingCache cache =
                new MappingCache(open / 2, 1 << 30, new CountingMap<>(visits), new CountingSet<>(visits))) {
            for (int i = 0; i < open; i++) {
                uses.add(cache.use(rawKey(i))); // beyond the bounds, and all in use
            }
            cache.use(rawKey(7)).close();
            assertEquals(open, cache.statistics().open());
            uses.forEach(CachedArray::close);
            assertEquals(open / 2, cache.statistics().open()); // at the bounds, and none in use
            assertEquals(open / 2, cache.statistics().evictions());
            cache.use(rawKey(open - 1)).close();
            cache.use(rawKey(0)).close(); // evicts one
            assertEquals(
                    new CacheStatistics(2, open + 1, open / 2 + 1, 0, open / 2, open * open / 2), cache.statistics());
            assertEquals(0, visits.get());
            cache.clear();
            assertEquals(open / 2, visits.get()); // which shows that visits are counted
        }
    }

    /** One byte of the file. Each offset is a mapping of its own. */
    private ArrayKey rawKey(int number) {
        return ArrayKey.raw(file, MapMode.READ_ONLY, RawLayout.of(BYTE, 1).offset(number));
    }

    private static <T> Iterator<T> counting(Iterator<T> all, AtomicLong visits) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public T next() {
                visits.incrementAndGet();
                return all.next();
            }
        };
    }

    @SuppressWarnings("serial") // never is
    private static final class CountingMap<K, V> extends HashMap<K, V> {
        private final AtomicLong visits;

        CountingMap(AtomicLong visits) {
            this.visits = visits;
        }

        @Override
        public Set<Map.Entry<K, V>> entrySet() {
            return counted(super.entrySet());
        }

        @Override
        public Set<K> keySet() {
            return counted(super.keySet());
        }

        @Override
        public Collection<V> values() {
            List<V> all = new ArrayList<>(super.values());
            return new AbstractCollection<>() {
                @Override
                public Iterator<V> iterator() {
                    return counting(all.iterator(), visits);
                }

                @Override
                public int size() {
                    return all.size();
                }
            };
        }

        private <T> Set<T> counted(Set<T> all) {
            return new AbstractSet<>() {
                @Override
                public Iterator<T> iterator() {
                    return counting(all.iterator(), visits);
                }

                @Override
                public int size() {
                    return all.size();
                }
            };
        }
    }

    @SuppressWarnings("serial") // never is
    private static final class CountingSet<T> extends LinkedHashSet<T> {
        private final transient AtomicLong visits;

        CountingSet(AtomicLong visits) {
            this.visits = visits;
        }

        @Override
        public Iterator<T> iterator() {
            return counting(super.iterator(), visits);
        }
    }

    @Test
    void theLongestIdleGoesFirst() throws IOException {
        try (MappingCache cache = new MappingCache(2, 1 << 20)) {
            CachedArray first = cache.use(rawKey(0));
            cache.use(rawKey(1)).close();
            cache.use(rawKey(2)).close(); // 0 is in use: 1 has to go
            cache.use(rawKey(2)).close();
            first.close();
            cache.use(rawKey(0)).close();
            assertEquals(2, cache.statistics().hits());
            cache.use(rawKey(3)).close(); // 2 has been idle for longer than 0
            cache.use(rawKey(0)).close();
            assertEquals(3, cache.statistics().hits());
            assertEquals(2, cache.statistics().evictions());
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, on purpose
    void invalidateForgetsAFileInEveryForm() throws IOException {
        Path other = folder.resolve("b.npy");
        MappedArray.save(other, new double[] {4});
        try (MappingCache cache = new MappingCache(9, 1 << 20);
                CachedArray used = cache.use(key());
                CachedArray kept = cache.use(ArrayKey.of(other, MapMode.READ_ONLY))) {
            ArrayView raw;
            try (CachedArray use = cache.use(rawKey(0))) {
                raw = use.array();
            }
            cache.invalidate(folder.resolve(".").resolve("a.npy"));
            assertThrows(IllegalStateException.class, () -> raw.getLong(0));
            assertEquals(6, used.array().sum()); // in use: until that ends
            assertEquals(new CacheStatistics(0, 3, 0, 0, 2, 152 + 136), cache.statistics());
            try (CachedArray again = cache.use(key());
                    CachedArray same = cache.use(ArrayKey.of(other, MapMode.READ_ONLY))) {
                assertNotSame(used.array(), again.array());
                assertSame(kept.array(), same.array());
            }
            ArrayView old = used.array();
            used.close();
            assertThrows(IllegalStateException.class, old::sum);
            cache.invalidate(folder.resolve("never asked for"));
            assertEquals(new CacheStatistics(1, 4, 0, 0, 2, 152 + 136), cache.statistics());
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, on purpose
    void clearForgetsAllAndStaysOpen() throws IOException {
        try (MappingCache cache = new MappingCache(9, 1 << 20);
                CachedArray used = cache.use(key())) {
            cache.use(rawKey(0)).close();
            cache.clear();
            assertEquals(new CacheStatistics(0, 2, 0, 0, 1, 152), cache.statistics());
            assertEquals(6, used.array().sum());
            try (CachedArray again = cache.use(key())) {
                assertNotSame(used.array(), again.array());
            }
            used.close();
            assertEquals(new CacheStatistics(0, 3, 0, 0, 1, 152), cache.statistics());
        }
    }

    @Test
    void concurrentMissesOpenOnce() throws Exception {
        int threads = 16;
        CountDownLatch start = new CountDownLatch(1);
        try (MappingCache cache = new MappingCache(4, 1 << 20);
                var pool = Executors.newFixedThreadPool(threads)) {
            List<Future<CachedArray>> uses = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                uses.add(pool.submit(() -> {
                    start.await();
                    return cache.use(key());
                }));
            }
            start.countDown();
            for (Future<CachedArray> use : uses) {
                assertSame(uses.getFirst().get().array(), use.get().array());
            }
            assertEquals(1, cache.statistics().misses());
            assertEquals(threads - 1, cache.statistics().hits());
            for (Future<CachedArray> use : uses) {
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
                        try (CachedArray use = cache.use(keys.get(file))) {
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
        Path text = Files.writeString(folder.resolve("t.npy"), "no array here");
        try (MappingCache cache = new MappingCache(4, 1 << 20)) {
            ArrayKey wrong = ArrayKey.of(text, MapMode.READ_ONLY);
            assertThrows(IOException.class, () -> cache.use(wrong));
            assertEquals(0, cache.statistics().open());
            MappedArray.save(text, new double[] {1});
            try (CachedArray use = cache.use(wrong)) {
                assertEquals(1, use.array().sum());
            }
        }
    }

    @Test
    void closingWaitsForNobodyAndTakesNothingAway() throws IOException {
        MappingCache cache = new MappingCache(4, 1 << 20);
        CachedArray use = cache.use(key());
        cache.close();
        assertThrows(IllegalStateException.class, () -> cache.use(key()));
        ArrayView array = use.array();
        assertEquals(6, array.sum());
        use.close();
        assertThrows(IllegalStateException.class, array::sum);
        assertTrue(cache.statistics().open() == 0);
    }
}
