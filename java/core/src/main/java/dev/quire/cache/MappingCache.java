package dev.quire.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps arrays open that are used again and again, within bounds of count and bytes. What is in use is never unmapped: if all of it is, the
 * cache exceeds its bounds until uses end. The least recently used goes first.
 *
 * {@snippet :
 * try (Use use = cache.use(ArrayKey.of(path, MapMode.READ_ONLY))) {
 *     total += use.array().sum();
 * }
 * }
 *
 * <p>Every request asks for the file's identity, one system call; if the path names another file or a changed one, the old
 * mapping goes when its last use ends, and a new one is opened. Concurrent requests for a key open it once, and others do not wait for
 * that. Any thread may use a cache.
 */
public final class MappingCache implements AutoCloseable {
    private final int maxCount;
    private final long maxBytes;
    private final Map<ArrayKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    /** Dropped, but still in use. */
    private final Set<Entry> leaving = new HashSet<>();

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
        if (maxCount < 0 || maxBytes < 0) {
            throw new IllegalArgumentException("bounds of " + maxCount + " mappings and " + maxBytes + " bytes");
        }
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /**
     * An array that is open, or opened now.
     *
     * @throws IOException whatever opening throws; nothing is kept then
     * @throws IllegalStateException if the cache is closed
     */
    public Use use(ArrayKey key) throws IOException {
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
            }
        } catch (Throwable refusal) {
            synchronized (this) {
                entries.remove(entry.key, entry);
                leaving.remove(entry);
                entry.dropped = true;
            }
            entry.fail(refusal);
        }
    }

    private Use opened(Entry entry) throws IOException {
        entry.await();
        trim();
        return new Use(this, entry);
    }

    void end(Entry entry) {
        boolean last;
        synchronized (this) {
            last = --entry.users == 0 && entry.dropped && leaving.remove(entry);
        }
        if (last) {
            entry.unmap();
        }
        trim();
    }

    /** Lets the least recently used go that nobody uses, until the bounds are kept. */
    private void trim() {
        List<Entry> out = new ArrayList<>();
        synchronized (this) {
            long bytes = openBytes();
            int count = entries.size();
            for (Entry entry : List.copyOf(entries.values())) {
                if (count <= maxCount && bytes <= maxBytes) {
                    break;
                }
                if (entry.users == 0 && entry.isOpen()) {
                    evictions++;
                    count--;
                    bytes -= entry.bytes;
                    drop(entry, out);
                }
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
                out.add(entry);
            } else {
                leaving.add(entry);
            }
        }
    }

    private long openBytes() {
        return entries.values().stream().mapToLong(entry -> entry.bytes).sum()
                + leaving.stream().mapToLong(entry -> entry.bytes).sum();
    }

    /** What it did so far, and holds. */
    public synchronized CacheStatistics statistics() {
        return new CacheStatistics(hits, misses, evictions, replacements, entries.size() + leaving.size(), openBytes());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the cache is closed");
        }
    }

    /** Unmaps what is not in use, and the rest when its uses end. New requests are refused. Closing again does nothing. */
    @Override
    public void close() {
        List<Entry> out = new ArrayList<>();
        synchronized (this) {
            closed = true;
            for (Entry entry : List.copyOf(entries.values())) {
                drop(entry, out);
            }
        }
        out.forEach(Entry::unmap);
    }
}
