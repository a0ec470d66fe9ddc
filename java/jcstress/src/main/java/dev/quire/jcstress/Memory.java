package dev.quire.jcstress;

import dev.quire.Lifetime;
import dev.quire.MappedMemory;
import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.internal.MapFlags;
import dev.quire.internal.Region;
import dev.quire.internal.Subject;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A page of memory for each state that is tried. */
final class Memory {
    static final long SIZE = 4096;

    /** What an actor reports who came after the close. */
    static final int CLOSED = -1;

    /** What {@link #state} is once the last hold has gone: it went once, or the count would be below zero. */
    static final int UNMAPPED = 1 << 31;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.privateLookupIn(Region.class, MethodHandles.lookup())
                    .findVarHandle(Region.class, "state", int.class);
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

    /** The region's own account of its holds: flags above, the count of holds below. */
    static int state(Region region) {
        return (int) STATE.getVolatile(region);
    }
}
