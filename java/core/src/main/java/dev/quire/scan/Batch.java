package dev.quire.scan;

import dev.quire.Views;
import dev.quire.error.MappingException;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * Records of any mappings, in any order, that are read at once. It is filled, run, and may be filled again: what it has
 * opened, files and the kernel's ring, stays open until it is closed, so a batch that is used again costs less than a
 * new one.
 *
 * <p>One thread at a time fills and runs it, a platform thread or a virtual one: a virtual thread leaves its carrier to
 * others while it waits. Any thread may cancel or close it. Mappings may be closed meanwhile: the run then ends with an
 * {@link IllegalStateException}.
 */
public final class Batch implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    /** Receives the records. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads a record.
         *
         * @param index what {@link Batch#add} answered
         * @param record its bytes, valid during the call: in place, or in a buffer that is used again afterwards. One
         *     in a buffer is read-only, and its {@link ByteSlice#offset()} is not that in the mapping
         */
        void read(int index, ByteSlice record);
    }

    private final BatchFiles files;
    private final Cleaner.Cleanable cleanable;
    private final List<Request> requests = new ArrayList<>();
    private boolean isRunning;
    private boolean isClosed;
    private volatile boolean isCancelled;

    Batch(ReadOptions options) {
        files = new BatchFiles(Objects.requireNonNull(options, "options"));
        cleanable = CLEANER.register(this, files::close);
    }

    /**
     * Adds a record of a slice. Nothing is read yet.
     *
     * @param offset in bytes, from the slice's first byte
     * @return the record's index: 0 for the first since the batch was made or has run
     * @throws IndexOutOfBoundsException if the record does not lie inside
     * @throws IllegalStateException if the batch is closed or runs
     */
    public synchronized int add(ByteSlice slice, long offset, long length) {
        requireIdle();
        ByteSlice record = slice.slice(offset, length);
        Region region = SliceDoor.region(record);
        requests.add(new Request(requests.size(), files.route(region), record));
        return requests.size() - 1;
    }

    /**
     * Adds a record of a mapping or a lease. Nothing is read yet.
     *
     * @param offset in bytes, from the mapping's first byte
     * @return the record's index: 0 for the first since the batch was made or has run
     * @throws IndexOutOfBoundsException if the record does not lie inside
     * @throws IllegalStateException if the mapping or the batch is closed, or the batch runs
     */
    public int add(Views memory, long offset, long length) {
        return add(memory.bytes(), offset, length);
    }

    /** How many records were added since the batch was made or has run. */
    public synchronized int size() {
        return requests.size();
    }

    /**
     * Reads all records, and hands each to the reader, on the calling thread, in the order in which they come. The
     * batch is empty afterwards, however it ends. An interrupt does not end it; {@link #cancel()} does.
     *
     * @return which way the reads went
     * @throws dev.quire.error.MemoryFaultException if a record's bytes are gone, because its file was truncated for
     *     example; it names the file
     * @throws MappingException if the system refuses to read
     * @throws CancellationException if the batch was cancelled or closed meanwhile
     * @throws IllegalStateException if the batch is closed or runs, or a mapping was closed
     */
    public BatchOutcome run(Reader reader) throws MappingException {
        Objects.requireNonNull(reader, "reader");
        List<Request> asked = begin();
        try {
            return new BatchRun(files, asked, reader, () -> isCancelled).run();
        } finally {
            end();
            Reference.reachabilityFence(this);
        }
    }

    /**
     * As {@link #run}, on a thread of the library's own, which the reader is called on too. Returns at once. Cancelling
     * the future cancels the batch.
     *
     * @return ends with what {@link #run} returns or throws
     * @throws IllegalStateException if the batch is closed or runs
     */
    public CompletableFuture<BatchOutcome> start(Reader reader) {
        Objects.requireNonNull(reader, "reader");
        List<Request> asked = begin();
        CompletableFuture<BatchOutcome> there = new CompletableFuture<>();
        try {
            Blocking.start(() -> finish(asked, reader, there));
        } catch (Throwable e) {
            end();
            throw e;
        }
        return there;
    }

    /** Whoever waits for the future may use the batch again at once. */
    private void finish(List<Request> asked, Reader reader, CompletableFuture<BatchOutcome> there) {
        BatchOutcome outcome = null;
        Throwable failure = null;
        try {
            outcome = new BatchRun(files, asked, reader, () -> isCancelled || there.isDone()).run();
        } catch (Throwable e) {
            failure = e;
        }
        end();
        if (failure == null) {
            there.complete(outcome);
        } else {
            there.completeExceptionally(failure);
        }
    }

    /** Ends a run as soon as what the system is reading has arrived; no more records are handed out. */
    public void cancel() {
        isCancelled = true;
    }

    private synchronized List<Request> begin() {
        requireIdle();
        List<Request> asked = List.copyOf(requests);
        requests.clear();
        isRunning = true;
        isCancelled = false;
        return asked;
    }

    private synchronized void end() {
        isRunning = false;
        if (isClosed) {
            cleanable.clean();
        }
    }

    private void requireIdle() {
        if (isClosed || isRunning) {
            throw new IllegalStateException(isClosed ? "the batch is closed" : "the batch runs");
        }
    }

    /**
     * Closes what the batch has opened. A run under way is cancelled, and closes it when it ends. Closing again does
     * nothing.
     */
    @Override
    public synchronized void close() {
        isClosed = true;
        isCancelled = true;
        if (!isRunning) {
            cleanable.clean();
        }
    }

    @Override
    public synchronized String toString() {
        return (isClosed ? "closed " : "") + "batch of " + requests.size() + " reads, " + files.options();
    }
}
