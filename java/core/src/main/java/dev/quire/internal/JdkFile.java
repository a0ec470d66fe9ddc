package dev.quire.internal;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.error.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file mapped by the JDK's {@link FileChannel#map}, for a JVM that has no native library or denies native access. The
 * JDK's segments belong to an arena from the beginning, so the file is mapped when its first view is asked for, and the
 * arena unmaps it; for leases, which have arenas of their own, there is a shared one under them all.
 */
final class JdkFile {
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final int KNOWN =
            MapFlags.CREATE | MapFlags.CREATE_NEW | MapFlags.EXTEND | MapFlags.SPARSE | MapFlags.NO_FOLLOW;

    private final Subject subject;
    private final FileChannel channel;
    private final Extent extent;
    private @Nullable Arena forLeases;
    private @Nullable MemorySegment mapped;

    private JdkFile(Subject subject, FileChannel channel, Extent extent) {
        this.subject = subject;
        this.channel = channel;
        this.extent = extent;
    }

    /** Opens and checks the range: the JDK would make the file longer without a word. */
    static JdkFile open(Subject subject, long offset, long length, int mode, int flags) throws MappingException {
        boolean extend = (flags & MapFlags.EXTEND) != 0;
        if (extend && (flags & MapFlags.SPARSE) == 0) {
            throw Refusals.unsupported("map", subject, "EXTEND without SPARSE: " + NativeLibrary.missing());
        }
        Path path = Path.of(subject.path());
        try {
            requireMappable(subject, path);
            FileChannel channel = FileChannel.open(path, options(mode, flags));
            try {
                long size = channel.size();
                long bytes = length >= 0 ? length : Math.max(0, size - offset);
                boolean isBeyond = length < 0 ? offset > size : offset > size - bytes && !extend;
                if (isBeyond) {
                    throw refused(subject, offset, bytes, ErrorCode.FILE_TOO_SHORT, "the file has " + size + " bytes");
                }
                return new JdkFile(subject, channel, extent(status(path), size, offset, bytes, mode, flags));
            } catch (Throwable e) {
                channel.close();
                throw e;
            }
        } catch (MappingException e) {
            throw e;
        } catch (IOException e) {
            throw refused(subject, offset, length, code(e), LoadFailure.reason(e));
        }
    }

    private static Extent extent(FileStatus file, long size, long offset, long bytes, int mode, int flags) {
        boolean writable = mode != MapFlags.READ_ONLY;
        return new Extent(
                0,
                bytes,
                0,
                bytes,
                offset,
                size,
                file.device(),
                file.number(),
                -1,
                mode,
                0,
                flags & KNOWN,
                0,
                writable);
    }

    private static void requireMappable(Subject subject, Path path) throws MappingException {
        if (Files.isDirectory(path)) {
            throw refused(subject, -1, -1, ErrorCode.IS_DIRECTORY, "it is a directory");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw refused(subject, -1, -1, ErrorCode.NOT_MAPPABLE, "it is not an ordinary file");
        }
    }

    private static Set<OpenOption> options(int mode, int flags) {
        Set<OpenOption> options = new HashSet<>();
        options.add(StandardOpenOption.READ);
        if (mode != MapFlags.READ_ONLY) {
            options.add(StandardOpenOption.WRITE); // the JDK asks for it to map copy-on-write too
        }
        if ((flags & MapFlags.CREATE) != 0) {
            options.add(StandardOpenOption.CREATE);
        }
        if ((flags & MapFlags.CREATE_NEW) != 0) {
            options.add(StandardOpenOption.CREATE_NEW);
        }
        if ((flags & MapFlags.NO_FOLLOW) != 0) {
            options.add(LinkOption.NOFOLLOW_LINKS);
        }
        return options;
    }

    private static ErrorCode code(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> ErrorCode.NOT_FOUND;
            case AccessDeniedException _ -> ErrorCode.ACCESS_DENIED;
            case FileAlreadyExistsException _ -> ErrorCode.EXISTS;
            default -> ErrorCode.IO_ERROR;
        };
    }

    private static MappingException refused(
            Subject subject, long offset, long length, ErrorCode code, String sentence) {
        return MappingException.of(new Refusal("map", subject.text(), offset, length, code, sentence, "", 0, "", -1));
    }

    Extent extent() {
        return extent;
    }

    /** All of it; the arena that comes first is the one that unmaps it. */
    synchronized MemorySegment view(Arena arena) {
        if (mapped == null) {
            try (channel) {
                mapped = channel.map(mode(), extent.fileOffset(), extent.length(), arena);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        refused(subject, extent.fileOffset(), extent.length(), code(e), LoadFailure.reason(e)));
            }
        }
        return mapped;
    }

    /** The same for a lease: stays readable until the mapping is closed and its last lease has ended. */
    synchronized MemorySegment leased() {
        if (forLeases == null) {
            forLeases = Arena.ofShared();
        }
        return view(forLeases);
    }

    private FileChannel.MapMode mode() {
        if (extent.mode() == MapFlags.READ_ONLY) {
            return FileChannel.MapMode.READ_ONLY;
        }
        return extent.mode() == MapFlags.READ_WRITE ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.PRIVATE;
    }

    /** Writes changes to the device: the JDK has no other durability. */
    void force(long offset, long length) throws MappingException {
        MemorySegment all = mapped;
        if (all != null && length > 0 && extent.mode() == MapFlags.READ_WRITE) {
            try {
                all.asSlice(offset, length).force();
            } catch (UncheckedIOException e) {
                throw refused(
                        subject,
                        offset,
                        length,
                        ErrorCode.IO_ERROR,
                        LoadFailure.reason(Objects.requireNonNull(e.getCause())));
            }
        }
    }

    /** What only the C layer can do. */
    MappingException cannot(String operation) {
        return Refusals.unsupported(operation, subject, NativeLibrary.missing());
    }

    /** The same for memory that must be writable. */
    void requireWritable() {
        if (!extent.writable()) {
            throw new ReadOnlyMemoryException(subject.text() + " was mapped read-only");
        }
    }

    /** After the region's last hold. */
    synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (forLeases != null) {
            forLeases.close();
        }
    }

    /**
     * What a path names now. Allocated blocks are not to be had from the JDK: the size stands for them. Nor is a number on
     * Windows, where the name stands for it: nobody can replace a file there that is mapped.
     */
    static FileStatus status(Path path) throws IOException {
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
        long device = UNIX ? (Long) Files.getAttribute(path, "unix:dev") : 0;
        long number = UNIX
                ? (Long) Files.getAttribute(path, "unix:ino")
                : path.toRealPath().toString().hashCode();
        long modified = file.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        return new FileStatus(device, number, file.size(), file.size(), modified, file.isRegularFile());
    }

    /** The same, with a refusal. */
    static FileStatus status(Subject subject) throws MappingException {
        try {
            return status(Path.of(subject.path()));
        } catch (IOException e) {
            throw refused(subject, -1, -1, code(e), LoadFailure.reason(e));
        }
    }
}
