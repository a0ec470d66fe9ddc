package dev.quire.scan;

import dev.quire.internal.Faults;
import dev.quire.slice.ByteSlice;
import java.lang.ref.Reference;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One pass over mapped memory of any size, chunk by chunk, with the pages coming in ahead of the readers.
 *
 * {@snippet :
 * try (Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.budget(128L << 20))) {
 *     scan.forEach(chunk -> total.add(chunk.doubles().sum()));
 * }
 * }
 *
 * <p>A thread of the scan's own brings pages in ({@code MADV_WILLNEED}, then {@code MADV_POPULATE_READ}), so that readers
 * take no page fault, and drops those behind the readers that were not in memory before; what was stays. Where the
 * operating system does not tell what is in memory, and for memory without a file, nothing is dropped from its cache.
 *
 * <p>Chunks are zero-copy. They come in the order of their offsets, each to one reader: any number of threads, virtual
 * ones included, may call {@link #forEach} or the parts of the {@link #spliterator()} at once, and share one window and one
 * budget. A chunk is in use during the call it is given to, an iterator's until the next one is asked for. While it is, its
 * pages stay, with those around it in the same 2 MiB, however far other readers have gone on, and they count in the budget: if
 * chunks in use fill it, pages come in only for readers that wait for them. So a scan exceeds its budget by no more than the
 * chunks in use and what the operating system reads ahead. A chunk that is kept longer stays valid, but its pages may have to
 * come again.
 *
 * <p>Several scans of one file at once in this process share what they bring in, and the last one to pass a page drops it.
 * Scans in two processes do not know of each other: pages that the other brought in count as having been there before, and may
 * stay. Close a scan; of one that is forgotten the thread ends, and drops what is left, after the garbage collector has found it
 * or its mapping is closed.
 *
 * <p>A fault is a {@link dev.quire.error.MemoryFaultException} of the reader, also in element loops: no chunk counts as done
 * before its faults have arrived. When the mapping is closed, resized or protected under way, readers get
 * {@link IllegalStateException}, and what is in memory then stays in the operating system's cache. Under the scan of a lease
 * nothing of that happens before the lease ends.
 */
public final class Scan implements AutoCloseable {
    /** More parts than threads, so that a thread that comes late finds one. */
    private static final int PARTS_PER_PROCESSOR = 4;

    private final ByteSlice target;
    private final ScanOptions options;
    private final Pager pager;
    private final Delimiters delimiters;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicLong done = new AtomicLong();
    private long next;

    private Scan(ByteSlice target, ScanOptions options) {
        this.target = target;
        this.options = options;
        this.pager = new Pager(this, target, options);
        this.delimiters = new Delimiters(target, options.delimiter());
    }

    /** A scan of a slice in the usual way. */
    public static Scan of(ByteSlice target) {
        return of(target, ScanOptions.DEFAULT);
    }

    /** A scan of a slice: of a whole mapping by {@code map.bytes()}, of a lease by {@code lease.bytes()}. */
    public static Scan of(ByteSlice target, ScanOptions options) {
        return new Scan(target, options);
    }

    // ----------------------------------------------------------------------------------------------------- read

    /**
     * Gives every chunk that no other reader takes to an action, and returns when there is none left.
     *
     * @throws dev.quire.error.MemoryFaultException if bytes cannot be had: the file was truncated
     * @throws CancellationException if the scan is cancelled or closed, or the thread is interrupted, but for the
     *     workers of a fork-join pool
     * @throws IllegalStateException if the mapping is closed, resized or protected
     */
    public void forEach(Consumer<? super ByteSlice> action) {
        try {
            for (ByteSlice chunk = take(); chunk != null; chunk = take()) {
                read(chunk, action);
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void read(ByteSlice chunk, Consumer<? super ByteSlice> action) {
        try {
            use(chunk, action);
            count(chunk);
        } finally {
            release(chunk);
        }
    }

    /** The chunks as a stream; closing it closes the scan. A parallel one has no order: see {@link ByteSlice#offset()}. */
    public Stream<ByteSlice> stream() {
        return StreamSupport.stream(spliterator(), false).onClose(this::close);
    }

    /** The chunks as a spliterator, whose parts take them from one another. */
    public Spliterator<ByteSlice> spliterator() {
        return new Chunks(this, PARTS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
    }

    /** The next chunk, its pages in memory; null behind the last one. To be released. */
    @Nullable
    ByteSlice take() {
        turn.lock();
        try {
            pager.check();
            if (next == target.length()) {
                return null;
            }
            long from = next;
            long behind = endOfChunk(from);
            long shown = sum(behind, options.overlapBytes());
            pager.await(shown);
            pager.take(from, shown, behind);
            next = behind;
            return target.slice(from, shown - from);
        } finally {
            turn.unlock();
        }
    }

    private long endOfChunk(long from) {
        long searched = from;
        long end = sum(from, options.chunkBytes());
        while (options.delimiter() >= 0 && end < target.length()) {
            pager.await(end);
            long found = delimiters.last(searched, end);
            if (found >= 0) {
                return found + 1;
            }
            searched = end;
            end = sum(end, options.chunkBytes());
        }
        return end;
    }

    private long sum(long offset, long bytes) {
        return bytes < target.length() - offset ? offset + bytes : target.length();
    }

    /** Runs an action on a chunk and makes its faults arrive. */
    void use(ByteSlice chunk, Consumer<? super ByteSlice> action) {
        Faults.guarded(target.region(), chunk.offset(), chunk.byteSize(), () -> {
            action.accept(chunk);
            return 0;
        });
    }

    /** Makes the faults arrive of somebody who went on reading a chunk after the call it was given to, counts and releases it. */
    void finish(ByteSlice chunk) {
        try {
            use(chunk, _ -> {});
            count(chunk);
        } finally {
            release(chunk);
        }
    }

    private void count(ByteSlice chunk) {
        long fresh = options.overlapBytes() == 0 ? chunk.byteSize() : Math.min(options.chunkBytes(), chunk.byteSize());
        options.progress().accept(done.addAndGet(fresh));
    }

    /** Says that the pages of a chunk may go. */
    void release(ByteSlice chunk) {
        pager.release(chunk.offset() - target.offset());
    }

    // ------------------------------------------------------------------------------------------------------ end

    /** How many bytes have been read, in chunks that their readers are through with. */
    public long doneBytes() {
        return done.get();
    }

    /** The most bytes of pages that the scan itself had brought in and not dropped again, at any moment so far. */
    public long peakBytes() {
        return pager.peakBytes();
    }

    /** How far pages come in ahead of the readers now, in bytes. */
    public long windowBytes() {
        return pager.windowBytes();
    }

    /** Makes readers that want another chunk get {@link CancellationException}. Any thread may call it; it does not wait. */
    public void cancel() {
        pager.cancel();
    }

    /**
     * Cancels what is under way, waits for pages that are still being read, and drops what the scan brought in and no reader came
     * to. Where other scans of the file are under way too, it reads all that it had asked for or that the kernel may have begun to
     * read, up to its window and 32 MiB. What another process holds it tries to drop for 10 ms. Any thread may call it, several at
     * once too: all return when it is done. Closing again does nothing.
     */
    @Override
    public void close() {
        pager.close();
    }

    @Override
    public String toString() {
        return "scan of " + target + ", " + done + " bytes done";
    }
}
