package dev.quire.shared;

import dev.quire.MapMode;
import dev.quire.array.DType;
import dev.quire.array.ElementType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import dev.quire.internal.RegionChanges;
import dev.quire.internal.SharedCalls;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.backing.SystemQuery;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Zeroed memory that other processes of the same user can map: with a name, or without one and then known by a handle.
 * It describes itself: who attaches needs the name or the handle only, and sees the exact size.
 *
 * {@snippet :
 * try (SharedMemory memory = SharedMemory.create("prices", 4096)) {
 *     memory.bytes().longs().setRelease(0, 42);
 * }
 * // elsewhere
 * try (SharedMemory memory = SharedMemory.open("prices", MapMode.READ_ONLY, Duration.ofSeconds(1))) {
 *     long value = memory.bytes().longs().getAcquire(0);
 * }
 * SharedMemory.unlink("prices");
 * }
 *
 * <p>Names: 1 to 194 bytes (23 on macOS) of letters, digits, {@code . _ -}; what the system sees has {@code quire.}
 * before it. Closing unmaps and removes nothing; a name goes with {@link #unlink} or {@link Segments#removeOrphans},
 * memory with the last process that has it. Views may be used by any thread and throw after a close; the ends of rings
 * go on.
 */
public final class SharedMemory implements AutoCloseable {
    /** For calls that have the memory in hand, a wait for example: longer than any of them takes. */
    private static final long FREEZE_NANOS = 5_000_000_000L;

    private final Region region;
    private volatile SegmentHeader header;
    private final String name;
    private Arena arena = Arena.ofShared();
    /** Null if there was no memory to make them after the memory was made constant. */
    private volatile @Nullable Views views;

    /** What goes with a close, and when the memory is made constant. */
    private record Views(ByteSlice head, ByteSlice data) {
        static Views of(Region region, Arena arena, long byteSize) {
            ByteSlice all = SliceDoor.bytes(region, region.view(arena), 0);
            return new Views(all.slice(0, SegmentHeader.BYTES), all.slice(SegmentHeader.BYTES, byteSize));
        }
    }

    SharedMemory(Region region, SegmentHeader header, String name) {
        this.region = region;
        this.header = header;
        this.name = name;
        this.views = Views.of(region, arena, header.byteSize());
    }

    /**
     * Creates memory without a name, sealed against changes of its size where the platform can.
     *
     * @throws dev.quire.error.LimitReachedException with {@code MEMORY_LIMIT} if there is not that much memory, or the
     *     process's group may not use that much
     */
    public static SharedMemory anonymous(long byteSize) throws MappingException {
        return Creation.anonymous(bytes(byteSize), Shape.of(byteSize), Order.C);
    }

    /** Creates memory under a name that nobody can guess: {@link #name()}. */
    public static SharedMemory create(long byteSize) throws MappingException {
        return create(Creation.freshName(), byteSize);
    }

    /**
     * Creates memory under a name, for this user only.
     *
     * @throws dev.quire.error.FileRefusedException with {@code EXISTS} if there is one of that name
     * @throws dev.quire.error.LimitReachedException with {@code MEMORY_LIMIT} as for {@link #anonymous}
     * @throws IllegalArgumentException if the name is not valid
     */
    public static SharedMemory create(String name, long byteSize) throws MappingException {
        return Creation.create(name, bytes(byteSize), Shape.of(byteSize), Order.C);
    }

    /**
     * Maps what another process created, as soon as it is complete.
     *
     * @throws dev.quire.error.FileRefusedException with {@code NOT_FOUND} if there is none of that name,
     *     {@code ACCESS_DENIED} if another user made it, whatever its permissions are, or {@code NOT_MAPPABLE} if it is
     *     no such memory
     * @throws dev.quire.error.SystemFailureException with {@code TIMED_OUT} if it is not complete in that time
     */
    public static SharedMemory open(String name, MapMode mode, Duration timeout) throws MappingException {
        return Creation.open(name, mode, timeout);
    }

    /** Maps what is there for reading and writing, or creates it. What is there must have that size. */
    public static SharedMemory openOrCreate(String name, long byteSize, Duration timeout) throws MappingException {
        return Creation.openOrCreate(name, bytes(byteSize), Shape.of(byteSize), Order.C, timeout);
    }

    /**
     * Maps memory without a name that a process of the same user has open, which must still live.
     *
     * @param handle of {@link #handle()}
     */
    public static SharedMemory attach(String handle, MapMode mode, Duration timeout) throws MappingException {
        return Creation.attach(handle, mode, timeout);
    }

    /**
     * Removes a name. Processes that have the memory mapped keep it.
     *
     * @throws dev.quire.error.FileRefusedException with {@code NOT_FOUND} if there is none
     * @throws dev.quire.error.NotSupportedException without {@link Capability#KEEP_SHARED}: the name goes by itself
     */
    public static void unlink(String name) throws MappingException {
        SharedCalls.unlink(Creation.subject(name), Creation.systemName(name));
    }

    private static DType bytes(long byteSize) {
        if (byteSize < 0) {
            throw new IllegalArgumentException("byteSize " + byteSize + " is negative");
        }
        return DType.of(ElementType.UINT8);
    }

    /** All bytes, beginning at a multiple of 64 in memory. */
    public ByteSlice bytes() {
        region.requireOpen();
        return views().data();
    }

    /** What the memory says about itself. */
    public SegmentHeader header() {
        return header;
    }

    /** Its name; empty for memory without one. */
    public Optional<String> name() {
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /**
     * Declares that the memory may outlive its creator: it is no orphan when that ends, and it stays until
     * somebody calls {@link #unlink}; without {@link Capability#KEEP_SHARED} it goes with the last process that has it
     * mapped.
     *
     * @throws dev.quire.error.ReadOnlyMemoryException if this mapping may not write
     */
    public synchronized void keep() {
        header = header.disown(views().head());
    }

    /**
     * Runs a block of element accesses and throws its faults before it returns, as
     * {@link dev.quire.MappedMemory#guarded(Supplier)} does: any process that has the name can truncate its memory.
     *
     * @throws dev.quire.error.MemoryFaultException if the block met lost bytes
     */
    public <T> T guarded(Supplier<T> block) {
        return Faults.guarded(region, block::get);
    }

    /**
     * What another process of this user attaches with, as long as this one has the memory mapped.
     *
     * @throws dev.quire.error.NotSupportedException if the platform cannot give such memory to others, or it has a name
     */
    public String handle() throws MappingException {
        long number = region.extent().handle();
        if (!name.isEmpty()) {
            throw Failures.unsupported("get the handle of", region.subject(), "only memory without a name has one");
        }
        if (number == -1 || !SystemQuery.can(Capability.ATTACH)) {
            throw Failures.unsupported(
                    "get the handle of", region.subject(), "this platform has no way to it for others; give it a name");
        }
        return new Handle(ProcessIdentity.current().pid(), number, header.generation()).toString();
    }

    /**
     * Adds seals: for every process and for good. For {@link Seal#WRITE} this mapping becomes read-only, and the views
     * that were handed out throw from then on; {@link #bytes()} gives a new one.
     *
     * @throws dev.quire.error.NotSupportedException if the platform has none, or the memory has a name
     * @throws MappingException with {@code SEALED} after {@link Seal#SEAL}; with {@code FILE_BUSY} for
     *     {@link Seal#WRITE} if another mapping may write, and with {@code TIMED_OUT} if an end of a
     *     {@link MessageRing} is open here: the memory stays writable, but the views that were handed out throw all the
     *     same
     */
    public synchronized void seal(Seal... seals) throws MappingException {
        int bits = 0;
        for (Seal seal : seals) {
            bits |= seal.bit;
        }
        if ((bits & Seal.WRITE.bit) != 0 && name.isEmpty() && region.extent().mode() == MapFlags.READ_WRITE) {
            freeze(bits);
        } else {
            SharedCalls.seal(region, bits);
        }
    }

    private void freeze(int bits) throws MappingException {
        revoke();
        try {
            RegionChanges.freeze(region, bits, FREEZE_NANOS);
        } finally {
            if (!region.isClosed()) {
                renewed();
            }
        }
    }

    /** Which seals it has, asked of the system, so it holds for memory of any maker. Empty where there are none. */
    public Set<Seal> seals() throws MappingException {
        int bits = SharedCalls.seals(region);
        Set<Seal> seals = EnumSet.allOf(Seal.class);
        seals.removeIf(seal -> (bits & seal.bit) == 0);
        return seals;
    }

    /** Every view throws from now on. Whatever fails here, {@link #bytes()} makes views that work. */
    private void revoke() {
        views = null;
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private Views views() {
        Views now = views;
        return now != null ? now : renewed();
    }

    private synchronized Views renewed() {
        region.requireOpen();
        Views now = views;
        if (now == null) {
            if (!arena.scope().isAlive()) {
                arena = Arena.ofShared();
            }
            now = Views.of(region, arena, header.byteSize());
            views = now;
        }
        return now;
    }

    Region region() {
        return region;
    }

    /** Refuses memory that is not what the caller expects; closes it then. */
    void require(DType dtype, Shape shape, Order order) throws MappingException {
        if (!header.dtype().equals(dtype) || !header.shape().equals(shape) || header.order() != order) {
            String found = header.dtype() + " " + header.shape() + " " + header.order();
            String sought = dtype + " " + shape + " " + order;
            close();
            throw Failures.own(
                    "attach to", region.subject(), ErrorCode.NOT_MAPPABLE, "it holds " + found + ", not " + sought);
        }
    }

    /**
     * Revokes every view and unmaps, or leaves that to the last end of a {@link MessageRing} that is open here. The
     * name, if there is one, stays.
     */
    @Override
    public synchronized void close() {
        if (!region.isClosed()) {
            revoke();
        }
        region.close();
    }
}
