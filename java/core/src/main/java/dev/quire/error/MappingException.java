package dev.quire.error;

import java.io.IOException;

/**
 * The system refused to open, map, resize, flush, lock or create. Four kinds, by what a caller can do about it.
 *
 * <p>The message is one line that says what was attempted, on what, why it was refused and what usually is the cause.
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
        return switch (details.code().kind()) {
            case FILE -> new FileRefusedException(details);
            case LIMIT -> new LimitReachedException(details);
            case SUPPORT -> new NotSupportedException(details);
            case SYSTEM -> new SystemFailureException(details);
            case MISTAKE, FAULT -> throw new IllegalArgumentException(details.message());
        };
    }
}
