package dev.quire.scan;

import dev.quire.internal.Faults;
import dev.quire.internal.SliceDoor;
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
 * <p>A thread of the scan brings pages in ({@code MADV_WILLNEED}, then {@code MADV_POPULATE_READ}), so that readers
 * take no page fault. Behind the readers it drops the pages that were not in memory before; pages that were stay there.
 * Nothing is dropped where the operating system does not tell what is in memory, and nothing of memory that has no
 * file.
 *
 * <p><b>Chunks</b> are views: no bytes are copied. They come in the order of their offsets, each to one reader. Any
 * number of threads, virtual threads included, may call {@link #forEach} or the parts of the {@link #spliterator()} at
 * once, and share one window and one budget. A chunk is in use during the call that receives it; an iterator's chunk is
 * in use until the next one is asked for. The pages of a chunk in use stay, with those around it in the same 2 MiB, and
 * they count in the budget: if chunks in use fill the budget, pages come in only for readers that wait for them. So a
 * scan exceeds its budget by no more than the chunks in use and what the operating system reads ahead. A chunk that is
 * kept longer stays valid, but its pages may have to be read again.
 *
 * <p><b>Several scans</b> of one file in this process share what they bring in, and the last one to pass a page drops
 * it. Scans in two processes do not know of each other: pages that another process brought in count as having been
 * there before, and may stay.
 *
 * <p><b>Close a scan.</b> The thread of a scan that nobody closes ends, and drops what is left, after the garbage
 * collector has found the scan unreachable or its mapping is closed.
 *
 * <p><b>Errors.</b> A fault is a {@link dev.quire.error.MemoryFaultException} of the reader, also in element loops: a
 * chunk counts as done only when its faults have arrived. When the mapping is closed, resized or protected during the
 * scan, readers get {@link IllegalStateException}, and what is in memory then stays in the operating system's cache.
 * The scan of a lease keeps those changes off until the lease ends.
 */
public final class Scan implements AutoCloseable {
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

    /** A scan of a slice with {@link ScanOptions#DEFAULT}. Nothing is read before the first chunk is asked for. */
    public static Scan of(ByteSlice target) {
        return of(target, ScanOptions.DEFAULT);
    }

    /**
     * A scan of a slice: of a whole mapping by {@code map.bytes()}, of a lease by {@code lease.bytes()}. Nothing is
     * read before the first chunk is asked for.
     */
    public static Scan of(ByteSlice target, ScanOptions options) {
        return new Scan(target, options);
    }

    // ----------------------------------------------------------------------------------------------------- read

    /**
     * Passes every chunk that no other reader takes to an action, and returns when no chunk is left. Any thread may
     * call it.
     *
     * @throws dev.quire.error.MemoryFaultException if bytes are gone, because the file was truncated for example
     * @throws CancellationException if the scan is cancelled or closed, or the thread is interrupted while it waits for
     *     pages; interrupts of a fork-join pool's threads are left alone
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

    /**
     * The chunks as a stream; closing the stream closes the scan. In a parallel stream chunks come in no order:
     * {@link ByteSlice#offset()} tells where a chunk lies. Errors are those of {@link #forEach}.
     */
    public Stream<ByteSlice> stream() {
        return StreamSupport.stream(spliterator(), false).onClose(this::close);
    }

    /**
     * The chunks as a spliterator; each of its parts takes the next chunk of the scan. Errors are those of
     * {@link #forEach}.
     */
    public Spliterator<ByteSlice> spliterator() {
        return new Chunks(
                this, Tunables.PARTS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
    }

    /** The next chunk, with its pages in memory; null behind the last one. The caller releases it. */
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
        try {
            Faults.guarded(SliceDoor.region(target), chunk.offset(), chunk.byteSize(), () -> {
                action.accept(chunk);
                return 0;
            });
        } finally {
            Reference.reachabilityFence(chunk); // an AUTO mapping stays until its faults have arrived
        }
    }

    /** Ends a chunk that was read after the call that received it: makes its faults arrive, counts and releases it. */
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

    /** The pages of a chunk may be dropped. */
    void release(ByteSlice chunk) {
        pager.release(chunk.offset() - target.offset());
    }

    // ------------------------------------------------------------------------------------------------------ end

    /** How many bytes have been read, in chunks that their readers have finished. */
    public long doneBytes() {
        return done.get();
    }

    /** The most bytes of pages that this scan had brought in and not yet dropped, at any moment so far. */
    public long peakBytes() {
        return pager.peakBytes();
    }

    /** How far ahead of the readers pages come in at the moment, in bytes. */
    public long windowBytes() {
        return pager.windowBytes();
    }

    /**
     * Cancels the scan: readers that ask for another chunk get {@link CancellationException}. Any thread may call it;
     * it does not wait for the readers, nor for the pages to be dropped.
     */
    public void cancel() {
        pager.cancel();
    }

    /**
     * Cancels the scan, drops the pages that it brought in, and returns when that is done. Pages that are still being
     * read are waited for, since the system cannot drop them. If other scans of the file run too, it cannot tell which
     * of the pages ahead of its readers are being read, so it waits for all of them: up to its window and 32 MiB. Pages
     * that another process has mapped or locked stay after 10 ms.
     *
     * <p>Any thread may call it, several threads at once too: each call returns when the scan has ended. Closing again
     * does nothing.
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
