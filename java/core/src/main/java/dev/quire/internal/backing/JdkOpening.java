package dev.quire.internal.backing;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.internal.load.LoadFailure;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file that the JDK opened to map a range of it, and what that did to the file, which can be taken back. */
public final class JdkOpening {
    private static final int KNOWN =
            MapFlags.CREATE | MapFlags.CREATE_NEW | MapFlags.EXTEND | MapFlags.SPARSE | MapFlags.NO_FOLLOW;

    private final Path path;
    private final FileChannel channel;
    private final boolean created;
    private final long sizeBefore;
    private long size;
    private @Nullable Extent extent;

    private JdkOpening(Path path, FileChannel channel, boolean created) throws IOException {
        this.path = path;
        this.channel = channel;
        this.created = created;
        this.sizeBefore = channel.size();
        this.size = sizeBefore;
    }

    /** Opens and checks the range: the JDK would make the file longer without a word. */
    static JdkOpening of(Subject subject, long offset, long length, int mode, int flags) throws MappingException {
        if ((flags & MapFlags.EXTEND) != 0 && (flags & MapFlags.SPARSE) == 0) {
            throw Failures.unsupported(
                    "map",
                    subject,
                    "EXTEND allocates blocks, which only the native library does; SPARSE leaves them out: "
                            + NativeLibrary.missing());
        }
        Path path = FileNames.path(subject.path());
        try {
            requireMappable(subject, path, flags);
            return InterruptGuard.run(() -> checked(subject, path, offset, length, mode, flags));
        } catch (MappingException e) {
            throw e;
        } catch (AccessDeniedException e) {
            throw JdkFiles.refused(subject, offset, length, ErrorCode.ACCESS_DENIED, denied(path, e, mode));
        } catch (IOException e) {
            throw JdkFiles.refused(subject, offset, length, JdkFiles.code(e), LoadFailure.reason(e));
        }
    }

    private static JdkOpening checked(Subject subject, Path path, long offset, long length, int mode, int flags)
            throws IOException {
        JdkOpening opening = of(path, mode, flags);
        try {
            opening.checkRange(subject, offset, length, mode, flags);
            return opening;
        } catch (Throwable e) {
            opening.undo();
            throw e;
        }
    }

    private static String denied(Path path, AccessDeniedException e, int mode) {
        boolean needsMore = mode == MapFlags.COPY_ON_WRITE && Files.isReadable(path);
        return needsMore
                ? "copy-on-write needs the permission to write the file, as long as the JDK maps it: "
                        + NativeLibrary.missing()
                : LoadFailure.reason(e);
    }

    // ------------------------------------------------------------------------------------------------------ open

    private static void requireMappable(Subject subject, Path path, int flags) throws MappingException {
        if ((flags & MapFlags.NO_FOLLOW) != 0 && (flags & MapFlags.CREATE_NEW) == 0 && Files.isSymbolicLink(path)) {
            throw JdkFiles.refused(subject, -1, -1, ErrorCode.SYMBOLIC_LINK, "it is a symbolic link");
        }
        if (Files.isDirectory(path)) {
            throw JdkFiles.refused(subject, -1, -1, ErrorCode.IS_DIRECTORY, "it is a directory");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw JdkFiles.refused(subject, -1, -1, ErrorCode.NOT_MAPPABLE, "it is not an ordinary file");
        }
    }

    private static JdkOpening of(Path path, int mode, int flags) throws IOException {
        Set<OpenOption> options = options(mode, flags);
        if ((flags & MapFlags.CREATE_NEW) != 0) {
            return created(path, options);
        }
        try {
            return opened(path, options);
        } catch (NoSuchFileException missing) {
            if ((flags & MapFlags.CREATE) == 0) {
                throw missing;
            }
        }
        try {
            return created(path, options);
        } catch (FileAlreadyExistsException e) { // since a moment ago, or it is a link to no file
            options.add(StandardOpenOption.CREATE);
            return opened(path, options);
        }
    }

    private static JdkOpening opened(Path path, Set<OpenOption> options) throws IOException {
        return new JdkOpening(path, FileChannel.open(path, options), false);
    }

    private static JdkOpening created(Path path, Set<OpenOption> options) throws IOException {
        Set<OpenOption> creating = new HashSet<>(options);
        creating.add(StandardOpenOption.CREATE_NEW);
        return new JdkOpening(path, FileChannel.open(path, creating), true);
    }

    /** To open a file that is there. */
    static Set<OpenOption> options(int mode, int flags) {
        Set<OpenOption> options = new HashSet<>();
        options.add(StandardOpenOption.READ);
        if (mode != MapFlags.READ_ONLY) {
            options.add(StandardOpenOption.WRITE); // the JDK asks for it to map copy-on-write too
        }
        if ((flags & MapFlags.NO_FOLLOW) != 0) {
            options.add(LinkOption.NOFOLLOW_LINKS);
        }
        return options;
    }

    // ----------------------------------------------------------------------------------------------------- range

    /** The JDK would make the file longer without a word. */
    private void checkRange(Subject subject, long offset, long length, int mode, int flags) throws IOException {
        long bytes = length >= 0 ? length : Math.max(0, size - offset);
        if (offset > size - bytes) {
            if (length < 0 || (flags & MapFlags.EXTEND) == 0) {
                throw JdkFiles.refused(
                        subject, offset, bytes, ErrorCode.FILE_TOO_SHORT, "the file has " + size + " bytes");
            }
            if (offset > Long.MAX_VALUE - bytes) {
                throw JdkFiles.refused(subject, offset, bytes, ErrorCode.FILE_TOO_LARGE, "no file can be that long");
            }
            extend(offset + bytes);
        }
        FileStatus file = JdkFiles.status(path);
        extent = Extent.ofFile(file, offset, bytes, size, mode, flags & KNOWN);
    }

    /** As the JDK does it to map what is behind the end. */
    private void extend(long longer) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment _ = channel.map(FileChannel.MapMode.READ_WRITE, longer - 1, 1, arena);
        } finally {
            size = channel.size();
        }
    }

    // ---------------------------------------------------------------------------------------------------- result

    FileChannel channel() {
        return channel;
    }

    Extent extent() {
        return Objects.requireNonNull(extent, "the range was checked");
    }

    /** Closes the file, and takes back what opening it did. */
    void undo() throws IOException {
        try (channel) {
            if (created) {
                Files.deleteIfExists(path);
            } else if (size > sizeBefore && channel.isOpen() && channel.size() == size) {
                channel.truncate(sizeBefore);
            }
        }
    }
}
