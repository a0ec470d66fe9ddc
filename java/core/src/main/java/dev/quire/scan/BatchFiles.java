package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.internal.Region;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** What a batch has open: a file for each region, buffers and a ring. It does not reach the batch. */
final class BatchFiles implements AutoCloseable {
    private final ReadOptions options;
    private final IdentityHashMap<Region, Route> routes = new IdentityHashMap<>();
    private @Nullable Buffers buffers;
    private boolean isRingless;

    BatchFiles(ReadOptions options) {
        this.options = options;
    }

    ReadOptions options() {
        return options;
    }

    /** Those of mappings that were closed go when there are many. */
    Route route(Region region) {
        Route known = routes.get(region);
        if (known == null) {
            if (routes.size() >= Tunables.MOST_ROUTES) {
                closeClosed();
            }
            known = new Route(region);
            routes.put(region, known);
        }
        return known;
    }

    private void closeClosed() {
        routes.entrySet().removeIf(entry -> {
            boolean isOver = entry.getKey().isClosed();
            if (isOver) {
                entry.getValue().close();
            }
            return isOver;
        });
    }

    /** Whether reads past the page cache are possible, as far as it was tried. */
    boolean hasRing() {
        if (buffers == null && !isRingless) {
            try {
                buffers(1);
            } catch (MappingException e) {
                isRingless = true;
            }
        }
        return !isRingless;
    }

    /** Buffers for records of so many bytes; what there was before is given up if they do not fit. */
    Buffers buffers(long bytes) throws MappingException {
        Buffers now = buffers;
        if (now == null || !now.fit(bytes)) {
            long slot = Math.max(Tunables.LEAST_SLOT, Long.highestOneBit(2 * bytes - 1));
            Buffers made = Blocking.run(() -> Buffers.open(slot, options.depth(), !isRingless));
            if (now != null) {
                now.close();
            }
            isRingless |= made.ring() == null;
            buffers = made;
            now = made;
        }
        return now;
    }

    @Override
    public void close() {
        Buffers now = buffers;
        buffers = null;
        if (now != null) {
            now.close();
        }
        routes.values().forEach(Route::close);
        routes.clear();
    }
}
