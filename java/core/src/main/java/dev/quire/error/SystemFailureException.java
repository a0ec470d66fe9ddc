package dev.quire.error;

/** The device or the operating system failed, or the call was interrupted or timed out. */
public final class SystemFailureException extends MappingException {
    private static final long serialVersionUID = 1;

    SystemFailureException(FailureDetails details) {
        super(details);
    }
}
