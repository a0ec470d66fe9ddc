package dev.quire.shared;

import dev.quire.MapMode;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.backing.Subject;
import dev.quire.internal.backing.SystemQuery;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The named shared memory of this user, and what dead processes left of it, where the platform keeps a list:
 * {@link Capability#LIST_SHARED}.
 */
public final class Segments {
    /** Where named shared memory is that can be listed: {@code shm_overview(7)}. */
    private static final Path FOLDER = Path.of("/dev/shm");

    private Segments() {}

    /**
     * Named shared memory as it was found. Memory that does not begin with a header of Quire's has neither a header nor
     * a creator: another program made it, or its creator was stopped before it wrote the first byte.
     *
     * @param name as it was created, without the {@code quire.} that the system sees before it
     * @param header what it says about itself; empty if it is not complete, is damaged, or has no header of Quire's
     * @param creator who made it; empty if it is to outlive its creator ({@link SharedMemory#keep}), or has no header
     *     of Quire's
     * @param modified when it was created or completed
     */
    public record Segment(
            String name, Optional<SegmentHeader> header, Optional<ProcessIdentity> creator, Instant modified) {
        /**
         * Whether it begins with a header of Quire's that names a creator which is dead. Other processes may have it
         * mapped. Memory without such a header is never an orphan: nothing tells whose it is.
         */
        public boolean isOrphan() {
            return creator.isPresent() && !creator.get().isAlive();
        }
    }

    /**
     * All of this user's whose system names begin with {@code quire.}, by name. Segments of other users, and of names
     * that memory of Quire's cannot have, are left out.
     *
     * @throws dev.quire.error.NotSupportedException without {@link Capability#LIST_SHARED}: the platform keeps no list
     */
    public static List<Segment> list() throws MappingException, IOException {
        SystemQuery.require(
                Capability.LIST_SHARED, "list", Subject.memory("shared memory"), "the platform keeps no list of it");
        List<Segment> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(FOLDER, Creation.PREFIX + "*")) {
            for (Path file : files) {
                String name = file.getFileName().toString().substring(Creation.PREFIX.length());
                Segment segment = name.isEmpty() ? null : look(file, name);
                if (segment != null) {
                    found.add(segment);
                }
            }
        }
        found.sort(Comparator.comparing(Segment::name));
        return found;
    }

    /** Null for what is gone meanwhile, of another user, or no memory of ours at all. */
    private static @Nullable Segment look(Path file, String name) throws IOException {
        try {
            FileTime modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
            Region region = Region.ofSegment(Creation.subject(name), Creation.systemName(name), MapFlags.READ_ONLY);
            try {
                return inside(region, name, modified.toInstant());
            } finally {
                region.close();
            }
        } catch (NoSuchFileException | IllegalArgumentException e) {
            // gone, or of a name that this library refuses and has not made
            return null;
        } catch (MappingException e) {
            if (e.code().kind() == ErrorCode.Kind.FILE) {
                return null;
            }
            throw e;
        }
    }

    static Segment inside(Region region, String name, Instant modified) {
        if (region.length() < SegmentHeader.BYTES) {
            return new Segment(name, Optional.empty(), Optional.empty(), modified);
        }
        try (Arena arena = Arena.ofConfined()) {
            ByteSlice head =
                    SliceDoor.<ByteSlice>bytes(region, region.view(arena), 0).slice(0, SegmentHeader.BYTES);
            Optional<ProcessIdentity> creator = Optional.ofNullable(SegmentHeader.creatorOf(head));
            return new Segment(name, header(region, head), creator, modified);
        } catch (MemoryFaultException truncated) {
            return new Segment(name, Optional.empty(), Optional.empty(), modified);
        }
    }

    private static Optional<SegmentHeader> header(Region region, ByteSlice head) {
        if (!Faults.guarded(region, () -> SegmentHeader.isReady(head))) {
            return Optional.empty();
        }
        try {
            long available = region.length() - SegmentHeader.BYTES;
            return Optional.of(SegmentHeader.read(region.subject(), head, available));
        } catch (MappingException damaged) {
            return Optional.empty();
        }
    }

    /** The segments of {@link #list} that are orphans: {@link Segment#isOrphan}. */
    public static List<Segment> orphans() throws MappingException, IOException {
        return list().stream().filter(Segment::isOrphan).toList();
    }

    /**
     * Removes the names of all {@link #orphans}, without asking; who has the memory mapped keeps it. To let somebody
     * look at them first, pass what was looked at to {@link #removeOrphans(List)}.
     *
     * @return those that were removed
     */
    public static List<Segment> removeOrphans() throws MappingException, IOException {
        return removeOrphans(orphans());
    }

    /**
     * Removes the names of those segments that are orphans and still there as they were found; who has the memory
     * mapped keeps it. Others of the list stay, and so does what this user may not remove.
     *
     * @param found segments of {@link #list} or {@link #orphans}
     * @return those that were removed
     */
    public static List<Segment> removeOrphans(List<Segment> found) throws MappingException, IOException {
        List<Segment> removed = new ArrayList<>();
        for (Segment orphan : found) {
            if (orphan.isOrphan() && isStillThere(orphan) && isUnlinked(orphan.name())) {
                removed.add(orphan);
            }
        }
        return removed;
    }

    /** By the generation in its header, which another of the same name does not have. */
    private static boolean isStillThere(Segment orphan) throws IOException {
        return orphan.equals(look(FOLDER.resolve(Creation.PREFIX + orphan.name()), orphan.name()));
    }

    private static boolean isUnlinked(String name) throws MappingException {
        try {
            SharedMemory.unlink(name);
            return true;
        } catch (MappingException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.ACCESS_DENIED) {
                return false;
            }
            throw e;
        }
    }

    /** What the memory of that name says about itself, without waiting for it. */
    public static SegmentHeader info(String name) throws MappingException {
        try (SharedMemory memory = SharedMemory.open(name, MapMode.READ_ONLY, Duration.ZERO)) {
            return memory.header();
        }
    }
}
