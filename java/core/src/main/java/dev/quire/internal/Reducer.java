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

    /**
     * Adds all elements of mapped memory to a reducer that has none: by a kernel of the C layer where there is one for them,
     * else by {@link #addAll}. The bits are the same. The caller guards it.
     *
     * @throws dev.quire.error.MemoryFaultException if a kernel met a page that cannot be had
     */
    public final void addMapped(Region region, MemorySegment from) {
        addMapped(region, from, Kernels.CHOSEN);
    }

    final void addMapped(Region region, MemorySegment from, int kernels) {
        long done = turner == null && kernels != Kernels.NONE ? Kernels.reduce(this, region, from, kernels) : 0;
        addAll(from.asSlice(done));
    }

    final boolean isSwapped() {
        return turner != null;
    }

    /** The C layer's word for the elements. */
    abstract int element();

    /** The C layer's word for what is wanted. */
    abstract int wanted();

    /** Takes over what a kernel found, in a call more. */
    abstract void take(MemorySegment reduction);

    /** Adds all elements of a segment; the caller guards it. */
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
