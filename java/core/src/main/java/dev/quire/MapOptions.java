package dev.quire;

import dev.quire.hint.Hint;
import dev.quire.internal.backing.MapFlags;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How memory is mapped. Immutable: each method returns changed options.
 *
 * <p>An option that the platform does not have is left out there; {@link MappedMemory#granted(MapOptions.Option)}
 * tells.
 */
@SuppressWarnings("EnumOrdinal") // the ordinals never leave this class
public final class MapOptions {
    /** The whole file, nothing special. */
    public static final MapOptions DEFAULT = new MapOptions(0, -1, 0, null);

    /** What can be asked for on top of a range. */
    public enum Option {
        /**
         * Create the file if it is missing, without any bytes: add {@link #EXTEND} for a length. Only
         * {@link MapMode#READ_WRITE}.
         */
        CREATE,
        /**
         * Create the file, without any bytes, and refuse if it is there: add {@link #EXTEND} for a length. Only
         * {@link MapMode#READ_WRITE}.
         */
        CREATE_NEW,
        /**
         * A range beyond the end makes the file longer instead of being refused, and allocates its blocks, so that a
         * full disk is noticed now and not as a fault later; only {@link MapMode#READ_WRITE}.
         */
        EXTEND,
        /** With {@link #EXTEND}: do not allocate blocks. Writing to a full disk is a fault then. */
        SPARSE,
        /**
         * Bring the pages in before the call returns: those of a file for reading, none of which is changed or copied.
         */
        POPULATE,
        /** Ask for transparent huge pages. */
        HUGE_PAGES,
        /** Do not count the pages against the commit limit. Given without asking where it is needed to map at all. */
        NO_RESERVE,
        /** Keep the file open, so that replacing the path does not matter later. */
        KEEP_FILE,
        /** Refuse a path that ends in a symbolic link. */
        NO_FOLLOW,
        /** {@link Lifetime#AUTO} for files on Windows too, where they can then not be deleted until collected. */
        DENY_DELETE,
        /** Anonymous memory that other processes can be given. */
        SHAREABLE
    }

    private final long offset;
    private final long length;
    private final int options;
    private final int flags;
    private final @Nullable Hint hint;

    private MapOptions(long offset, long length, int options, @Nullable Hint hint) {
        this.offset = offset;
        this.length = length;
        this.options = options;
        this.hint = hint;
        this.flags = flags(options, hint);
    }

    /**
     * Begins at an offset of the file, which needs no alignment.
     *
     * @param bytes from the beginning of the file
     */
    public MapOptions offset(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("offset " + bytes + " is negative");
        }
        return new MapOptions(bytes, length, options, hint);
    }

    /**
     * Maps that many bytes instead of everything up to the end of the file.
     *
     * @param bytes 0 or more
     */
    public MapOptions length(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("length " + bytes + " is negative");
        }
        return new MapOptions(offset, bytes, options, hint);
    }

    /** Adds options. */
    public MapOptions with(Option... more) {
        int all = options;
        for (Option option : more) {
            all |= 1 << option.ordinal();
        }
        return new MapOptions(offset, length, all, hint);
    }

    /**
     * Gives a hint with the mapping itself. Windows takes {@link Hint#SEQUENTIAL} and {@link Hint#RANDOM} only
     * here, when the file is opened.
     */
    public MapOptions hint(Hint first) {
        return new MapOptions(offset, length, options, Objects.requireNonNull(first, "first"));
    }

    /** Where the range begins in the file. */
    public long offset() {
        return offset;
    }

    /** How long the range is, or -1 for everything up to the end of the file. */
    public long length() {
        return length;
    }

    /** Whether an option was asked for. */
    public boolean has(Option option) {
        return (options >>> option.ordinal() & 1) != 0;
    }

    /** The hint given with the mapping, or null. */
    public @Nullable Hint hint() {
        return hint;
    }

    /** The C layer's flags of these options. */
    int flags() {
        return flags;
    }

    private static int flags(int options, @Nullable Hint hint) {
        int flags = (hint == Hint.SEQUENTIAL ? MapFlags.OPEN_SEQUENTIAL : 0)
                | (hint == Hint.RANDOM ? MapFlags.OPEN_RANDOM : 0);
        for (Option option : Option.values()) {
            flags |= (options >>> option.ordinal() & 1) == 0 ? 0 : flag(option);
        }
        return flags;
    }

    static int flag(Option option) {
        return switch (option) {
            case CREATE -> MapFlags.CREATE;
            case CREATE_NEW -> MapFlags.CREATE_NEW;
            case EXTEND -> MapFlags.EXTEND;
            case SPARSE -> MapFlags.SPARSE;
            case POPULATE -> MapFlags.POPULATE;
            case HUGE_PAGES -> MapFlags.HUGE_PAGES;
            case NO_RESERVE -> MapFlags.NO_RESERVE;
            case KEEP_FILE -> MapFlags.KEEP_FILE;
            case NO_FOLLOW -> MapFlags.NO_FOLLOW;
            case DENY_DELETE, SHAREABLE -> 0;
        };
    }
}
