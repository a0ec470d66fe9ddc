package dev.quire.internal;

import dev.quire.error.MappingException;
import dev.quire.internal.Events.Span;
import dev.quire.internal.backing.Backing;
import dev.quire.internal.backing.Extent;
import dev.quire.internal.backing.Failures;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Changes of a mapping itself. The caller has revoked the Java views; here the holds are waited for. */
public final class RegionChanges {
    /** For lifetimes whose views were revoked: what may still be under way are calls of one slice, not leases. */
    public static final long CALL_DRAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private RegionChanges() {}

    /** A time in nanoseconds; more than 292 years are that much, and a negative one is none. */
    public static long nanos(Duration timeout) {
        return timeout.isNegative() ? 0 : TimeUnit.NANOSECONDS.convert(timeout);
    }

    /**
     * Makes the region longer or shorter. If the platform had to unmap and could not map again, the region is closed.
     *
     * @param timeoutNanos how long to wait for holds to go
     */
    public static void resize(Region region, long length, long timeoutNanos) throws MappingException {
        if (length < 0) {
            throw new IllegalArgumentException("length " + length + " is negative");
        }
        Span event = Events.on() ? JfrEvents.resize() : null;
        change(region, "resize", region.backing().resizing(length), timeoutNanos);
        end(event, region, "resized");
    }

    /** Makes the pages writable or not. */
    public static void protect(Region region, boolean writable, long timeoutNanos) throws MappingException {
        Span event = Events.on() ? JfrEvents.protect() : null;
        change(region, "protect", region.backing().protecting(writable), timeoutNanos);
        end(event, region, writable ? "writable" : "read-only");
    }

    /**
     * Makes the memory read-only, here and for every process, and adds seals, bits of {@code enum quire_seal}; no view
     * may be left that could write.
     */
    public static void freeze(Region region, int seals, long timeoutNanos) throws MappingException {
        Span event = Events.on() ? JfrEvents.freeze() : null;
        change(region, "seal", region.backing().freezing(seals), timeoutNanos);
        end(event, region, "frozen");
    }

    private static void change(Region region, String operation, Backing.Change prepared, long timeoutNanos)
            throws MappingException {
        try (prepared) {
            if (!region.exclusively(timeoutNanos, prepared)) {
                throw Failures.timedOut(
                        operation, region.subject(), "leases or calls under way did not end in the time given");
            }
            prepared.check();
        }
    }

    private static void end(@Nullable Span event, Region region, String outcome) {
        Extent now = region.extent();
        Events.end(event, region.subject(), now.fileOffset(), now.length(), outcome, now.baseLength());
    }
}
