package dev.quire.error;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * The system refused to open, map, resize, flush, lock or create. Four kinds, by what a caller can do about it.
 *
 * <p>The message is one line that says what was attempted, on what, why it was refused and what usually is the cause.
 * Where {@link java.nio.channels.FileChannel} has an exception of its own for that, a {@link NoSuchFileException} for
 * example, it is the {@linkplain #getCause() cause}.
 */
public abstract sealed class MappingException extends IOException
        permits FileRefusedException, LimitReachedException, NotSupportedException, SystemFailureException {
    private static final long serialVersionUID = 1;

    /** Everything known; not serialised. */
    private final transient FailureDetails details;

    MappingException(FailureDetails details) {
        super(details.message());
        this.details = details;
    }

    /** Quire's reason. */
    public ErrorCode code() {
        return details.code();
    }

    /** Everything that is known: operation, subject, range, codes of both sides, the limit met. */
    public FailureDetails details() {
        return details;
    }

    /**
     * The exception of the code's kind.
     *
     * @throws IllegalArgumentException if the code is a caller's mistake or a fault, which are reported otherwise
     */
    static MappingException of(FailureDetails details) {
        MappingException made = switch (details.code().kind()) {
            case FILE -> new FileRefusedException(details);
            case LIMIT -> new LimitReachedException(details);
            case SUPPORT -> new NotSupportedException(details);
            case SYSTEM -> new SystemFailureException(details);
            case MISTAKE, FAULT -> throw new IllegalArgumentException(details.message());
        };
        FileSystemException usual = usual(details);
        if (usual != null) {
            made.initCause(usual);
        }
        return made;
    }

    /** What the JDK's own file channels throw for it. */
    private static @Nullable FileSystemException usual(FailureDetails details) {
        return switch (details.code()) {
            case NOT_FOUND -> new NoSuchFileException(details.subject());
            case EXISTS -> new FileAlreadyExistsException(details.subject());
            case ACCESS_DENIED -> new AccessDeniedException(details.subject());
            default -> null;
        };
    }
}
