package dev.quire.jcstress;

import dev.quire.Lifetime;
import dev.quire.MappedMemory;
import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.internal.MapFlags;
import dev.quire.internal.Region;
import dev.quire.internal.Subject;

/** A page of memory for each state that is tried. */
final class Memory {
    static final long SIZE = 4096;

    /** What an actor reports who came after the close. */
    static final int CLOSED = -1;

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
}
