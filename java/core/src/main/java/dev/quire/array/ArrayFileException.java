package dev.quire.array;

import java.io.IOException;

/**
 * An array file that is not what it should be: the family of failures that come from what a file says, not from the
 * operating system. Every message begins with the file's name, and says what was expected and what was found.
 */
public abstract sealed class ArrayFileException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String file;

    private ArrayFileException(String file, String problem) {
        super(file + ": " + problem);
        this.file = file;
    }

    /** The file, or {@code archive.npz!member}. */
    public String file() {
        return file;
    }

    /** The file does not begin, or a zip archive not end, as its format does. */
    public static final class BadMagic extends ArrayFileException {
        private static final long serialVersionUID = 1L;

        BadMagic(String file, String problem) {
            super(file, problem);
        }
    }

    /** A version of the format that Quire does not know. */
    public static final class UnsupportedVersion extends ArrayFileException {
        private static final long serialVersionUID = 1L;
        private final String version;

        UnsupportedVersion(String file, String version, String supported) {
            super(file, "format version " + version + " is not supported; Quire reads " + supported);
            this.version = version;
        }

        /** The version found, as its format writes it: {@code 4.0}. */
        public String version() {
            return version;
        }
    }

    /** The header cannot be understood, contradicts itself, or is larger than allowed. */
    public static final class BadHeader extends ArrayFileException {
        private static final long serialVersionUID = 1L;

        BadHeader(String file, String problem) {
            super(file, problem);
        }
    }

    /** The file holds another element type than the one asked for. */
    public static final class DTypeMismatch extends ArrayFileException {
        private static final long serialVersionUID = 1L;
        private final String expected;
        private final String found;

        DTypeMismatch(String file, String expected, String found) {
            super(file, "dtype mismatch: expected " + expected + ", found " + found);
            this.expected = expected;
            this.found = found;
        }

        /** What the caller asked for, as NumPy writes it. */
        public String expected() {
            return expected;
        }

        /** What the file has, as NumPy writes it. */
        public String found() {
            return found;
        }
    }

    /** An element type that cannot be mapped, or that the format cannot hold. */
    public static final class UnsupportedDType extends ArrayFileException {
        private static final long serialVersionUID = 1L;
        private final String dtype;

        UnsupportedDType(String file, String dtype, String problem) {
            super(file, "dtype " + dtype + " " + problem);
            this.dtype = dtype;
        }

        /** The type, as NumPy or the format writes it. */
        public String dtype() {
            return dtype;
        }
    }

    /** The file holds another shape than the one asked for or stated elsewhere in it. */
    public static final class ShapeMismatch extends ArrayFileException {
        private static final long serialVersionUID = 1L;

        ShapeMismatch(String file, String problem) {
            super(file, problem);
        }
    }

    /** The file ends before what it promises. */
    public static final class Truncated extends ArrayFileException {
        private static final long serialVersionUID = 1L;
        private final long expectedBytes;
        private final long foundBytes;

        Truncated(String file, String what, long expectedBytes, long foundBytes) {
            super(
                    file,
                    "truncated: " + what + " needs " + expectedBytes + " bytes with the header, the file has "
                            + foundBytes);
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

    /** The archive has no member of that name. */
    public static final class MemberNotFound extends ArrayFileException {
        private static final long serialVersionUID = 1L;

        MemberNotFound(String file, String problem) {
            super(file, problem);
        }
    }

    /** The archive's member is compressed or encrypted, so its bytes in the file are not the array's. */
    public static final class MemberNotMappable extends ArrayFileException {
        private static final long serialVersionUID = 1L;

        MemberNotMappable(String file, String problem) {
            super(file, problem);
        }
    }

    /** Somebody else is appending to the file. */
    public static final class BeingWritten extends ArrayFileException {
        private static final long serialVersionUID = 1L;

        BeingWritten(String file) {
            super(file, "another writer is appending to it");
        }
    }

    /** Bytes lie behind the array, perhaps another one: appending would overwrite them. */
    public static final class SurplusBytes extends ArrayFileException {
        private static final long serialVersionUID = 1L;
        private final long bytes;
        private final long offset;

        SurplusBytes(String file, long bytes, long offset) {
            super(
                    file,
                    bytes + " bytes lie behind the array, from byte " + offset
                            + " on, perhaps another array; appending would overwrite them. "
                            + "Convert the array to a file of its own");
            this.bytes = bytes;
            this.offset = offset;
        }

        /** How many. */
        public long bytes() {
            return bytes;
        }

        /** Where the first one is: where the array ends. */
        public long offset() {
            return offset;
        }
    }

    /** The file, or that part of one, can only be read. */
    public static final class ReadOnly extends ArrayFileException {
        private static final long serialVersionUID = 1L;

        ReadOnly(String file, String problem) {
            super(file, problem);
        }
    }
}
