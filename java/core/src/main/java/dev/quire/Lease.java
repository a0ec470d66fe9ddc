package dev.quire;

import dev.quire.internal.Region;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.Arena;

/**
 * Views of a {@link LeasedMapping} for the thread that took the lease. The memory stays mapped until the lease is closed,
 * also if the mapping is closed meanwhile; then the views throw {@link IllegalStateException}.
 */
public final class Lease implements Views, AutoCloseable {
    private final Region region;
    private final Arena arena = Arena.ofConfined();
    private final ByteSlice bytes;

    Lease(Region region) {
        region.hold();
        this.region = region;
        this.bytes = new ByteSlice(region, region.leasedView(arena), 0);
    }

    @Override
    public ByteSlice bytes() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException(
                    "the lease has ended: " + region.subject().text());
        }
        return bytes;
    }

    /**
     * Ends the lease. Ending it again does nothing.
     *
     * @throws WrongThreadException if another thread took it
     */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            region.release();
        }
    }
}
