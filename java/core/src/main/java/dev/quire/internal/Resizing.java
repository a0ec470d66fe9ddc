package dev.quire.internal;

import dev.quire.error.MappingException;
import java.util.concurrent.TimeUnit;

/** Changes of a mapping itself. The caller has revoked the Java views; here the holds are waited for. */
public final class Resizing {
    /** For lifetimes whose views were revoked: what may still be under way are calls of one slice, not leases. */
    public static final long AT_ONCE = TimeUnit.MINUTES.toNanos(1);

    private Resizing() {}

    /**
     * Makes the region longer or shorter. If the platform had to unmap and could not map again, the region is closed.
     *
     * @param patienceNanos how long to wait for holds to go
     */
    public static void resize(Region region, long length, long patienceNanos) throws MappingException {
        if (length < 0) {
            throw new IllegalArgumentException("length " + length);
        }
        region.requireNative("resize");
        Resized[] result = new Resized[1];
        boolean done = region.exclusively(patienceNanos, before -> {
            result[0] = NativeCalls.resize(region.subject(), before, length, 0);
            return result[0].extent();
        });
        if (!done) {
            throw timedOut(region, "resize");
        }
        Exception failure = result[0].failure();
        if (failure != null) {
            if (region.extent().base() == 0 && region.extent().handle() == -1) {
                region.close();
            }
            if (failure instanceof MappingException refused) {
                throw refused;
            }
            throw (RuntimeException) failure;
        }
    }

    /** Makes the pages writable or not. */
    public static void protect(Region region, boolean writable, long patienceNanos) throws MappingException {
        region.requireNative("protect");
        boolean done =
                region.exclusively(patienceNanos, before -> NativeCalls.protect(region.subject(), before, writable));
        if (!done) {
            throw timedOut(region, "protect");
        }
    }

    private static MappingException timedOut(Region region, String operation) {
        return Refusals.timedOut(
                operation, region.subject(), "leases or calls under way did not end in the time given");
    }
}
