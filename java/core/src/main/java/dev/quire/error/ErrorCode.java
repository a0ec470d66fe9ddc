package dev.quire.error;

/**
 * Why a call was refused: the same names and numbers on every platform, pinned by the C layer ({@code quire.h}).
 *
 * <p>The operating system's own number is beside it in {@link MappingException}.
 */
public enum ErrorCode {
    /** An argument is not one of the values the call takes. */
    INVALID_ARGUMENT(1, Kind.MISTAKE),
    /** The range does not lie inside the mapping. */
    OUT_OF_RANGE(2, Kind.MISTAKE),
    /** The mapping or its file does not allow writing. */
    READ_ONLY(3, Kind.MISTAKE),
    /** A name is empty, too long or has a character that is not allowed. */
    INVALID_NAME(4, Kind.MISTAKE),
    /** There is no such file or segment. */
    NOT_FOUND(10, Kind.FILE),
    /** A file or segment of that name is there already. */
    EXISTS(11, Kind.FILE),
    /** The operating system denies access. */
    ACCESS_DENIED(12, Kind.FILE),
    /** The path names a directory. */
    IS_DIRECTORY(13, Kind.FILE),
    /** This kind of file cannot be mapped: a pipe, a socket, a device, a file of {@code /proc}. */
    NOT_MAPPABLE(14, Kind.FILE),
    /** The path ends in a symbolic link, which the caller refused to follow. */
    SYMBOLIC_LINK(15, Kind.FILE),
    /** The range goes beyond the end of the file. */
    FILE_TOO_SHORT(16, Kind.FILE),
    /** The path names another file than the one that was mapped. */
    FILE_REPLACED(17, Kind.FILE),
    /** The file became shorter than the range while it was mapped. */
    FILE_TRUNCATED(18, Kind.FILE),
    /** The file system or the quota is full. */
    NO_SPACE(19, Kind.LIMIT),
    /** The file system or a limit does not allow a file of that size. */
    FILE_TOO_LARGE(20, Kind.LIMIT),
    /** The file is in use in a way that excludes the call. */
    FILE_BUSY(21, Kind.FILE),
    /** The file system is mounted read-only. */
    READ_ONLY_FILE_SYSTEM(22, Kind.FILE),
    /** The device reported an input or output error. */
    IO_ERROR(23, Kind.SYSTEM),
    /** The path is longer than the operating system allows. */
    PATH_TOO_LONG(24, Kind.FILE),
    /** The memory is sealed against this change. */
    SEALED(25, Kind.FILE),
    /** Not enough memory or address space. */
    NO_MEMORY(30, Kind.LIMIT),
    /** The process is near the limit of mapped areas ({@code vm.max_map_count}). */
    MAP_LIMIT(31, Kind.LIMIT),
    /** The limit of locked memory is reached ({@code RLIMIT_MEMLOCK}). */
    LOCK_LIMIT(32, Kind.LIMIT),
    /** The limit of open files is reached. */
    HANDLE_LIMIT(33, Kind.LIMIT),
    /** The memory asked for exceeds what is available or the process group's limit. */
    MEMORY_LIMIT(34, Kind.LIMIT),
    /** Pages of the range cannot be brought into memory: {@link MemoryFaultException}. */
    FAULT(35, Kind.FAULT),
    /** This platform or file system does not offer the call. */
    UNSUPPORTED(40, Kind.SUPPORT),
    /** A signal interrupted the call. */
    INTERRUPTED(41, Kind.SYSTEM),
    /** The time given has passed. */
    TIMED_OUT(42, Kind.SYSTEM),
    /** The call needs a privilege that the process does not have. */
    NOT_PERMITTED(43, Kind.SUPPORT),
    /** The operating system gave a reason that Quire does not know. */
    UNKNOWN(99, Kind.SYSTEM);

    /** Which family of exceptions reports a code. */
    public enum Kind {
        /** The caller's: an unchecked exception of the JDK, or {@link ReadOnlyMemoryException}. */
        MISTAKE,
        /** {@link FileRefusedException}. */
        FILE,
        /** {@link LimitReachedException}. */
        LIMIT,
        /** {@link NotSupportedException}. */
        SUPPORT,
        /** {@link SystemFailureException}. */
        SYSTEM,
        /** {@link MemoryFaultException}. */
        FAULT
    }

    private final int number;
    private final Kind kind;

    ErrorCode(int number, Kind kind) {
        this.number = number;
        this.kind = kind;
    }

    /** The number the C layer gives it. */
    public int number() {
        return number;
    }

    /** Which exceptions report it. */
    public Kind kind() {
        return kind;
    }

    /** The code of a number; {@link #UNKNOWN} for one that is none. */
    public static ErrorCode of(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return UNKNOWN;
    }
}
