package dev.quire.scan;

/** How the reads of a {@link Batch} get their bytes. */
public enum ReadWay {
    /**
     * By what is in memory, by what the file system offers, and by what the last batches cost: see the package's text.
     */
    AUTO,
    /**
     * In place: the pages are asked for all at once, brought in, and read where they are mapped. No byte is copied, and
     * the pages stay in the page cache. It serves every kind of memory.
     */
    MAPPED,
    /**
     * Past the page cache, into buffers of the batch ({@code O_DIRECT} by {@code io_uring}, Linux): leaves no page of
     * the file in memory. Where that is not to be had, BUFFERED serves.
     */
    DIRECT,
    /**
     * Through the page cache, into buffers of the batch, by a pool of threads ({@code pread}, {@code ReadFile}). Memory
     * without a file, or whose changes are its own, is read in place, and so is a file that has been deleted or
     * replaced.
     */
    BUFFERED
}
