package dev.quire;

import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;

/**
 * Mapped memory that ends with its {@link MappingGroup}. There is nothing to close; the views may be used by any thread
 * until the group is closed, and throw {@link IllegalStateException} then.
 */
public final class GroupedMapping extends MappedMemory implements Views {
    private final ByteSlice bytes;

    GroupedMapping(Lifetime.Origin origin, MappingGroup group) {
        super(origin, group.lifetime());
        this.bytes = SliceDoor.bytes(region, group.join(region), 0);
    }

    @Override
    public ByteSlice bytes() {
        region.requireOpen();
        return bytes;
    }
}
