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
        boolean[] lost = new boolean[1];
        boolean done = region.exclusively(patienceNanos, before -> {
            Resized after = NativeCalls.resize(region.subject(), before, length, 0);
            result[0] = after;
            lost[0] = after.failure() != null
                    && before.base() != 0
                    && after.extent().base() == 0;
            return after.extent();
        });
        if (!done) {
            throw timedOut(region, "resize");
        }
        if (lost[0]) {
            region.close();
        }
        result[0].fail();
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
