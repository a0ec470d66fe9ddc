package dev.quire.scan;

import java.util.function.LongConsumer;

/**
 * How to scan.
 *
 * <p>{@snippet :
 * ScanOptions.DEFAULT.budget(128L << 20).delimiter((byte) '\n')
 * }
 *
 * @param chunkBytes how many bytes a chunk has, but for the last one; a multiple of the record or element size keeps those
 *     whole
 * @param windowBytes how far pages come in ahead of the readers, beside what the operating system reads ahead by itself;
 *     0 lets the scan find out what the device needs
 * @param budgetBytes how many bytes of pages the scan may keep in memory, window and chunks in use included; chunks that
 *     readers have or wait for are brought in all the same, and alone exceed it, beside what the operating system reads ahead
 *     by itself
 * @param overlapBytes how many bytes of the next chunk each one shows at its end, so that records which begin in it are whole
 * @param delimiter the byte that ends a record, 0 to 255, so that chunks end behind one; -1 for none
 * @param isKeeping whether the pages that the scan brings in stay in the operating system's cache behind it; the budget then
 *     limits only how far ahead of the readers it is
 * @param progress called after each chunk with the number of bytes done, by the thread that read it; for an iterator's when the
 *     next one is asked for
 */
public record ScanOptions(
        long chunkBytes,
        long windowBytes,
        long budgetBytes,
        long overlapBytes,
        int delimiter,
        boolean isKeeping,
        LongConsumer progress) {
    /** Chunks of 1 MiB, a window as the device needs it, a budget of 64 MiB. */
    public static final ScanOptions DEFAULT = new ScanOptions(1 << 20, 0, 64 << 20, 0, -1, false, _ -> {});

    /**
     * @throws IllegalArgumentException if a number is out of its range, or both an overlap and a delimiter are given
     */
    public ScanOptions {
        if (chunkBytes <= 0 || windowBytes < 0 || budgetBytes <= 0 || overlapBytes < 0) {
            throw new IllegalArgumentException("chunk " + chunkBytes + ", window " + windowBytes + ", budget "
                    + budgetBytes + ", overlap " + overlapBytes + " bytes");
        }
        if (delimiter < -1 || delimiter > 255) {
            throw new IllegalArgumentException("delimiter " + delimiter);
        }
        if (delimiter >= 0 && overlapBytes > 0) {
            throw new IllegalArgumentException("delimiter " + delimiter + " and an overlap of " + overlapBytes
                    + " bytes: chunks that end behind a record need no overlap");
        }
    }

    /** With chunks of another size. */
    public ScanOptions chunk(long bytes) {
        return new ScanOptions(bytes, windowBytes, budgetBytes, overlapBytes, delimiter, isKeeping, progress);
    }

    /** With a window that stays as it is. */
    public ScanOptions window(long bytes) {
        return new ScanOptions(chunkBytes, bytes, budgetBytes, overlapBytes, delimiter, isKeeping, progress);
    }

    /** With another limit of memory. */
    public ScanOptions budget(long bytes) {
        return new ScanOptions(chunkBytes, windowBytes, bytes, overlapBytes, delimiter, isKeeping, progress);
    }

    /** With chunks that show the beginning of the next one. */
    public ScanOptions overlap(long bytes) {
        return new ScanOptions(chunkBytes, windowBytes, budgetBytes, bytes, delimiter, isKeeping, progress);
    }

    /**
     * With chunks that end behind the last delimiter among their bytes. A record that is longer than a chunk makes its chunk
     * longer.
     */
    public ScanOptions delimiter(byte end) {
        return new ScanOptions(chunkBytes, windowBytes, budgetBytes, overlapBytes, end & 0xFF, isKeeping, progress);
    }

    /** With pages that stay in memory behind the scan, for a file that will be read again. */
    public ScanOptions keeping() {
        return new ScanOptions(chunkBytes, windowBytes, budgetBytes, overlapBytes, delimiter, true, progress);
    }

    /** With somebody to tell how far it is. */
    public ScanOptions progress(LongConsumer listener) {
        return new ScanOptions(chunkBytes, windowBytes, budgetBytes, overlapBytes, delimiter, isKeeping, listener);
    }
}
