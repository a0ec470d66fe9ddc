package dev.quire;

import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.Arena;

/**
 * Views of a {@link LeasedMapping} for the thread that took the lease. Until the lease is closed the memory stays
 * mapped and as it is, and everything that its views can do goes on: reading, reductions, hints, scans, also if the
 * mapping is closed meanwhile or somebody waits to resize it. Then the views throw {@link IllegalStateException}.
 */
public final class Lease implements Views, AutoCloseable {
    private final Region region;
    private final Arena arena = Arena.ofConfined();
    private final ByteSlice bytes;

    Lease(Region region) {
        region.lease();
        this.region = region;
        try {
            this.bytes = SliceDoor.bytes(region, region.leasedView(arena), 0);
        } catch (Throwable e) {
            region.endLease();
            throw e;
        }
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
            region.endLease();
        }
    }
}
