package dev.quire.internal;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.Refusal;
import dev.quire.internal.door.ErrorDoor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file mapped by the JDK's {@link FileChannel#map}, for a JVM that has no native library or denies native access. The
 * JDK's segments belong to an arena from the beginning, so the file is mapped when its first view is asked for, and the
 * arena unmaps it. Leases have arenas of their own: for each the file is mapped anew, and until the last has ended it stays
 * open.
 */
final class JdkFile {
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    private final Subject subject;
    private final JdkOpening opening;
    private final Extent extent;
    private FileChannel channel;
    private @Nullable MemorySegment mapped;

    /** Views of leases; some may have ended. */
    private final List<MemorySegment> leased = new ArrayList<>();

    private JdkFile(Subject subject, JdkOpening opening) {
        this.subject = subject;
        this.opening = opening;
        this.extent = opening.extent();
        this.channel = opening.channel();
    }

    static JdkFile open(Subject subject, long offset, long length, int mode, int flags) throws MappingException {
        return new JdkFile(subject, JdkOpening.of(subject, offset, length, mode, flags));
    }

    static ErrorCode code(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> ErrorCode.NOT_FOUND;
            case AccessDeniedException _ -> ErrorCode.ACCESS_DENIED;
            case FileAlreadyExistsException _ -> ErrorCode.EXISTS;
            case IOException failed when failed.getCause() instanceof OutOfMemoryError -> ErrorCode.NO_MEMORY;
            default -> ErrorCode.IO_ERROR;
        };
    }

    static MappingException refused(Subject subject, long offset, long length, ErrorCode code, String sentence) {
        return ErrorDoor.<MappingException>refused(
                new Refusal("map", subject.text(), offset, length, code, sentence, "", 0, "", -1));
    }

    Extent extent() {
        return extent;
    }

    /** The owner's view of all of it; the arena that comes first is the one that unmaps it. */
    synchronized MemorySegment view(Arena arena) {
        if (mapped == null) {
            try {
                mapped = map(arena);
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(undone(e));
            }
        }
        return mapped;
    }

    private MappingException undone(IOException e) {
        try {
            opening.undo();
        } catch (IOException second) {
            e.addSuppressed(second);
        }
        return e instanceof MappingException refused
                ? refused
                : refused(subject, extent.fileOffset(), extent.length(), code(e), LoadFailure.reason(e));
    }

    /** A lease's view: the owner's, if there is one that this thread may use, else one that ends with the arena. */
    synchronized MemorySegment leased(Arena arena) {
        try {
            MemorySegment view = usable(arena);
            leased.removeIf(old -> !old.scope().isAlive());
            leased.add(view);
            return view;
        } catch (MappingException e) {
            if (e.code() == ErrorCode.FILE_TRUNCATED) {
                throw Faults.answered(e.refusal());
            }
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MemorySegment usable(Arena arena) throws IOException {
        MemorySegment own = mapped;
        return own != null && own.isAccessibleBy(Thread.currentThread()) ? own : map(arena);
    }

    private MemorySegment map(Arena arena) throws IOException {
        return uninterrupted(() -> mapped(arena));
    }

    /** What a channel is used for. */
    interface Use<T> {
        T done() throws IOException;
    }

    /**
     * Keeps a thread's interrupt away meanwhile: the JDK would close the channel, for all that use it. If one comes in the
     * midst of it, it is done again, with a new channel.
     */
    static <T> T uninterrupted(Use<T> use) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return use.done();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The JDK would make a file longer that is too short by now. Nothing keeps others from cutting it in between. */
    private MemorySegment mapped(Arena arena) throws IOException {
        if (!channel.isOpen()) {
            channel = reopened();
        }
        long size = channel.size();
        if (size < extent.fileOffset() + extent.length()) {
            throw ErrorDoor.<MappingException>refused(new Refusal(
                    "map",
                    subject.text(),
                    extent.fileOffset(),
                    extent.length(),
                    ErrorCode.FILE_TRUNCATED,
                    "the file became shorter than the range while it was mapped",
                    "",
                    0,
                    "",
                    size));
        }
        return channel.map(mode(), extent.fileOffset(), extent.length(), arena);
    }

    private FileChannel reopened() throws IOException {
        FileChannel again =
                FileChannel.open(FileNames.path(subject.path()), JdkOpening.options(extent.mode(), extent.granted()));
        FileStatus now = status(subject);
        if (now.device() == extent.fileDevice() && now.number() == extent.fileNumber()) {
            return again;
        }
        again.close();
        throw refused(subject, -1, -1, ErrorCode.FILE_REPLACED, "the path names another file by now");
    }

    private FileChannel.MapMode mode() {
        if (extent.mode() == MapFlags.READ_ONLY) {
            return FileChannel.MapMode.READ_ONLY;
        }
        return extent.mode() == MapFlags.READ_WRITE ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.PRIVATE;
    }

    /**
     * Writes changes to the device: the JDK has no other durability. Through each view of this thread's, because Windows knows
     * only by a view what was changed in it; elsewhere any view does for all.
     */
    synchronized void force(long offset, long length) throws MappingException {
        if (length == 0 || extent.mode() != MapFlags.READ_WRITE) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            usable(arena).asSlice(offset, length).force();
            for (MemorySegment view : leased) {
                if (view.scope().isAlive() && view.isAccessibleBy(Thread.currentThread())) {
                    view.asSlice(offset, length).force();
                }
            }
        } catch (MappingException e) {
            throw e;
        } catch (UncheckedIOException e) {
            String reason = LoadFailure.reason(Objects.requireNonNull(e.getCause()));
            throw refused(subject, offset, length, ErrorCode.IO_ERROR, reason);
        } catch (IOException e) {
            throw refused(subject, offset, length, code(e), LoadFailure.reason(e));
        }
    }

    /** What only the C layer can do. */
    MappingException cannot(String operation) {
        return Refusals.unsupported(operation, subject, NativeLibrary.missing());
    }

    /** The same for memory that must be writable. */
    void requireWritable() {
        if (!extent.writable()) {
            throw ErrorDoor.readOnly(subject.text() + " was mapped read-only");
        }
    }

    /** After the region's last hold. */
    synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
            return status(FileNames.path(subject.path()));
        } catch (IOException e) {
            throw refused(subject, -1, -1, code(e), LoadFailure.reason(e));
        }
    }
}
