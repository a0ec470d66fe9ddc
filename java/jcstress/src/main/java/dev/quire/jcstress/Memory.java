package dev.quire.jcstress;

import dev.quire.Lifetime;
import dev.quire.MappedMemory;
import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.internal.Region;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.backing.Subject;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A page of memory for each state that is tried. */
final class Memory {
    static final long SIZE = 4096;

    /** What an actor reports who came after the close. */
    static final int CLOSED = -1;

    /** What {@link #state} is once the last hold or lease has gone: each went once, or its count would not be zero. */
    static final long UNMAPPED = 1L << 63;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.privateLookupIn(Region.class, MethodHandles.lookup())
                    .findVarHandle(Region.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Memory() {}

    static <M extends MappedMemory> M map(Lifetime<M> lifetime) {
        try {
            return Mapping.anonymous(SIZE, lifetime);
        } catch (MappingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Region region() {
        try {
            return Region.ofAnonymous(Subject.memory("a page"), SIZE, MapFlags.KIND_ANONYMOUS_PRIVATE, 0);
        } catch (MappingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The region's own account of its users: flags above, the count of leases below them, the count of holds lowest.
     */
    static long state(Region region) {
        return (long) STATE.getVolatile(region);
    }
}
