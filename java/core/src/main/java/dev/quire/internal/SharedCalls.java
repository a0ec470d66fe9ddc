package dev.quire.internal;

import dev.quire.error.MappingException;
import dev.quire.internal.Events.Span;
import dev.quire.internal.backing.NativeMemory;
import dev.quire.internal.backing.Subject;

/** What can be done with memory between processes beyond what {@link Pages} does, each under a hold of its own. */
public final class SharedCalls {
    private SharedCalls() {}

    /** Removes the name of a segment. */
    public static void unlink(Subject subject, String name) throws MappingException {
        new NativeMemory(subject).unlinkShared(name);
    }

    /** Adds seals, bits of {@code enum quire_seal}. */
    public static void seal(Region region, int seals) throws MappingException {
        Span event = Events.on() ? JfrEvents.seal() : null;
        region.held(() -> {
            region.backing().seal(region.extent(), seals);
            return region;
        });
        Events.end(event, region.subject(), 0, region.length(), "sealed", region.length());
    }

    /** Which seals there are; 0 where there can be none. */
    public static int seals(Region region) throws MappingException {
        return region.held(() -> region.backing().seals(region.extent()));
    }

    /**
     * Sleeps while a word has a value: one {@code futex} call.
     *
     * @return false if the platform has no such call; nothing was waited for then
     */
    public static boolean await(Region region, long offset, int expected, long nanos) throws MappingException {
        return region.held(() -> region.backing().await(region.extent(), offset, expected, nanos));
    }

    /** Wakes those who wait for a word; does nothing where nobody can. */
    public static void wake(Region region, long offset) throws MappingException {
        region.held(() -> {
            region.backing().wake(region.extent(), offset);
            return region;
        });
    }
}
