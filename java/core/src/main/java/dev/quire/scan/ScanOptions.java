package dev.quire.scan;

import java.util.function.LongConsumer;

/**
 * How a {@link Scan} reads.
 *
 * <p>{@snippet :
 * ScanOptions.DEFAULT.budget(128L << 20).delimiter((byte) '\n')
 * }
 *
 * @param chunkBytes how many bytes a chunk has; the last one may have fewer. A multiple of the record or element size
 *     keeps records and elements whole
 * @param windowBytes how far ahead of the readers pages come in, beside what the operating system reads ahead by
 *     itself; with 0 the scan finds out what the device needs
 * @param budgetBytes how many bytes of pages the scan may keep in memory, window and chunks in use included. Chunks
 *     that readers have or wait for are brought in even if they alone exceed the budget, and what the operating system
 *     reads ahead by itself may exceed it
 * @param overlapBytes how many bytes of the next chunk each chunk shows at its end, so that records that begin in it
 *     are whole
 * @param delimiter the byte that ends a record, 0 to 255, so that chunks end behind one; -1 for none
 * @param isKeeping whether the pages that the scan brings in stay in the operating system's cache; the budget then
 *     limits only how far ahead of the readers pages come in
 * @param progress called after each chunk with the number of bytes done so far, by the thread that read the chunk; an
 *     iterator's chunk counts when the next one is asked for
 */
public record ScanOptions(
        long chunkBytes,
        long windowBytes,
        long budgetBytes,
        long overlapBytes,
        int delimiter,
        boolean isKeeping,
        LongConsumer progress) {
    /** Chunks of 1 MiB, a window that adapts to the device, a budget of 64 MiB. */
    public static final ScanOptions DEFAULT = new ScanOptions(1 << 20, 0, 64 << 20, 0, -1, false, _ -> {});

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of its range, or both an overlap and a delimiter are given
     */
    public ScanOptions {
        if (chunkBytes <= 0 || windowBytes < 0 || budgetBytes <= 0 || overlapBytes < 0) {
            throw new IllegalArgumentException(
                    "chunk and budget must be at least 1, window and overlap at least 0 bytes: chunk " + chunkBytes
                            + ", window " + windowBytes + ", budget " + budgetBytes + ", overlap " + overlapBytes);
        }
        if (delimiter < -1 || delimiter > 255) {
            throw new IllegalArgumentException("delimiter " + delimiter + " is not a byte, 0 to 255");
        }
        if (delimiter >= 0 && overlapBytes > 0) {
            throw new IllegalArgumentException("delimiter " + delimiter + " and an overlap of " + overlapBytes
                    + " bytes: chunks that end behind a record need no overlap");
        }
    }

    /** These options with another {@link #chunkBytes() size of chunks}. */
    public ScanOptions chunk(long bytes) {
        return new ScanOptions(bytes, windowBytes, budgetBytes, overlapBytes, delimiter, isKeeping, progress);
    }

    /** These options with a {@link #windowBytes() window} of a fixed size; 0 for a window that adapts. */
    public ScanOptions window(long bytes) {
        return new ScanOptions(chunkBytes, bytes, budgetBytes, overlapBytes, delimiter, isKeeping, progress);
    }

    /** These options with another {@link #budgetBytes() limit of memory}. */
    public ScanOptions budget(long bytes) {
        return new ScanOptions(chunkBytes, windowBytes, bytes, overlapBytes, delimiter, isKeeping, progress);
    }

    /** These options with chunks that show so many bytes of the next one. */
    public ScanOptions overlap(long bytes) {
        return new ScanOptions(chunkBytes, windowBytes, budgetBytes, bytes, delimiter, isKeeping, progress);
    }

    /**
     * These options with chunks that end behind the last delimiter among their bytes. A record that is longer than a
     * chunk makes its chunk longer.
     */
    public ScanOptions delimiter(byte end) {
        return new ScanOptions(chunkBytes, windowBytes, budgetBytes, overlapBytes, end & 0xFF, isKeeping, progress);
    }

    /** These options with pages that stay in memory behind the readers, for a file that will be read again. */
    public ScanOptions keeping() {
        return new ScanOptions(chunkBytes, windowBytes, budgetBytes, overlapBytes, delimiter, true, progress);
    }

    /** These options with a listener that is told how many bytes are done. */
    public ScanOptions progress(LongConsumer listener) {
        return new ScanOptions(chunkBytes, windowBytes, budgetBytes, overlapBytes, delimiter, isKeeping, listener);
    }
}
