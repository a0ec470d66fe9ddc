package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.scan.Helper.Task;
import dev.quire.slice.ByteSlice;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Between the readers of a scan and its helper, which keeps pages ahead of them and drops them behind: what the ones want, and
 * what the other has to do next. Offsets count from the target's first byte.
 */
final class Pager {
    /** How soon the helper sees that the mapping was closed or the scan forgotten, which nobody tells it. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Reference<Scan> scan;
    private final ByteSlice target;
    private final ScanOptions options;
    private final long size;
    private final Window window;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Pieces pieces = new Pieces();
    private long wanted;
    private volatile long peakBytes;
    private @Nullable Thread helper;
    private @Nullable Throwable failure;
    private boolean cancelled;

    /** Ends when it is closed, or when nobody has the scan any more. */
    Pager(Scan scan, ByteSlice target, ScanOptions options) {
        this.scan = new WeakReference<>(scan);
        this.target = target;
        this.options = options.progress(_ -> {}); // what the user's own refers to may be the scan
        this.size = target.byteSize();
        this.window = new Window(options.windowBytes(), options.budgetBytes(), System::nanoTime);
    }

    // -------------------------------------------------------------------------------------------------- readers

    /** Fails as the scan has failed. */
    void check() {
        await(0);
    }

    /** Returns when all pages before an offset are in memory. */
    void await(long end) {
        lock.lock();
        try {
            throwFailure();
            wanted = Math.max(wanted, end);
            if (pieces.ready() < end) {
                window.starved(pieces.ready());
                start();
                changed.signalAll();
            }
            awaitReady(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for pages of " + target);
        } finally {
            lock.unlock();
        }
    }

    private void start() {
        if (helper == null) {
            helper = Thread.ofPlatform().daemon().name("quire-scan").start(new Helper(this, target, options));
        }
    }

    /**
     * An interrupt ends the scan of the thread that it is for. A worker of a pool may have one that is left from a part of
     * another stream: the virtual machine interrupts whoever is reading a shared mapping when it is closed.
     */
    private void awaitReady(long end) throws InterruptedException {
        boolean isPooled = Thread.currentThread() instanceof ForkJoinWorkerThread;
        while (pieces.ready() < end) {
            if (isPooled) {
                changed.awaitUninterruptibly();
            } else {
                changed.await();
            }
            throwFailure();
        }
    }

    /** A reader has the bytes between two offsets; the next chunk begins at the third. */
    void take(long from, long end, long next) {
        change(() -> pieces.take(from, end, next));
    }

    /** The reader of the chunk that began there is through with it. */
    void release(long from) {
        change(() -> pieces.release(from));
    }

    private void change(Runnable step) {
        note(() -> {
            step.run();
            changed.signalAll();
        });
    }

    /** What nobody waits for. */
    private void note(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    private void throwFailure() {
        Throwable cause = failure;
        if (cause instanceof Error e) {
            throw e;
        }
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof MappingException e) {
            throw new UncheckedIOException(e);
        }
        if (cancelled) {
            throw new CancellationException("the scan of " + target + " was cancelled");
        }
        if (!isAlive()) {
            throw closed(null);
        }
    }

    private IllegalStateException closed(@Nullable Throwable cause) {
        return new IllegalStateException("closed, resized or protected under the scan: " + target, cause);
    }

    // ---------------------------------------------------------------------------------------------------- facts

    boolean isAlive() {
        return target.segment().scope().isAlive();
    }

    long peakBytes() {
        return peakBytes;
    }

    long windowBytes() {
        return window.bytes();
    }

    // ------------------------------------------------------------------------------------------------------ end

    void cancel() {
        change(() -> cancelled = true);
    }

    /** Waits for the helper, which drops what is left. It is never in one call for longer than a piece takes. */
    void close() {
        cancel();
        Thread thread = helper;
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // --------------------------------------------------------------------------------------------------- helper

    /** Waits until there is something to do. */
    Task next(Feed feed) {
        lock.lock();
        try {
            while (!cancelled && isAlive() && !scan.refersTo(null)) {
                Task task = due(feed);
                if (task != null) {
                    return task;
                }
                try {
                    changed.awaitNanos(LOOK_NANOS);
                } catch (InterruptedException _) {
                    // nobody knows of this thread: whoever interrupts all that read a mapping means others
                }
            }
            return Task.END;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Task due(Feed feed) {
        boolean isRead = pieces.taken() == size && pieces.ready() == size;
        if (isRead) {
            pieces.passAll();
        }
        if (pieces.hasThrough()) {
            return Task.DROP;
        }
        if (isRead) {
            return pieces.isEmpty() ? Task.END : null;
        }
        if (failure != null) {
            return null;
        }
        if (pieces.known() < feed.limit() && isDue(feed, pieces.known() - feed.reach())) {
            return Task.KNOW;
        }
        if (feed.readsAhead()) {
            boolean isKnown = pieces.ready() < Math.min(pieces.known(), size);
            return isKnown && isDue(feed, pieces.ready()) ? Task.POPULATE : null;
        }
        Piece next = pieces.firstKnown();
        if (next != null && next.from() < size && isDue(feed, next.from())) {
            return Task.ASK;
        }
        return pieces.ready() < Math.min(pieces.coming(), size) ? Task.POPULATE : null;
    }

    /** Whether the pages from there on shall come in: a reader waits for them, or there is room. */
    private boolean isDue(Feed feed, long from) {
        long end = from + feed.pieceBytes();
        boolean isInWindow = end - pieces.taken() <= Math.max(window.bytes(), feed.pieceBytes());
        return from < wanted || (isInWindow && pieces.bytesUpTo(end) <= options.budgetBytes());
    }

    /** The pieces, for the helper to look at what only it changes. */
    Pieces pieces() {
        return pieces;
    }

    /** It is known what of a piece was in memory. */
    void add(Piece piece) {
        note(() -> pieces.add(piece));
    }

    /** All pages before an offset are in memory. */
    void setReady(long end) {
        change(() -> {
            pieces.comeUpTo(end);
            pieces.setReady(end);
        });
    }

    /** What begins before an offset is coming, and something more is in memory for a moment. */
    void count(long end, long moreBytes) {
        note(() -> {
            pieces.comeUpTo(end);
            peakBytes = Math.max(peakBytes, pieces.bytes() + moreBytes);
        });
    }

    /** Takes a piece that no reader can want any more. */
    @Nullable
    Piece pollThrough() {
        lock.lock();
        try {
            return pieces.pollThrough();
        } finally {
            lock.unlock();
        }
    }

    /** So much of it has been dropped. */
    void gone(Piece piece, long bytes) {
        note(() -> pieces.gone(piece, bytes));
    }

    /** No reader counts any more. */
    void releaseAll() {
        note(pieces::releaseAll);
    }

    /** Nothing more comes in. */
    void fail(Throwable cause) {
        change(() -> failure = isAlive() ? cause : closed(cause));
    }

    /** There is no helper any more; who waits sees why. */
    void end() {
        change(() -> {});
    }
}
