package dev.quire;

import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.Arena;

/**
 * Mapped memory that the garbage collector unmaps: {@link Lifetime#AUTO}. There is nothing to close; it stays mapped as long
 * as it or any slice of it is reachable, and for an unknown time longer.
 */
public final class AutoMapping extends MappedMemory implements Views {
    private final ByteSlice bytes;

    AutoMapping(Lifetime.Origin origin) {
        super(origin, Lifetime.AUTO);
        Region owned = origin.region();
        this.bytes = SliceDoor.bytes(owned, owned.view(Arena.ofAuto(), _ -> owned.close()), 0);
    }

    @Override
    public ByteSlice bytes() {
        return bytes;
    }
}
