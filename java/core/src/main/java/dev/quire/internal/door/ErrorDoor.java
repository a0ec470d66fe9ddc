package dev.quire.internal.door;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the errors of the library. Their package opens it; it is not named here, because it builds on this one. */
public abstract class ErrorDoor {
    private static volatile @Nullable ErrorDoor opened;

    /** Called once, when the first class of errors is initialised. */
    protected static void open(ErrorDoor door) {
        opened = door;
    }

    /** The {@code MappingException} of a code's kind, from its details. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the one type that there is
    public static <E extends IOException> E refused(Object details) {
        return (E) Open.DOOR.newRefused(details);
    }

    /**
     * The {@code MemoryFaultException} about a range.
     *
     * @param subject the path or name, or a description of memory that has neither
     * @param sizeNow the file's size now, or -1
     * @param cause the error of the virtual machine, where faults are not healed
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the one type that there is
    public static <E extends RuntimeException> E fault(
            String message, String subject, long offset, long length, long sizeNow, @Nullable Throwable cause) {
        return (E) Open.DOOR.newFault(message, subject, offset, length, sizeNow, cause);
    }

    /** The {@code ReadOnlyMemoryException} that says what is read-only, and how to get it writable. */
    public static RuntimeException readOnly(String message) {
        return Open.DOOR.newReadOnly(message);
    }

    protected abstract IOException newRefused(Object details);

    protected abstract RuntimeException newFault(
            String message, String subject, long offset, long length, long sizeNow, @Nullable Throwable cause);

    protected abstract RuntimeException newReadOnly(String message);

    private static final class Open {
        static final ErrorDoor DOOR = initialised();

        private static ErrorDoor initialised() {
            try {
                Class.forName("dev.quire.error.Errors", true, ErrorDoor.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new LinkageError("the class that makes errors is missing", e);
            }
            return Objects.requireNonNull(opened);
        }
    }
}
