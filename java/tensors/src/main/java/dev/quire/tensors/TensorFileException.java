package dev.quire.tensors;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file of tensors that is not what it should be, or does not have what was asked of it: the family of failures that
 * come from what a file says, not from the operating system. Every message begins with the file's name. What stands in
 * a message of what the file says is cut to a sensible length, and control characters in it are escaped.
 */
public abstract sealed class TensorFileException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String file;

    private TensorFileException(String file, String problem, @Nullable Throwable cause) {
        super(file + ": " + problem, cause);
        this.file = file;
    }

    /** The file. */
    public String file() {
        return file;
    }

    /** The file has none of the formats. */
    public static final class BadMagic extends TensorFileException {
        private static final long serialVersionUID = 1L;

        BadMagic(String file, String problem) {
            super(file, problem, null);
        }
    }

    /** The header cannot be understood, contradicts itself or the file, or is larger than allowed. */
    public static final class BadHeader extends TensorFileException {
        private static final long serialVersionUID = 1L;

        BadHeader(String file, String problem) {
            super(file, problem, null);
        }

        BadHeader(String file, String problem, Throwable cause) {
            super(file, problem, cause);
        }
    }

    /** A version of the format that Quire does not know. */
    public static final class UnsupportedVersion extends TensorFileException {
        private static final long serialVersionUID = 1L;
        private final String version;

        UnsupportedVersion(String file, String version, String supported) {
            super(file, "format version " + version + " is not supported; Quire reads " + supported, null);
            this.version = version;
        }

        /** The version found. */
        public String version() {
            return version;
        }
    }

    /** A type of elements that is not known, or that cannot be read in the way that was asked for. */
    public static final class UnsupportedType extends TensorFileException {
        private static final long serialVersionUID = 1L;
        private final String type;

        UnsupportedType(String file, String type, String problem) {
            super(file, "type " + type + " " + problem, null);
            this.type = type;
        }

        /** The type, as the format writes it. */
        public String type() {
            return type;
        }
    }

    /** The file ends before what it promises. */
    public static final class Truncated extends TensorFileException {
        private static final long serialVersionUID = 1L;
        private final long expectedBytes;
        private final long foundBytes;

        Truncated(String file, String what, long expectedBytes, long foundBytes) {
            this(file, what, expectedBytes, foundBytes, null);
        }

        Truncated(String file, String what, long expectedBytes, long foundBytes, @Nullable Throwable cause) {
            super(
                    file,
                    "truncated: " + what + " needs a file of "
                            + (expectedBytes == Long.MAX_VALUE ? "more than 2^63 - 2" : "" + expectedBytes)
                            + " bytes, this one has " + foundBytes,
                    cause);
            this.expectedBytes = expectedBytes;
            this.foundBytes = foundBytes;
        }

        /** The least size in bytes the file should have; 2^63 - 1 if that cannot be counted. */
        public long expectedBytes() {
            return expectedBytes;
        }

        /** The size in bytes it has. */
        public long foundBytes() {
            return foundBytes;
        }
    }

    /** The file has no tensor, or no entry of its metadata, of that name. */
    public static final class NotFound extends TensorFileException {
        private static final long serialVersionUID = 1L;

        NotFound(String file, String problem) {
            super(file, problem, null);
        }
    }
}
