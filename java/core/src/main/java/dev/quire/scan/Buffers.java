package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.internal.ReadRing;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.backing.Subject;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The memory that records are read into, in slots, and the ring that reads into it. The garbage collector unmaps it,
 * so that a record that somebody kept is never an address of nothing.
 */
final class Buffers implements AutoCloseable {
    private final Region region;
    private final MemorySegment view;
    private final long slotBytes;
    private final int slots;
    private final @Nullable ReadRing ring;

    private Buffers(Region region, MemorySegment view, long slotBytes, int slots, @Nullable ReadRing ring) {
        this.region = region;
        this.view = view;
        this.slotBytes = slotBytes;
        this.slots = slots;
        this.ring = ring;
    }

    /** Makes buffers for reads of so many bytes, and a ring if there can be one. */
    static Buffers open(long slotBytes, int depth, boolean withRing) throws MappingException {
        int slots = Math.clamp(Tunables.BUFFER_BYTES / slotBytes, 1, depth);
        Region region = Region.ofAnonymous(
                Subject.memory("a buffer of a batch of reads"),
                slots * slotBytes,
                MapFlags.KIND_ANONYMOUS_PRIVATE,
                MapFlags.POPULATE);
        MemorySegment view = region.collectedView();
        return new Buffers(region, view, slotBytes, slots, withRing ? ring(region, slots) : null);
    }

    /** That there is none is no error: the pool serves. */
    private static @Nullable ReadRing ring(Region region, int slots) {
        try {
            return ReadRing.open(region, slots);
        } catch (MappingException e) {
            return null;
        }
    }

    boolean fit(long bytes) {
        return bytes <= slotBytes;
    }

    long slotBytes() {
        return slotBytes;
    }

    int slots() {
        return slots;
    }

    @Nullable
    ReadRing ring() {
        return ring;
    }

    long address(int slot) {
        return view.address() + slot * slotBytes;
    }

    ByteSlice record(Request request) {
        long at = request.slot() * slotBytes + request.skip();
        MemorySegment bytes = view.asSlice(at, request.target.byteSize()).asReadOnly();
        return SliceDoor.bytes(region, bytes, at);
    }

    @Override
    public void close() {
        if (ring != null) {
            ring.close();
        }
    }
}
