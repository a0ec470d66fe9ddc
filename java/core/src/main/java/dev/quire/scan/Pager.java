package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.slice.ByteSlice;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The thread that keeps pages ahead of the readers of a scan and drops them behind. Offsets count from the target's first
 * byte; {@code dropped <= low <= taken} and {@code ready <= asked} hold, {@code low} being where the slowest reader is and
 * {@code asked} how far it is known what was in memory before. Pages come in before {@code coming}.
 * More than 300 lines, because all of it is one state under one lock.
 */
final class Pager {
    private final ByteSlice target;
    private final long size;
    private final long budget;
    private final Window window;
    private final Feed feed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private final PriorityQueue<Long> inUse = new PriorityQueue<>();
    private long taken;
    private long asked;
    private long ready;
    private long wanted;
    private long coming;
    private long leftBytes;
    private volatile long peakBytes;
    private @Nullable Thread helper;
    private @Nullable Throwable failure;
    private boolean cancelled;

    Pager(ByteSlice target, ScanOptions options) {
        this.target = target;
        this.size = target.byteSize();
        this.budget = options.budgetBytes();
        this.window = new Window(options.windowBytes(), budget);
        this.feed = new Feed(target, budget, window.bytes(), options.isKeeping());
    }

    // -------------------------------------------------------------------------------------------------- readers

    /** Fails as the scan has failed. */
    void check() {
        lock.lock();
        try {
            throwFailure();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when all pages before an offset are in memory. */
    void await(long end) {
        lock.lock();
        try {
            throwFailure();
            wanted = Math.max(wanted, end);
            if (ready < end) {
                window.starved(ready);
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

    /**
     * An interrupt ends the scan of the thread that it is for. A worker of a pool may have one that is left from a part of
     * another stream: the virtual machine interrupts whoever is reading a shared mapping when it is closed.
     */
    private void awaitReady(long end) throws InterruptedException {
        boolean isPooled = Thread.currentThread() instanceof ForkJoinWorkerThread;
        while (ready < end) {
            if (isPooled) {
                changed.awaitUninterruptibly();
            } else {
                changed.await();
            }
            throwFailure();
        }
    }

    /** A reader has the bytes from an offset on; the next chunk begins at the end. */
    void take(long from, long end) {
        lock.lock();
        try {
            inUse.add(from);
            taken = end;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The reader of the chunk that began there is through with it. */
    void release(long from) {
        lock.lock();
        try {
            inUse.remove(from);
            changed.signalAll();
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

    private boolean isAlive() {
        return target.segment().scope().isAlive();
    }

    private IllegalStateException closed(@Nullable Throwable cause) {
        return new IllegalStateException("closed, resized or protected under the scan: " + target, cause);
    }

    // ---------------------------------------------------------------------------------------------------- facts

    long peakBytes() {
        return peakBytes;
    }

    long windowBytes() {
        return window.bytes();
    }

    // ------------------------------------------------------------------------------------------------------ end

    void cancel() {
        lock.lock();
        try {
            cancelled = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the helper, which is never in one call for longer than a piece takes, and drops what is left. */
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
        for (Piece piece = oldest(); piece != null; piece = oldest()) {
            drop(piece);
        }
        feed.close();
    }

    private @Nullable Piece oldest() {
        lock.lock();
        try {
            return pieces.poll();
        } finally {
            lock.unlock();
        }
    }

    // --------------------------------------------------------------------------------------------------- helper

    private void start() {
        if (helper == null) {
            helper = Thread.ofPlatform().daemon().name("quire-scan").start(this::run);
        }
    }

    private void run() {
        try {
            for (Task task = nextTask(); task != Task.END; task = nextTask()) {
                switch (task) {
                    case ASK -> ask();
                    case POPULATE -> populate();
                    default -> drop(Objects.requireNonNull(oldest()));
                }
            }
        } catch (MappingException | RuntimeException | Error e) {
            lock.lock();
            try {
                failure = isAlive() ? e : closed(e);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private enum Task {
        DROP,
        ASK,
        POPULATE,
        END
    }

    private Task nextTask() {
        lock.lock();
        try {
            while (!cancelled) {
                Task task = dueTask();
                if (task != null) {
                    return task;
                }
                changed.awaitUninterruptibly();
            }
            return Task.END;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Task dueTask() {
        Piece oldest = pieces.peek();
        boolean isThrough = low() == size && ready == size;
        if (oldest != null && (isThrough || oldest.end() <= Math.min(low(), ready))) {
            return Task.DROP;
        }
        if (isThrough) {
            return Task.END;
        }
        if (asked < feed.limit() && isDue(asked - feed.reach())) {
            return Task.ASK;
        }
        return ready < Math.min(asked, size) && (feed.reach() == 0 || isDue(ready)) ? Task.POPULATE : null;
    }

    /** Whether the pages from there on shall come in: a reader waits for them, or there is room. */
    private boolean isDue(long from) {
        long dropped = pieces.isEmpty() ? asked : pieces.element().from();
        long end = from + feed.pieceBytes();
        boolean isInWindow = end - taken <= Math.max(window.bytes(), feed.pieceBytes());
        return from < wanted || (isInWindow && Math.max(end, coming) - dropped <= budget);
    }

    /** Where the slowest reader is. */
    private long low() {
        Long oldest = inUse.peek();
        return oldest == null ? taken : Math.min(oldest, taken);
    }

    private void ask() {
        Piece piece = feed.piece(asked);
        lock.lock();
        try {
            pieces.add(piece);
            asked = piece.end();
        } finally {
            lock.unlock();
        }
        feed.ask(piece);
        if (feed.reach() == 0) {
            count(asked);
        }
    }

    private void populate() throws MappingException {
        long end = feed.populate(ready);
        lock.lock();
        try {
            ready = end;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        count(Math.max(coming, end));
    }

    /** Counts what the scan has in memory, read-ahead included. Only this thread changes the pieces until it has ended. */
    private void count(long known) {
        long end = known;
        long bytes = leftBytes;
        for (Piece piece : pieces) {
            boolean isComing = piece.from() < end || (feed.reach() > 0 && feed.isComing(piece));
            if (!isComing) {
                break;
            }
            end = Math.max(end, piece.end());
            bytes += piece.broughtBytes();
        }
        coming = end;
        peakBytes = Math.max(peakBytes, bytes);
    }

    /** Nothing is left to drop from when the mapping is closed, which may also happen in the middle of it. */
    private void drop(Piece piece) {
        if (!isAlive()) {
            return;
        }
        try {
            long gone = feed.drop(piece);
            leftBytes += piece.from() < coming ? piece.broughtBytes() - gone : 0;
        } catch (IllegalStateException | IndexOutOfBoundsException e) {
            if (isAlive()) {
                throw e;
            }
        }
    }
}
