package dev.quire.torture;

import static dev.quire.error.ErrorCode.*;

import dev.quire.array.ArrayFileException;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.error.ReadOnlyMemoryException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which exceptions each family of operations may end with, under this sabotage. Whatever is not here is a failure. */
enum Declared {
    /** Bulk reads, stores, loops and scans of memory that has a file. */
    ACCESS(List.of(MemoryFaultException.class, IllegalStateException.class)),
    /** The same of memory that is resized and protected: what was inside may be outside. */
    CHANGING(
            List.of(
                    MemoryFaultException.class,
                    IllegalStateException.class,
                    IndexOutOfBoundsException.class,
                    UnsupportedOperationException.class,
                    IllegalArgumentException.class),
            TIMED_OUT,
            NO_MEMORY,
            MAP_LIMIT,
            HANDLE_LIMIT,
            MEMORY_LIMIT,
            NO_SPACE,
            NOT_FOUND,
            ACCESS_DENIED,
            FILE_REPLACED,
            FILE_TRUNCATED,
            FILE_TOO_SHORT,
            UNSUPPORTED,
            LOCK_LIMIT),
    /** Flush, evict, populate, discard and restore of memory that has a file. */
    PAGES(
            List.of(MemoryFaultException.class, IllegalStateException.class, ReadOnlyMemoryException.class),
            FILE_TRUNCATED,
            FILE_REPLACED,
            NOT_FOUND,
            ACCESS_DENIED,
            HANDLE_LIMIT,
            MAP_LIMIT,
            NO_MEMORY,
            MEMORY_LIMIT),
    /** The same, which may not lock as much as they like. */
    LOCKS(
            List.of(MemoryFaultException.class, IllegalStateException.class),
            LOCK_LIMIT,
            MAP_LIMIT,
            NO_MEMORY,
            MEMORY_LIMIT,
            NOT_PERMITTED),
    OPEN(
            List.of(IllegalStateException.class),
            NOT_FOUND,
            EXISTS,
            ACCESS_DENIED,
            FILE_TOO_SHORT,
            FILE_TRUNCATED,
            FILE_BUSY,
            HANDLE_LIMIT,
            MAP_LIMIT,
            NO_MEMORY,
            MEMORY_LIMIT),
    /** Array files are read, written whole, and appended to. */
    ARRAY(
            List.of(
                    ArrayFileException.Truncated.class,
                    ArrayFileException.BeingWritten.class,
                    ArrayFileException.BadMagic.class,
                    ArrayFileException.BadHeader.class,
                    ArrayFileException.SurplusBytes.class,
                    FileSystemException.class,
                    MemoryFaultException.class,
                    IllegalStateException.class),
            NOT_FOUND,
            ACCESS_DENIED,
            FILE_TOO_SHORT,
            FILE_TRUNCATED,
            FILE_REPLACED,
            FILE_BUSY,
            NO_SPACE,
            HANDLE_LIMIT,
            MAP_LIMIT,
            NO_MEMORY,
            MEMORY_LIMIT),
    SHARED(
            List.of(IllegalStateException.class, FileSystemException.class),
            NOT_FOUND,
            EXISTS,
            TIMED_OUT,
            INTERRUPTED,
            HANDLE_LIMIT,
            MAP_LIMIT,
            NO_MEMORY,
            MEMORY_LIMIT),
    /** What takes as much as there is. */
    LIMITS(List.of(), NO_MEMORY, MEMORY_LIMIT, MAP_LIMIT, HANDLE_LIMIT, LOCK_LIMIT);

    private final List<Class<? extends Exception>> exceptions;
    private final Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);

    Declared(List<Class<? extends Exception>> exceptions, ErrorCode... codes) {
        this.exceptions = exceptions;
        this.codes.addAll(Arrays.asList(codes));
    }

    /**
     * The kind of an exception that is declared.
     *
     * @param subject what an exception has to name: the beginning of the files' paths, or ""
     * @throws AssertionError if it is another one, or names something else
     */
    String kindOf(Throwable thrown, String subject) {
        switch (thrown) {
            case MappingException e
            when codes.contains(e.code()) -> {
                named(e, e.details().subject(), subject);
                return e.code().toString();
            }
            case MemoryFaultException e
            when exceptions.contains(MemoryFaultException.class) -> {
                named(e, e.subject(), subject);
                return "MemoryFaultException";
            }
            case ArrayFileException e
            when exceptions.contains(e.getClass()) -> {
                named(e, e.file(), subject);
                return "ArrayFileException." + e.getClass().getSimpleName();
            }
            case FileSystemException e
            when exceptions.contains(FileSystemException.class) -> {
                named(e, String.valueOf(e.getFile()), subject);
                return e.getClass().getSimpleName();
            }
            case Exception e
            when exceptions.stream().anyMatch(type -> type.isInstance(e)) -> {
                return e.getClass().getSimpleName();
            }
            default -> throw new AssertionError("not declared for " + this + ": " + thrown, thrown);
        }
    }

    /** Rows to append and buffers are anonymous memory, which has no other name than that. */
    private static void named(Exception e, String named, String subject) {
        if (named.equals("anonymous memory")) {
            return;
        }
        if (!named.contains(subject)
                || subject.startsWith("/") && !Path.of(named).isAbsolute()) {
            throw new AssertionError("names " + named + " and not " + subject + ": " + e, e);
        }
    }
}
