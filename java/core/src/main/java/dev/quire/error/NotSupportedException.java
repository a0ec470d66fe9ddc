package dev.quire.error;

/** The platform, the file system or the process's privileges do not allow the call, now or later. */
public final class NotSupportedException extends MappingException {
    private static final long serialVersionUID = 1;

    NotSupportedException(FailureDetails details) {
        super(details);
    }
}
