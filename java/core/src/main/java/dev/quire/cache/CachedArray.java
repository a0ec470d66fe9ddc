package dev.quire.cache;

import dev.quire.array.ArrayView;

/**
 * One user's hold on a cached array. The array is the same object for every user of the same key, and stays mapped at
 * least until this is closed. Do not keep views of it beyond.
 */
public final class CachedArray implements AutoCloseable {
    private final MappingCache cache;
    private final Entry entry;
    private boolean ended;

    CachedArray(MappingCache cache, Entry entry) {
        this.cache = cache;
        this.entry = entry;
    }

    /**
     * The array, which the cache closes.
     *
     * @throws IllegalStateException if this use has ended
     */
    public synchronized ArrayView array() {
        if (ended) {
            throw new IllegalStateException("the use of " + entry.array().name() + " has ended");
        }
        return entry.array();
    }

    /** Ends the use. Ending it again does nothing. */
    @Override
    public void close() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        cache.end(entry);
    }
}
