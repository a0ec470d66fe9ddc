package dev.quire.error;

/**
 * A limit is reached: of memory, of the disk, of the process or its group. The same call may succeed later or smaller.
 */
public final class LimitReachedException extends MappingException {
    private static final long serialVersionUID = 1;

    LimitReachedException(FailureDetails details) {
        super(details);
    }
}
