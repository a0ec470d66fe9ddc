package dev.quire.error;

/** Writing was attempted through a mapping, lease or slice that is read-only. Nothing was written. */
public final class ReadOnlyMemoryException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1;

    ReadOnlyMemoryException(String message) {
        super(message);
    }
}
