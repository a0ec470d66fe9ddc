package dev.quire.shared;

import dev.quire.MapMode;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.MappingException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.Region;
import dev.quire.internal.SharedCalls;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.Subject;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.Arena;

/**
 * Named shared memory without a header: what Python's {@code multiprocessing.shared_memory.SharedMemory} and
 * {@code shm_open} make, and what they can open. Who opens it has to know what is in it.
 *
 * {@snippet :
 * // in Python: memory = SharedMemory(create=True, size=160); a = np.ndarray((4, 5), "<f8", memory.buf)
 * try (RawSegment memory = RawSegment.open("psm_4ea1b2c3", MapMode.READ_WRITE)) {
 *     double sum = memory.array("<f8", 4, 5).sum();
 * }
 * }
 *
 * <p>Names are those that the system has: 1 to 200 bytes (29 on macOS) of letters, digits, {@code . _ -}, not
 * beginning with a dot; nothing comes before them, neither a slash nor {@code quire.}. On Linux {@code NAME} is
 * {@code /dev/shm/NAME}. Closing unmaps and removes nothing: a name goes with {@link #unlink}, and on Windows with the
 * last process that has the memory. Views may be used by any thread and throw after a close. Any process that has the
 * name can truncate the memory: bulk operations then throw {@link dev.quire.error.MemoryFaultException}.
 *
 * @see SharedArray
 */
public final class RawSegment implements AutoCloseable {
    private final Region region;
    private final String name;
    private final Arena arena;
    private final ByteSlice bytes;

    private RawSegment(Region region, String name) {
        this.region = region;
        this.name = name;
        this.arena = Arena.ofShared();
        this.bytes = SliceDoor.bytes(region, region.view(arena), 0);
    }

    /**
     * Creates memory of zeros under a name, for this user only.
     *
     * @param systemName as other programs know it
     * @param byteSize 1 or more
     * @throws dev.quire.error.FileRefusedException with {@code EXISTS} if there is memory of that name
     * @throws dev.quire.error.LimitReachedException with {@code MEMORY_LIMIT} if there is not that much memory, or the
     *     process's group may not use that much
     * @throws IllegalArgumentException if the name is not valid, or the size is less than 1
     */
    public static RawSegment create(String systemName, long byteSize) throws MappingException {
        if (byteSize < 1) {
            throw new IllegalArgumentException(
                    "shared memory " + systemName + " of " + byteSize + " bytes; it needs at least one");
        }
        return of(Region.ofNewSegment(subject(systemName), checked(systemName), byteSize), systemName);
    }

    /**
     * Creates memory of zeros under a name that nobody can guess ({@link #name()}), for this user only.
     *
     * @param byteSize 1 or more
     * @throws dev.quire.error.LimitReachedException with {@code MEMORY_LIMIT} if there is not that much memory, or the
     *     process's group may not use that much
     * @throws IllegalArgumentException if the size is less than 1
     */
    public static RawSegment create(long byteSize) throws MappingException {
        return create(Creation.freshName(), byteSize);
    }

    /**
     * Maps all of the memory that has a name, made by another program of this user or by Quire, whose
     * {@link SharedMemory} is here {@code quire.NAME} and begins with a {@link SegmentHeader}.
     *
     * @param systemName as the system has it
     * @throws dev.quire.error.FileRefusedException with {@code NOT_FOUND} if there is none of that name, or
     *     {@code ACCESS_DENIED} if another user made it
     * @throws IllegalArgumentException if the name is not valid
     */
    public static RawSegment open(String systemName, MapMode mode) throws MappingException {
        return of(Region.ofSegment(subject(systemName), checked(systemName), Creation.number(mode)), systemName);
    }

    private static RawSegment of(Region region, String name) {
        try {
            return new RawSegment(region, name);
        } catch (Throwable e) {
            region.close();
            throw e;
        }
    }

    /**
     * Removes a name. Processes that have the memory mapped keep it.
     *
     * @throws dev.quire.error.FileRefusedException with {@code NOT_FOUND} if there is none
     * @throws dev.quire.error.NotSupportedException without {@link Capability#KEEP_SHARED}: the name goes by itself
     */
    public static void unlink(String systemName) throws MappingException {
        SharedCalls.unlink(subject(systemName), checked(systemName));
    }

    private static Subject subject(String systemName) {
        return Subject.memory("shared memory " + systemName);
    }

    /** A NUL would end the name that the C layer sees. */
    private static String checked(String systemName) {
        if (systemName.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "a name of shared memory has no NUL: \"" + systemName.replace("\0", "\\0") + "\"");
        }
        return systemName;
    }

    /** Its name, as the system has it. */
    public String name() {
        return name;
    }

    /** All bytes. macOS and Windows round the size up to whole pages. */
    public ByteSlice bytes() {
        region.requireOpen();
        return bytes;
    }

    /**
     * The first bytes as an array in C order, without a copy; {@link #close()} revokes it. For another order or place,
     * see {@link ArrayView#over}.
     *
     * @param dtype as {@link DType#parse} reads it
     * @param shape the length of each axis; none for a single element
     * @throws IllegalArgumentException if the memory is shorter than that
     */
    public ArrayView array(String dtype, long... shape) {
        DType type = DType.parse(dtype);
        Shape dims = Shape.of(shape);
        long needed = dims.byteCount(type.itemBytes());
        if (needed > bytes().byteSize()) {
            throw new IllegalArgumentException(region.subject().text() + " has " + bytes.byteSize() + " bytes, shape "
                    + dims + " of " + type + " needs " + needed);
        }
        return ArrayView.over(bytes, type, dims, Order.C);
    }

    /** Revokes every view and unmaps. The name stays. Closing again does nothing. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        region.close();
    }
}
