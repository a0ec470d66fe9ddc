package dev.quire.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Keeps arrays open that are used again and again, within bounds of count and bytes. An array in use is never unmapped:
 * if all are in use, the cache exceeds its bounds until uses end. The array whose last use ended longest ago goes
 * first.
 *
 * {@snippet :
 * try (CachedArray use = cache.use(ArrayKey.of(path, MapMode.READ_ONLY))) {
 *     total += use.array().sum();
 * }
 * }
 *
 * <p>Every request asks for the file's identity, one system call; if the path names another file or a changed one, the
 * old mapping goes when its last use ends, and a new one is opened. Concurrent requests for a key open it once, and
 * requests for other keys do not wait for that. A request for an open array costs the same however many are open. Any
 * thread may use a cache.
 */
public final class MappingCache implements AutoCloseable {
    private final int maxCount;
    private final long maxBytes;
    private final Map<ArrayKey, Entry> entries;
    /** Open and used by nobody, in the order in which their last uses ended. */
    private final SequencedSet<Entry> idle;
    /** Dropped, but still in use. */
    private final Set<Entry> leaving = new HashSet<>();

    /** The bytes of everything that is open. */
    private long openBytes;

    private long hits;
    private long misses;
    private long evictions;
    private long replacements;
    private boolean closed;

    /**
     * An empty cache.
     *
     * @param maxCount mappings kept open, 0 or more
     * @param maxBytes bytes kept mapped, 0 or more
     */
    public MappingCache(int maxCount, long maxBytes) {
        this(maxCount, maxBytes, new HashMap<>(), new LinkedHashSet<>());
    }

    /** With collections that a test counts the visits of. */
    MappingCache(int maxCount, long maxBytes, Map<ArrayKey, Entry> entries, SequencedSet<Entry> idle) {
        if (maxCount < 0 || maxBytes < 0) {
            throw new IllegalArgumentException("bounds of " + maxCount + " mappings and " + maxBytes + " bytes");
        }
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
        this.entries = entries;
        this.idle = idle;
    }

    /**
     * An array that is open, or opened now.
     *
     * @throws IOException whatever opening throws; nothing is kept then
     * @throws IllegalStateException if the cache is closed
     */
    public CachedArray use(ArrayKey key) throws IOException {
        FileIdentity identity = FileIdentity.of(key.path(), key.mode());
        Entry entry;
        boolean mine;
        List<Entry> out = new ArrayList<>();
        synchronized (this) {
            requireOpen();
            Entry known = entries.get(key);
            if (known != null && !known.identity.equals(identity)) {
                replacements++;
                drop(known, out);
                known = null;
            }
            mine = known == null;
            entry = known == null ? new Entry(key, identity) : known;
            entry.users++;
            idle.remove(entry);
            if (mine) {
                misses++;
                entries.put(key, entry);
            } else {
                hits++;
            }
        }
        out.forEach(Entry::unmap);
        if (mine) {
            open(entry);
        }
        return opened(entry);
    }

    private void open(Entry entry) {
        try {
            var array = entry.key.open();
            synchronized (this) {
                entry.open(array);
                openBytes += entry.bytes;
            }
        } catch (Throwable failure) {
            synchronized (this) {
                entries.remove(entry.key, entry);
                leaving.remove(entry);
                entry.dropped = true;
            }
            entry.fail(failure);
        }
    }

    private CachedArray opened(Entry entry) throws IOException {
        entry.await();
        trim();
        return new CachedArray(this, entry);
    }

    void end(Entry entry) {
        List<Entry> out = new ArrayList<>();
        synchronized (this) {
            if (--entry.users == 0) {
                if (!entry.dropped) {
                    idle.add(entry);
                } else if (leaving.remove(entry)) {
                    release(entry, out);
                }
            }
        }
        out.forEach(Entry::unmap);
        trim();
    }

    /** Lets idle entries go, the longest idle first, until the bounds are kept. */
    private void trim() {
        List<Entry> out = new ArrayList<>();
        synchronized (this) {
            while ((entries.size() > maxCount || openBytes > maxBytes) && !idle.isEmpty()) {
                evictions++;
                drop(idle.getFirst(), out);
            }
        }
        out.forEach(Entry::unmap);
    }

    /** Takes an entry out; it is unmapped by the caller, or by its last user. */
    private void drop(Entry entry, List<Entry> out) {
        entries.remove(entry.key, entry);
        if (!entry.dropped) {
            entry.dropped = true;
            if (entry.users == 0) {
                idle.remove(entry);
                release(entry, out);
            } else {
                leaving.add(entry);
            }
        }
    }

    private void release(Entry entry, List<Entry> out) {
        openBytes -= entry.bytes;
        out.add(entry);
    }

    private void dropAll(Predicate<ArrayKey> chosen) {
        List<Entry> out = new ArrayList<>();
        synchronized (this) {
            for (Entry entry : List.copyOf(entries.values())) {
                if (chosen.test(entry.key)) {
                    drop(entry, out);
                }
            }
        }
        out.forEach(Entry::unmap);
    }

    /**
     * Forgets every array of a file: all modes, members and raw layouts. Arrays that nobody uses are unmapped now, the
     * others when their last use ends. The next request opens the file again. A path that the cache does not have is
     * ignored. Looks at every open entry.
     *
     * @param path made absolute, as that of a key
     */
    public void invalidate(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        dropAll(key -> key.path().equals(absolute));
    }

    /**
     * Forgets every array. Arrays that nobody uses are unmapped now, the others when their last use ends. The cache
     * stays open, and the next request for each key opens its file again.
     */
    public void clear() {
        dropAll(_ -> true);
    }

    /** What it did so far, and holds. */
    public synchronized CacheStatistics statistics() {
        return new CacheStatistics(hits, misses, evictions, replacements, entries.size() + leaving.size(), openBytes);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the cache is closed");
        }
    }

    /**
     * Unmaps the arrays that nobody uses now, and the others when their last use ends. New requests are refused.
     * Closing again does nothing.
     */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        clear();
    }
}
