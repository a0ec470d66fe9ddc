package dev.quire;

import dev.quire.internal.backing.FileStatus;
import java.time.Instant;

/**
 * What the path of a mapping names now.
 *
 * @param device with {@code number} the file's identity: equal pairs are the same file
 * @param number the inode, or on Windows the file index
 * @param size in bytes
 * @param allocatedBytes bytes that have blocks; less than {@code size} for a sparse file
 * @param modified when it was last changed
 */
public record FileState(long device, long number, long size, long allocatedBytes, Instant modified) {
    static FileState of(FileStatus status) {
        Instant modified = Instant.EPOCH.plusNanos(status.modifiedNanos());
        return new FileState(status.device(), status.number(), status.size(), status.allocated(), modified);
    }

    /** Whether both are the same file, whatever its size. */
    public boolean isSameFile(FileState other) {
        return device == other.device && number == other.number;
    }
}
