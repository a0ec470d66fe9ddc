package dev.quire.scan;

import java.util.concurrent.TimeUnit;

/**
 * The numbers of this package that no interface of the operating system tells. The package's text has them in a table,
 * with the reason for each.
 */
final class Tunables {
    /** Bytes of the largest page that the page cache of Linux makes, and of the most that it maps around a fault. */
    static final long LARGE_PAGE = 2 << 20;

    /** How far beyond a page that is read the kernel may read ahead, in bytes. */
    static final long REACH = 32 << 20;

    /** The least budget, in bytes, with which a scan lets the kernel read ahead. */
    static final long READ_AHEAD_BUDGET = 64 << 20;

    /** How many pieces a window has where the scan asks for each. */
    static final int PIECES_PER_WINDOW = 4;

    /** The least bytes of a piece. */
    static final long LEAST_PIECE = 64 << 10;

    /** For how long the last scan of a file tries again to drop pages that it could not drop. */
    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** How long it waits between two tries. */
    static final long RETRY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How soon a scan's thread sees that the mapping was closed or that nobody refers to the scan. */
    static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The first size in bytes of a window that adapts. */
    static final long FIRST_WINDOW = 8 << 20;

    /** A larger window must make the scan faster by this factor, or the window grows no more. */
    static final double LEAST_GAIN = 1.05;

    /** How many times its own size is read before a window is judged. */
    static final int WINDOWS_PER_JUDGEMENT = 4;

    /** How many parts for each processor a stream of chunks can be split into. */
    static final int PARTS_PER_PROCESSOR = 4;

    /** How many bytes at a time are searched for a delimiter. */
    static final int DELIMITER_BLOCK = 4 << 10;

    /** How many records a gather has under way unless told otherwise. */
    static final int GATHER_DEPTH = 256;

    /** Bytes of a batch's buffers at most, unless a single record is longer. */
    static final long BUFFER_BYTES = 8 << 20;

    /** Records of a batch that are longer, in bytes, are read in place. */
    static final long MOST_COPIED = 64 << 20;

    /** How many threads of the pool read for one batch at most. */
    static final int MOST_WORKERS = 32;

    /** For how many seconds a thread of the pool waits for more. */
    static final long POOL_SECONDS = 10;

    /** How many times a thread is woken, at most, while so many reads arrive as are under way. */
    static final int WAKES_PER_DEPTH = 4;

    /** How many records of a batch are asked about whether they are in memory. */
    static final int SAMPLES = 4;

    /** For how many batches nobody asks, at most, after the pages were in memory many times. */
    static final int MOST_TRUST = 64;

    /** Pages that take longer to touch, in nanoseconds each, were not in memory. */
    static final long TOUCH_NANOS = 5_000;

    /** How many batches the average of a way's cost goes back. */
    static final int COST_MEMORY = 8;

    /** Reads past the page cache may cost so many times what reads in place cost: they leave memory to others. */
    static final double DIRECT_WORTH = 1.25;

    /** Each so many batches the way that seems to cost more is tried again. */
    static final int TRIAL_BATCHES = 32;

    /** The least bytes of a slot of a buffer: a page of most machines. */
    static final long LEAST_SLOT = 4 << 10;

    /** With so many files open, a batch looks for those that it needs no more. */
    static final int MOST_ROUTES = 1_000;

    private Tunables() {}
}
