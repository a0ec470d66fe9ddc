package dev.quire.slice;

import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import java.lang.foreign.MemorySegment;

/** Opens the door through which the rest of the library has the regions of slices. */
final class Doorkeeper extends SliceDoor {
    private Doorkeeper() {}

    static void open() {
        open(new Doorkeeper());
    }

    @Override
    protected Region regionOf(Object slice) {
        return ((Slice) slice).region;
    }

    @Override
    protected Object newBytes(Region region, MemorySegment segment, long offset) {
        return new ByteSlice(region, segment, offset);
    }

    @Override
    protected Object newPin(Region region, long offset, long length) {
        return new Pin(region, offset, length);
    }
}
