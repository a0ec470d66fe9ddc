package dev.quire.internal;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the packages of this library need of slices and nobody else may have: the region under one, a new one, and a
 * pin. The package of slices opens it; it is not named here, because it builds on this package.
 */
public abstract class SliceDoor {
    private static volatile @Nullable SliceDoor opened;

    /** Called once, when the class of all slices is initialised. */
    protected static void open(SliceDoor door) {
        opened = door;
    }

    /** The region under a slice. */
    public static Region region(Object slice) {
        return Open.DOOR.regionOf(slice);
    }

    /**
     * All bytes of a segment as a {@code ByteSlice}.
     *
     * @param offset of the segment's first byte in the region
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the one type that there is
    public static <B> B bytes(Region region, MemorySegment segment, long offset) {
        return (B) Open.DOOR.newBytes(region, segment, offset);
    }

    /** Pins a range of a region: a {@code Pin}. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the one type that there is
    public static <P> P pin(Region region, long offset, long length) {
        return (P) Open.DOOR.newPin(region, offset, length);
    }

    protected abstract Region regionOf(Object slice);

    protected abstract Object newBytes(Region region, MemorySegment segment, long offset);

    protected abstract Object newPin(Region region, long offset, long length);

    private static final class Open {
        static final SliceDoor DOOR = initialised();

        private static SliceDoor initialised() {
            try {
                Class.forName("dev.quire.slice.Slice", true, SliceDoor.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new LinkageError("the class of slices is missing", e);
            }
            return Objects.requireNonNull(opened);
        }
    }
}
