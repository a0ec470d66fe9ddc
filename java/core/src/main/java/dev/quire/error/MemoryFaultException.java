package dev.quire.error;

import org.jspecify.annotations.Nullable;

/**
 * Bytes of mapped memory are lost: the file was truncated under the mapping, the disk is full under a sparse file, or
 * the device failed. No value computed from such bytes is handed out.
 *
 * <p>Bulk operations, scans and guarded blocks throw it before they return. Single accesses to elements do not: they
 * read zeros there. {@code MappedMemory.damage()} says what is lost, {@code restore()} brings back what is there again.
 */
public final class MemoryFaultException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String subject;
    private final long offset;
    private final long length;
    private final long sizeNow;

    MemoryFaultException(
            String message, String subject, long offset, long length, long sizeNow, @Nullable Throwable cause) {
        super(message, cause);
        this.subject = subject;
        this.offset = offset;
        this.length = length;
        this.sizeNow = sizeNow;
    }

    /** The path or name of the memory, or a description. */
    public String subject() {
        return subject;
    }

    /** Where the range that was accessed begins, in bytes from the beginning of the mapping. */
    public long offset() {
        return offset;
    }

    /** How long that range is, in bytes. */
    public long length() {
        return length;
    }

    /** The file's size when the fault was noticed, or -1 if there is none or it cannot be told. */
    public long sizeNow() {
        return sizeNow;
    }
}
