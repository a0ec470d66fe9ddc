package dev.quire.internal;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.internal.backing.CallFrame;
import dev.quire.internal.backing.Extent;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.FileNames;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.backing.Subject;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_output;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is being written, by the C layer: no interrupt of a thread cuts a step short. A new one has no name
 * until it is whole, where the system has such files; elsewhere it has a temporary one, which goes when the virtual
 * machine ends. One thread at a time.
 */
public final class OutputFile implements AutoCloseable {
    /** What a name of a file that is being made ends in. */
    public static final String TEMPORARY = ".quire-new";

    /** Of a file's own name, in a temporary one: file systems allow 255 bytes, and a character has up to 4. */
    private static final int NAME_CHARACTERS = 50;

    /** A random name that somebody has is no accident. */
    private static final int ATTEMPTS = 16;

    private final Subject subject;
    private final Path file;
    private final Path temporary;

    /** {@code quire_output}; freed when this is unreachable. */
    private final MemorySegment output;

    private OutputFile(Subject subject, Path file, Path temporary) {
        this.subject = subject;
        this.file = file;
        this.temporary = temporary;
        this.output = quire_output.allocate(Arena.ofAuto());
    }

    /** What could not be taken over from a file that was replaced; in the order of the C layer's bits. */
    public enum NotKept {
        OWNER,
        GROUP,
        MODE,
        ATTRIBUTES,
        LINKS
    }

    private interface Call {
        int of(Arena arena, MemorySegment error);
    }

    private void call(String operation, long length, Call call) throws MappingException {
        CallFrame frame = CallFrame.take();
        try (Arena arena = Arena.ofConfined()) {
            Failures.check(call.of(arena, frame.error), frame, operation, subject, -1, length);
        } finally {
            frame.giveBack();
        }
    }

    private static MemorySegment text(Arena arena, Path path) {
        byte[] name = FileNames.bytes(FileNames.text(path));
        MemorySegment text = arena.allocate(name.length + 1L);
        MemorySegment.copy(MemorySegment.ofArray(name), 0, text, 0, name.length);
        return text;
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent(), "a path of a file");
    }

    private MemorySegment folder(Arena arena) {
        return text(arena, folder(file));
    }

    private static Path temporaryFor(Path file) {
        String name =
                Objects.requireNonNull(file.getFileName(), "a path of a file").toString();
        return file.resolveSibling(prefix(name)
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
                + TEMPORARY);
    }

    /**
     * What the names of files begin with that are being made to become one of that name: in ASCII, which every locale
     * can write.
     */
    public static String prefix(String name) {
        int end = name.offsetByCodePoints(0, Math.min(NAME_CHARACTERS, name.codePointCount(0, name.length())));
        return "." + name.substring(0, end).replaceAll("[^\\x00-\\x7f]", "_") + ".";
    }

    /**
     * Begins a new file of zeros with blocks, which {@link #publish} gives its name.
     *
     * @param subject named in messages
     * @param file absolute, no link
     * @param isPrivate whether nobody else may open it meanwhile
     * @param named whether it has a temporary name even where it could do without
     */
    public static OutputFile create(Subject subject, Path file, long length, boolean isPrivate, boolean named)
            throws MappingException {
        NativeLibrary.load();
        int flags =
                (isPrivate ? QuireHeader.QUIRE_OUTPUT_PRIVATE() : 0) | (named ? QuireHeader.QUIRE_OUTPUT_NAMED() : 0);
        for (int attempt = 1; ; attempt++) {
            OutputFile made = new OutputFile(subject, file, temporaryFor(file));
            try {
                made.begin(length, flags);
                return made;
            } catch (MappingException e) {
                if (e.code() != ErrorCode.EXISTS || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void begin(long length, int flags) throws MappingException {
        TemporaryNames.add(temporary);
        boolean named = false;
        try {
            call(
                    "create",
                    length,
                    (arena, error) -> QuireHeader.quire_output_create(
                            folder(arena), text(arena, temporary), length, flags, output, error));
            named = hasTemporaryName();
        } finally {
            if (!named) {
                TemporaryNames.remove(temporary);
            }
        }
    }

    /**
     * Opens a file that is there and locks it against others who do this, in this process or another.
     *
     * @throws dev.quire.error.FileRefusedException with {@code FILE_BUSY} if somebody has the lock
     */
    public static OutputFile open(Subject subject, Path file) throws MappingException {
        NativeLibrary.load();
        OutputFile opened = new OutputFile(subject, file, file);
        opened.call(
                "open", -1, (arena, error) -> QuireHeader.quire_output_open(text(arena, file), opened.output, error));
        return opened;
    }

    /** Whether the file has its temporary name now. */
    public boolean hasTemporaryName() {
        return quire_output.state(output) == QuireHeader.QUIRE_OUTPUT_TEMPORARY();
    }

    /** Maps a range of the file for reading and writing; a length of -1 means up to its end. */
    public Region map(long offset, long length) throws MappingException {
        boolean unnamed = quire_output.state(output) == QuireHeader.QUIRE_OUTPUT_UNNAMED();
        String path = unnamed
                ? "/proc/self/fd/" + quire_output.handle(output)
                : FileNames.text(hasTemporaryName() ? temporary : file);
        int flags = unnamed ? 0 : MapFlags.NO_FOLLOW; // no link when it was opened: one that is there now was planted
        Region region = Region.ofFile(new Subject(path, subject.text()), offset, length, MapFlags.READ_WRITE, flags);
        Extent extent = region.extent();
        if (extent.length() > 0
                && (extent.fileDevice() != quire_output.device(output)
                        || extent.fileNumber() != quire_output.number(output))) {
            region.close();
            throw Failures.own("map", subject, ErrorCode.FILE_REPLACED, "the path names another file by now");
        }
        return region;
    }

    /** Writes bytes at an offset. */
    public void write(long offset, byte[] bytes) throws MappingException {
        call("write to", bytes.length, (arena, error) -> {
            MemorySegment copy = arena.allocate(Math.max(bytes.length, 1));
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, copy, 0, bytes.length);
            return QuireHeader.quire_output_write(output, offset, copy.address(), bytes.length, error);
        });
    }

    /** Makes the file longer in one step: zeros with blocks up to the length, then the tail. */
    public void extend(long length, byte[] tail) throws MappingException {
        call("extend", length + tail.length, (arena, error) -> {
            MemorySegment copy = arena.allocate(tail.length);
            MemorySegment.copy(MemorySegment.ofArray(tail), 0, copy, 0, tail.length);
            return QuireHeader.quire_output_extend(output, length, copy.address(), tail.length, error);
        });
    }

    /** Makes the file shorter. */
    public void cut(long length) throws MappingException {
        call("shorten", length, (_, error) -> QuireHeader.quire_output_cut(output, length, error));
    }

    /** Brings the file's bytes and size to the device; with all, also the rest of what the system knows of it. */
    public void sync(boolean all) throws MappingException {
        call("flush", -1, (_, error) -> QuireHeader.quire_output_sync(output, all ? 1 : 0, error));
    }

    /**
     * Gives the new file its name, when it is on the device, and brings the name there too.
     *
     * @param replace whether a regular file of that name may be there
     * @return what that one had and this one could not take over
     */
    @SuppressWarnings("EnumOrdinal") // in the order of the bits; a test holds them to it
    public Set<NotKept> publish(boolean replace) throws MappingException {
        int flags = replace ? 0 : QuireHeader.QUIRE_OUTPUT_NEW();
        TemporaryNames.add(temporary);
        try {
            call(
                    "replace",
                    -1,
                    (arena, error) -> QuireHeader.quire_output_publish(
                            output, folder(arena), text(arena, temporary), text(arena, file), flags, error));
        } finally {
            if (!hasTemporaryName()) {
                TemporaryNames.remove(temporary);
            }
        }
        Set<NotKept> lost = EnumSet.noneOf(NotKept.class);
        for (NotKept one : NotKept.values()) {
            if ((quire_output.not_kept(output) & 1 << one.ordinal()) != 0) {
                lost.add(one);
            }
        }
        return lost;
    }

    /** Closes the file, and removes it if it is new and was not published. Closing again does nothing. */
    @Override
    public void close() throws MappingException {
        try {
            call("close", -1, (arena, error) -> QuireHeader.quire_output_close(output, text(arena, temporary), error));
        } finally {
            TemporaryNames.remove(temporary);
        }
    }

    /** Whether a path is one that the C layer can be given. */
    public static void requireDefaultFileSystem(Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("not a path of the default file system: " + path.toUri());
        }
    }
}
