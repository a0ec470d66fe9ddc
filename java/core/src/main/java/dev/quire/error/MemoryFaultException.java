package dev.quire.error;

import org.jspecify.annotations.Nullable;

/**
 * Mapped bytes could not be read or written: the file was truncated under the mapping, the disk is full under a sparse
 * file, or the device failed. The virtual machine lives, and no value computed from such bytes is handed out.
 *
 * <p>Bulk operations, scans and guarded blocks throw it before they return. Single element accesses are as fast as the
 * hardware and promise only that the virtual machine survives: an error may surface later, in a bulk operation on
 * another mapping too. The message then says so.
 */
public final class MemoryFaultException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String subject;
    private final long offset;
    private final long length;
    private final long sizeNow;

    /**
     * For whoever met the fault.
     *
     * @param subject the path or name, or a description of memory that has neither
     * @param offset of the range that was accessed, in bytes from the beginning of the mapping
     * @param length of that range in bytes
     * @param sizeNow the file's size now, or -1 if it has none or it cannot be told
     * @param cause the error the virtual machine raised, or null if the operating system answered instead
     */
    public MemoryFaultException(
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
