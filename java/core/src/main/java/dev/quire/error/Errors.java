package dev.quire.error;

import dev.quire.internal.door.ErrorDoor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Opens the door through which the rest of the library makes errors. */
final class Errors extends ErrorDoor {
    static {
        open(new Errors());
    }

    private Errors() {}

    @Override
    protected IOException newRefused(Object details) {
        return MappingException.of((FailureDetails) details);
    }

    @Override
    protected RuntimeException newFault(
            String message, String subject, long offset, long length, long sizeNow, @Nullable Throwable cause) {
        return new MemoryFaultException(message, subject, offset, length, sizeNow, cause);
    }

    @Override
    protected RuntimeException newReadOnly(String message) {
        return new ReadOnlyMemoryException(message);
    }
}
