package dev.quire;

import dev.quire.error.MappingException;
import dev.quire.internal.RegionChanges;
import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A mapped file or a mapped buffer with views of its own: {@link Lifetime#SHARED} between threads, which is the
 * default, or {@link Lifetime#CONFINED} to one.
 *
 * {@snippet :
 * try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
 *     map.advise(Hint.SEQUENTIAL);
 *     DoubleSlice values = map.doubles();
 *     System.out.println(values.summary());
 * }
 * }
 *
 * <p>Opening costs about what {@code open}, {@code fstat}, {@code mmap} and {@code close} cost, whatever the file's
 * size. No descriptor is kept. Files are never made longer unless {@link MapOptions.Option#EXTEND} asks for it.
 */
public final class Mapping extends MappedMemory implements Views, AutoCloseable {
    /** The only thread that may use the views, for CONFINED; else null. */
    private final @Nullable Thread owner;

    private Arena arena;

    /** Null if there was no memory to make it after a change. */
    private volatile @Nullable ByteSlice bytes;

    Mapping(Lifetime.Origin origin, boolean confined) {
        super(origin, confined ? Lifetime.CONFINED : Lifetime.SHARED);
        this.owner = confined ? Thread.currentThread() : null;
        this.arena = newArena();
        this.bytes = newViews();
    }

    /** Maps a whole file, for any thread. */
    public static Mapping open(Path path, MapMode mode) throws MappingException {
        return open(path, mode, Lifetime.SHARED, MapOptions.DEFAULT);
    }

    /** Maps a file, or a range of it, for any thread. */
    public static Mapping open(Path path, MapMode mode, MapOptions options) throws MappingException {
        return open(path, mode, Lifetime.SHARED, options);
    }

    /** Maps a whole file with a lifetime. */
    public static <M extends MappedMemory> M open(Path path, MapMode mode, Lifetime<M> lifetime)
            throws MappingException {
        return open(path, mode, lifetime, MapOptions.DEFAULT);
    }

    /**
     * Maps a file, or a range of it, with a lifetime.
     *
     * @throws dev.quire.error.FileRefusedException if there is no such file, it cannot be mapped or read, or is too
     *     short
     * @throws dev.quire.error.LimitReachedException if memory, address space or mapped areas are short
     * @throws IllegalArgumentException if the path is not of the default file system, or options contradict the mode
     */
    public static <M extends MappedMemory> M open(Path path, MapMode mode, Lifetime<M> lifetime, MapOptions options)
            throws MappingException {
        return MappingFactory.file(path, mode, lifetime, options);
    }

    /** Maps zeroed memory that has no file, for any thread. */
    public static Mapping anonymous(long byteSize) throws MappingException {
        return anonymous(byteSize, Lifetime.SHARED, MapOptions.DEFAULT);
    }

    /** Maps zeroed memory that has no file, with a lifetime. */
    public static <M extends MappedMemory> M anonymous(long byteSize, Lifetime<M> lifetime) throws MappingException {
        return anonymous(byteSize, lifetime, MapOptions.DEFAULT);
    }

    /**
     * Maps zeroed memory that has no file, readable and writable. Of the options, those about files have no meaning;
     * {@link MapOptions.Option#SHAREABLE} makes it memory that other processes can be given.
     *
     * @param byteSize 0 or more
     * @throws dev.quire.error.LimitReachedException if there is not that much memory
     */
    public static <M extends MappedMemory> M anonymous(long byteSize, Lifetime<M> lifetime, MapOptions options)
            throws MappingException {
        return MappingFactory.anonymous(byteSize, lifetime, options);
    }

    @Override
    public ByteSlice bytes() {
        region.requireOpen();
        ByteSlice now = bytes;
        return now != null ? now : renewed();
    }

    private synchronized ByteSlice renewed() {
        region.requireOpen();
        ByteSlice now = bytes;
        if (now == null) {
            requireOwner();
            if (!arena.scope().isAlive()) {
                arena = newArena();
            }
            now = newViews();
            bytes = now;
        }
        return now;
    }

    private void requireOwner() {
        if (owner != null && !owner.equals(Thread.currentThread())) {
            throw new WrongThreadException("opened by another thread, and confined to it: "
                    + region.subject().text());
        }
    }

    /**
     * Makes the mapping, and the file or memory under it, longer or shorter. Every view handed out before throws
     * {@link IllegalStateException} from now on, whether this succeeds or not; new ones can be taken at once. Contents
     * up to the smaller size stay, new bytes are zero, blocks of a longer file are allocated.
     *
     * @param byteSize 0 or more
     * @throws dev.quire.error.ReadOnlyMemoryException if the mapping is not {@link MapMode#READ_WRITE}
     * @throws dev.quire.error.NotSupportedException if a file goes on behind the mapping: only what ends where its file
     *     ends has a size to change
     * @throws dev.quire.error.SystemFailureException with {@code TIMED_OUT} if a pin, or an end of a ring, keeps the
     *     memory where it is for a minute
     * @throws MappingException if the system refuses; the mapping then is as before, or, if the message says so, closed
     */
    public void resize(long byteSize) throws MappingException {
        changed("resize", () -> RegionChanges.resize(region, byteSize, RegionChanges.CALL_DRAIN_NANOS));
    }

    /**
     * Makes the pages read-only, or writable again. Every view handed out before throws from now on.
     *
     * @throws dev.quire.error.ReadOnlyMemoryException if it shall become writable and was opened read-only
     * @throws dev.quire.error.SystemFailureException with {@code TIMED_OUT} if a pin, or an end of a ring, keeps the
     *     memory as it is for a minute
     */
    public void protect(boolean readOnly) throws MappingException {
        changed("protect", () -> RegionChanges.protect(region, !readOnly, RegionChanges.CALL_DRAIN_NANOS));
    }

    private interface Change {
        void apply() throws MappingException;
    }

    private synchronized void changed(String operation, Change change) throws MappingException {
        region.requireOpen();
        region.requireChangeable(operation);
        requireOwner();
        revoke();
        try {
            change.apply();
        } finally {
            if (!region.isClosed()) {
                renewed();
            }
        }
    }

    /** Every view throws from now on. Whatever fails here, {@link #bytes()} makes views that work. */
    private void revoke() {
        bytes = null;
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private Arena newArena() {
        return owner != null ? Arena.ofConfined() : Arena.ofShared();
    }

    private ByteSlice newViews() {
        return SliceDoor.bytes(region, region.view(arena), 0);
    }

    /**
     * Revokes every view and unmaps, at once or when the last call under way returns and the last pin is closed.
     * Closing again does nothing.
     *
     * @throws WrongThreadException if the mapping is confined to another thread
     * @throws IllegalStateException if a method of the JDK that was given the segment is at work on it; it stays open
     */
    @Override
    public synchronized void close() {
        if (!region.isClosed()) {
            requireOwner();
            revoke();
        }
        region.close();
    }
}
