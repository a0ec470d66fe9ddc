package dev.quire.internal.backing;

/**
 * What a path names.
 *
 * @param device with {@code number} the file's identity
 * @param size in bytes
 * @param allocated bytes that have blocks
 * @param modifiedNanos since 1970
 * @param regular whether it is an ordinary file
 */
public record FileStatus(long device, long number, long size, long allocated, long modifiedNanos, boolean regular) {}
