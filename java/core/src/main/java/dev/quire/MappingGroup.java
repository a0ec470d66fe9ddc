package dev.quire;

import dev.quire.error.MappingException;
import dev.quire.internal.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Mappings that are opened one by one and end together. Closing a {@link Lifetime#SHARED} mapping costs a handshake
 * with every thread of the virtual machine; closing a group costs one for all of its mappings. For what is opened and
 * closed as a whole, such as the files of a search index's segment.
 *
 * {@snippet :
 * try (MappingGroup group = new MappingGroup()) {
 *     GroupedMapping terms = group.open(folder.resolve("terms"), MapMode.READ_ONLY);
 *     GroupedMapping postings = group.open(folder.resolve("postings"), MapMode.READ_ONLY);
 *     search(terms.bytes(), postings.bytes());
 * }
 * }
 *
 * <p>A group may be used by any thread. One that is never closed keeps its mappings until the process ends.
 */
public final class MappingGroup implements AutoCloseable {
    private final Lifetime<GroupedMapping> lifetime = Lifetime.of(this);
    private final Arena arena = Arena.ofShared();
    private final Executor unmapper;

    /** Guarded by this object. */
    private final List<Region> regions = new ArrayList<>();

    /** A group whose mappings are unmapped by the thread that closes it. */
    public MappingGroup() {
        this(Runnable::run);
    }

    /**
     * A group whose mappings are unmapped by an executor, after {@link #close()} has revoked their views: the more
     * pages of a mapping are in memory, the longer it takes.
     *
     * @param unmapper gets one task for each close; if it refuses it, the thread that closes unmaps
     */
    public MappingGroup(Executor unmapper) {
        this.unmapper = unmapper;
    }

    /** Maps a whole file. */
    public GroupedMapping open(Path path, MapMode mode) throws MappingException {
        return Mapping.open(path, mode, lifetime);
    }

    /**
     * Maps a file, or a range of it.
     *
     * @throws dev.quire.error.FileRefusedException if there is no such file, it cannot be mapped or read, or is too
     *     short
     * @throws dev.quire.error.LimitReachedException if memory, address space or mapped areas are short
     * @throws IllegalStateException if the group is closed
     */
    public GroupedMapping open(Path path, MapMode mode, MapOptions options) throws MappingException {
        return Mapping.open(path, mode, lifetime, options);
    }

    /**
     * The lifetime of the group's mappings, for whatever opens with one: {@link Mapping#anonymous(long, Lifetime)},
     * {@link dev.quire.array.ArrayOptions#lifetime}. Opening throws {@link IllegalStateException} when the group is
     * closed.
     */
    public Lifetime<GroupedMapping> lifetime() {
        return lifetime;
    }

    /** The views of a new member. */
    synchronized MemorySegment join(Region region) {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException(
                    "closed: the group that " + region.subject().text() + " was opened for");
        }
        MemorySegment view = region.view(arena);
        regions.add(region);
        return view;
    }

    /**
     * Revokes every view of every mapping, by one handshake with all threads, and unmaps: each mapping at once, or when
     * the last call under way on it returns. Closing again does nothing.
     *
     * @throws IllegalStateException if a method of the JDK that was given a segment is at work on it; all stay open
     */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        List<Region> left = new ArrayList<>(regions.size());
        try {
            for (Region region : regions) {
                if (!region.isClosed()) {
                    region.lease(); // keeps it mapped until its turn comes below
                    left.add(region);
                    region.close();
                }
            }
            regions.clear();
        } finally {
            if (!left.isEmpty()) {
                unmap(left);
            }
        }
    }

    private void unmap(List<Region> left) {
        Runnable task = () -> left.forEach(Region::endLease);
        try {
            unmapper.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    @Override
    public synchronized String toString() {
        return arena.scope().isAlive() ? "group of " + regions.size() + " mappings" : "closed group of mappings";
    }
}
