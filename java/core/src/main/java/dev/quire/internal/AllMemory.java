package dev.quire.internal;

import dev.quire.internal.backing.NativeLibrary;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * All memory of the process as one segment that is a constant, so that the compiler leaves out what every access to a
 * mapping's own segment asks: whether it is still mapped, and whether the offset lies inside. That is a quarter of the
 * time of a short message in a ring. What the compiler does not ask, the caller has to know.
 *
 * <p>The rule for its use: the caller has a {@link Region#lease()} on writable memory, or makes no stores; it ends the
 * lease in the thread that makes the accesses; and every offset is one of {@link #base} plus a number that its own code
 * keeps within the length given there, whatever stands in the memory. Lost bytes are noticed as for every segment: see
 * {@link Faults}.
 *
 * <p>Where the JDK maps the files there are no leases to hold its memory: accesses go to the mapping's own segment.
 */
public final class AllMemory {
    /** Decided when the first region was mapped, before anybody comes here; a constant for the compiler. */
    private static final boolean NATIVE = !NativeLibrary.isMissing();

    /** For what the library itself owns, and never gives back. */
    static final MemorySegment ALL = NATIVE ? everything() : MemorySegment.NULL;

    private AllMemory() {}

    @SuppressWarnings("restricted") // its callers are responsible for it, by the rule above
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    /**
     * All memory, or the range itself where the JDK maps the files.
     *
     * @param checked the range of the region that {@link #base} is asked for
     */
    public static MemorySegment or(MemorySegment checked) {
        return NATIVE ? ALL : checked;
    }

    /**
     * Bytes as a buffer that no arena knows of, so that their mapping can be closed while the JDK works with it. For
     * those who hold the region.
     */
    public static ByteBuffer buffer(MemorySegment bytes) {
        return ALL.asSlice(bytes.address(), bytes.byteSize()).asByteBuffer();
    }

    /**
     * Where a range of a leased region begins in the segment of {@link #or}.
     *
     * @throws IndexOutOfBoundsException if it does not lie in the region
     */
    public static long base(Region region, long offset, long length) {
        region.requireInside(offset, length);
        return NATIVE ? region.extent().address() + offset : 0;
    }
}
