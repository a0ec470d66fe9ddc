package dev.quire;

import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;

/**
 * Mapped memory that the garbage collector unmaps: {@link Lifetime#AUTO}. There is nothing to close; it stays mapped as
 * long as it or any slice of it is reachable, and for an unknown time longer.
 */
public final class AutoMapping extends MappedMemory implements Views {
    private final ByteSlice bytes;

    AutoMapping(Lifetime.Origin origin) {
        super(origin, Lifetime.AUTO);
        this.bytes = SliceDoor.bytes(region, region.collectedView(), 0);
    }

    @Override
    public ByteSlice bytes() {
        return bytes;
    }
}
