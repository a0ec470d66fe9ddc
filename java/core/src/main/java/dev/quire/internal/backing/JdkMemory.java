package dev.quire.internal.backing;

import dev.quire.error.ErrorCode;
import dev.quire.error.FailureDetails;
import dev.quire.error.MappingException;
import dev.quire.hint.Durability;
import dev.quire.internal.door.ErrorDoor;
import dev.quire.internal.load.LoadFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file mapped by the JDK's {@link FileChannel#map}, for a JVM that has no native library or denies native access. The
 * JDK's segments belong to an arena from the beginning, so the file is mapped when its first view is asked for, and the
 * arena unmaps it. Leases have arenas of their own: for each the file is mapped anew, and until the last has ended it
 * stays open.
 */
public final class JdkMemory extends UnaidedMemory {
    private final JdkOpening opening;
    private final Extent extent;
    private FileChannel channel;
    private @Nullable MemorySegment mapped;

    /** Views of leases; some may have ended. */
    private final List<MemorySegment> leased = new ArrayList<>();

    private JdkMemory(Subject subject, JdkOpening opening) {
        super(subject);
        this.opening = opening;
        this.extent = opening.extent();
        this.channel = opening.channel();
    }

    public static JdkMemory open(Subject subject, long offset, long length, int mode, int flags)
            throws MappingException {
        return new JdkMemory(subject, JdkOpening.of(subject, offset, length, mode, flags));
    }

    public Extent extent() {
        return extent;
    }

    /** The owner's view: the arena that comes first unmaps it. */
    @Override
    public synchronized MemorySegment view(Extent now, Arena arena, @Nullable Consumer<MemorySegment> atEnd) {
        MemorySegment view = mapped;
        if (view == null) {
            try {
                view = map(arena);
                mapped = view;
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(undone(e));
            }
        }
        return view;
    }

    private MappingException undone(IOException e) {
        try {
            opening.undo();
        } catch (IOException second) {
            e.addSuppressed(second);
        }
        return e instanceof MappingException refused
                ? refused
                : JdkFiles.refused(
                        subject, extent.fileOffset(), extent.length(), JdkFiles.code(e), LoadFailure.reason(e));
    }

    /** The owner's view, if there is one that this thread may use, else one that ends with the arena. */
    @Override
    public synchronized MemorySegment leasedView(Extent now, Arena arena) {
        return counted(() -> usable(arena));
    }

    /** The owner's view goes with its arena, so this maps the file once more. */
    @Override
    public synchronized MemorySegment pinnedView(Extent now, Arena arena) {
        if (extent.mode() == MapFlags.COPY_ON_WRITE) {
            throw new UnsupportedOperationException(
                    "mapped by the JDK, a pin would not see the private changes of " + subject.text());
        }
        return counted(() -> map(arena));
    }

    private interface Viewing {
        MemorySegment view() throws IOException;
    }

    private MemorySegment counted(Viewing viewing) {
        try {
            MemorySegment view = viewing.view();
            leased.removeIf(old -> !old.scope().isAlive());
            leased.add(view);
            return view;
        } catch (MappingException e) {
            if (e.code() == ErrorCode.FILE_TRUNCATED) {
                throw Failures.lost(e.details());
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
        return InterruptGuard.run(() -> mapped(arena));
    }

    /** The JDK would make a file longer that is too short by now. Nothing keeps others from cutting it in between. */
    private MemorySegment mapped(Arena arena) throws IOException {
        if (!channel.isOpen()) {
            channel = reopened();
        }
        long size = channel.size();
        if (size < extent.fileOffset() + extent.length()) {
            throw ErrorDoor.<MappingException>refused(new FailureDetails(
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
        FileStatus now = JdkFiles.status(subject);
        if (now.device() == extent.fileDevice() && now.number() == extent.fileNumber()) {
            return again;
        }
        again.close();
        throw JdkFiles.refused(subject, -1, -1, ErrorCode.FILE_REPLACED, "the path names another file by now");
    }

    private FileChannel.MapMode mode() {
        if (extent.mode() == MapFlags.READ_ONLY) {
            return FileChannel.MapMode.READ_ONLY;
        }
        return extent.mode() == MapFlags.READ_WRITE ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.PRIVATE;
    }

    /**
     * Writes changes to the device: the JDK has no other durability. Through each view of this thread's, because
     * Windows knows only by a view what was changed in it; elsewhere any view does for all.
     */
    @Override
    public synchronized void flush(Extent now, long offset, long length, Durability durability)
            throws MappingException {
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
            throw JdkFiles.refused(subject, offset, length, ErrorCode.IO_ERROR, reason);
        } catch (IOException e) {
            throw JdkFiles.refused(subject, offset, length, JdkFiles.code(e), LoadFailure.reason(e));
        }
    }

    @Override
    public synchronized void unmap(Extent now) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FileStatus file() throws MappingException {
        return JdkFiles.status(subject);
    }

    @Override
    public long sizeNow(Extent mappedNow) {
        try {
            FileStatus now = JdkFiles.status(subject);
            return now.device() == extent.fileDevice() && now.number() == extent.fileNumber() ? now.size() : -1;
        } catch (MappingException e) {
            return -1; // gone
        }
    }

    @Override
    String why() {
        return NativeLibrary.missing();
    }
}
