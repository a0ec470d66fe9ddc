package dev.quire;

import dev.quire.error.MappingException;
import dev.quire.internal.RegionChanges;
import java.time.Duration;

/**
 * Mapped memory whose views come from leases: {@link Lifetime#LEASED}. Closing needs no handshake with other threads,
 * so this is the lifetime for memory that is opened and closed often while many threads read.
 *
 * {@snippet :
 * try (Lease lease = map.lease()) {
 *     long first = lease.longs().get(0);
 * }
 * }
 *
 * <p>A lease costs some 20 ns. One that is never closed keeps the memory mapped.
 */
public final class LeasedMapping extends MappedMemory implements AutoCloseable {
    LeasedMapping(Lifetime.Origin origin) {
        super(origin, Lifetime.LEASED);
    }

    /**
     * Views for the calling thread, until the lease is closed. May be called from any thread. While somebody resizes or
     * protects the mapping, or waits to, it waits; a thread that has a lease and asks for a second one may wait until
     * that change gives up.
     *
     * @throws IllegalStateException if the mapping is closed
     */
    public Lease lease() {
        return new Lease(region);
    }

    /**
     * Makes the mapping, and the file or memory under it, longer or shorter once every lease is out; new leases wait
     * and then see the new size. Contents up to the smaller size stay, new bytes are zero.
     *
     * @param timeout how long to wait for the leases to end
     * @throws dev.quire.error.SystemFailureException with {@code TIMED_OUT} if they do not; nothing is changed then
     * @throws dev.quire.error.ReadOnlyMemoryException if the mapping is not {@link MapMode#READ_WRITE}
     * @throws MappingException if the system refuses; the mapping then is as before, or, if the message says so, closed
     */
    public void resize(long byteSize, Duration timeout) throws MappingException {
        RegionChanges.resize(region, byteSize, RegionChanges.nanos(timeout));
    }

    /**
     * Makes the pages read-only, or writable again, once every lease is out.
     *
     * @param timeout how long to wait for the leases to end
     * @throws dev.quire.error.SystemFailureException with {@code TIMED_OUT} if they do not; nothing is changed then
     * @throws dev.quire.error.ReadOnlyMemoryException if it shall become writable and was opened read-only
     */
    public void protect(boolean readOnly, Duration timeout) throws MappingException {
        RegionChanges.protect(region, !readOnly, RegionChanges.nanos(timeout));
    }

    /**
     * Refuses new leases and every other call of this object's that needs the memory. Leases that are out go on with
     * all that their views can do; the last one that ends unmaps, in its thread. Any thread may close, and closing
     * again does nothing.
     */
    @Override
    public void close() {
        region.close();
    }
}
