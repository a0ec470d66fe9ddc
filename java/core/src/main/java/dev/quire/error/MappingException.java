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
    private final transient Refusal refusal;

    MappingException(Refusal refusal) {
        super(refusal.message());
        this.refusal = refusal;
    }

    /** Quire's reason. */
    public ErrorCode code() {
        return refusal.code();
    }

    /** Everything that is known: operation, subject, range, codes of both sides, the limit met. */
    public Refusal refusal() {
        return refusal;
    }

    /**
     * The exception of the code's kind.
     *
     * @throws IllegalArgumentException if the code is a caller's mistake or a fault, which are reported otherwise
     */
    static MappingException of(Refusal refusal) {
        return switch (refusal.code().kind()) {
            case FILE -> new FileRefusedException(refusal);
            case LIMIT -> new LimitReachedException(refusal);
            case SUPPORT -> new NotSupportedException(refusal);
            case SYSTEM -> new SystemFailureException(refusal);
            case MISTAKE, FAULT -> throw new IllegalArgumentException(refusal.message());
        };
    }
}
