package dev.quire.internal;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Takes the elements of mapped memory in chunks that stay in the first-level cache, so that every chunk can be gone over
 * several times while memory is read once. The chunks are small because the processor fetches the next one meanwhile.
 */
public abstract sealed class Reducer permits FloatingReducer, IntegerReducer {
    private final int elementBytes;
    private final @Nullable Turner turner;

    Reducer(int elementBytes, boolean swapped) {
        this.elementBytes = elementBytes;
        this.turner = swapped ? new Turner(elementBytes) : null;
    }

    /** Adds all elements of a segment; the caller brings the barrier. */
    public final void addAll(MemorySegment from) {
        long bytes = from.byteSize();
        for (long at = 0; at < bytes; at += (long) Moments.CHUNK * elementBytes) {
            int count = (int) Math.min(Moments.CHUNK, (bytes - at) / elementBytes);
            if (turner == null) {
                add(from, at, count);
            } else {
                add(turner.turned(from, at, count), 0, count);
            }
        }
    }

    /** Adds a chunk in the machine's byte order: 1 to {@link Moments#CHUNK} elements. */
    abstract void add(MemorySegment from, long at, int count);
}
