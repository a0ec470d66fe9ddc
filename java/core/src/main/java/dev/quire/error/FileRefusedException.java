package dev.quire.error;

/** The file or segment is not there, not allowed, not mappable, too short, in use or not the one that was mapped. */
public final class FileRefusedException extends MappingException {
    private static final long serialVersionUID = 1;

    FileRefusedException(FailureDetails details) {
        super(details);
    }
}
