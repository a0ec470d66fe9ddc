package dev.quire.internal.backing;

import dev.quire.error.ErrorCode;
import dev.quire.error.FailureDetails;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.internal.door.ErrorDoor;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_error;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/** Turns the C layer's answer into the exception of its code. */
public final class Failures {
    /**
     * {@code QUIRE_OK}, written out because the first mapping of a process need not set the bindings up; a test
     * compares.
     */
    public static final int OK = 0;

    private Failures() {}

    /** An error of Quire's own: the platform does not offer it. */
    public static MappingException unsupported(String operation, Subject subject, String sentence) {
        return own(operation, subject, ErrorCode.UNSUPPORTED, sentence);
    }

    /** An error of Quire's own: the time given has passed. */
    public static MappingException timedOut(String operation, Subject subject, String sentence) {
        return own(operation, subject, ErrorCode.TIMED_OUT, sentence);
    }

    /** An error of Quire's own. */
    public static MappingException own(String operation, Subject subject, ErrorCode code, String sentence) {
        return ErrorDoor.<MappingException>refused(
                new FailureDetails(operation, subject.text(), -1, -1, code, sentence, "", 0, "", -1));
    }

    /** The same refusal of fewer bytes: those that the user asked for. */
    public static MappingException ofLength(MappingException refused, long length) {
        FailureDetails is = refused.details();
        return ErrorDoor.<MappingException>refused(new FailureDetails(
                is.operation(),
                is.subject(),
                is.offset(),
                length,
                is.code(),
                is.sentence(),
                is.call(),
                is.osNumber(),
                is.osName(),
                is.limit()));
    }

    /** Returns if the frame's last call succeeded, else throws its exception. */
    public static void check(int code, CallFrame frame, String operation, Subject subject, long offset, long length)
            throws MappingException {
        if (code != OK) {
            long limit = quire_error.limit(frame.error);
            throw refused(details(frame.error, operation, subject, offset, length, limit));
        }
    }

    /**
     * Returns if the frame's last call succeeded, else throws its exception; for lost bytes one that says how many
     * bytes the file has now.
     *
     * @param sizeNow asks for them; -1 if nobody can tell
     */
    static void check(
            int code,
            CallFrame frame,
            String operation,
            Subject subject,
            long offset,
            long length,
            LongSupplier sizeNow)
            throws MappingException {
        if (code == ErrorCode.FAULT.number()) {
            throw lost(details(frame.error, operation, subject, offset, length, sizeNow.getAsLong()));
        }
        check(code, frame, operation, subject, offset, length);
    }

    private static MappingException refused(FailureDetails details) {
        String message = details.message();
        return switch (details.code()) {
            case OUT_OF_RANGE -> throw new IndexOutOfBoundsException(message);
            case READ_ONLY -> throw ErrorDoor.readOnly(message);
            case INVALID_ARGUMENT, INVALID_NAME -> throw new IllegalArgumentException(message);
            case FAULT -> throw lost(details);
            default -> ErrorDoor.refused(details);
        };
    }

    /** The exception for lost bytes that the operating system or the C layer reported. */
    static MemoryFaultException lost(FailureDetails details) {
        return ErrorDoor.fault(
                details.message(), details.subject(), details.offset(), details.length(), details.limit(), null);
    }

    private static FailureDetails details(
            MemorySegment error, String operation, Subject subject, long offset, long length, long limit) {
        ErrorCode code = ErrorCode.of(quire_error.code(error));
        int osNumber = quire_error.os_number(error);
        return new FailureDetails(
                operation,
                subject.text(),
                offset,
                length,
                code,
                sentence(code, operation, subject),
                QuireHeader.quire_call_name(quire_error.call(error)).getString(0),
                osNumber,
                QuireHeader.quire_os_number_name(osNumber).getString(0),
                limit);
    }

    /** The C layer has one sentence for files and shared memory; what was named here is one of the two. */
    private static String sentence(ErrorCode code, String operation, Subject subject) {
        boolean isFile = !subject.path().isEmpty();
        String missing = isFile ? operation.equals("create") ? "folder" : "file" : "shared memory";
        return switch (code) {
            case NOT_FOUND -> "there is no such " + missing;
            case EXISTS -> (isFile ? "a file" : "shared memory") + " of that name is there already";
            default -> QuireHeader.quire_code_sentence(code.number()).getString(0);
        };
    }
}
