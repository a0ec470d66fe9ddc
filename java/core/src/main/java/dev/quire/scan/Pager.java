package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.slice.ByteSlice;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The thread that keeps pages ahead of the readers of a scan and drops them behind. Offsets count from the target's first
 * byte; {@code dropped <= low <= taken} and {@code ready <= asked} hold, {@code low} being where the slowest reader is.
 */
final class Pager {
    private final ByteSlice target;
    private final long size;
    private final long budget;
    private final Window window;
    private final PieceMaker maker;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private final PriorityQueue<Long> inUse = new PriorityQueue<>();
    private long taken;
    private long asked;
    private long ready;
    private long wanted;
    private long heldBytes;
    private long peakBytes;
    private @Nullable Thread helper;
    private @Nullable Throwable failure;
    private boolean cancelled;

    Pager(ByteSlice target, long windowBytes, long budget) {
        this.target = target;
        this.size = target.byteSize();
        this.budget = budget;
        this.window = new Window(windowBytes, budget);
        this.maker = new PieceMaker(target, budget, window.bytes());
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
            while (ready < end) {
                changed.await();
                throwFailure();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for pages of " + target);
        } finally {
            lock.unlock();
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
    }

    // ---------------------------------------------------------------------------------------------------- facts

    long peakBytes() {
        lock.lock();
        try {
            return peakBytes;
        } finally {
            lock.unlock();
        }
    }

    long windowBytes() {
        lock.lock();
        try {
            return window.bytes();
        } finally {
            lock.unlock();
        }
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
                boolean alive = target.segment().scope().isAlive();
                failure = alive ? e : new IllegalStateException("closed under the scan: " + target, e);
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
                Piece oldest = pieces.peek();
                if (oldest != null && oldest.end() <= Math.min(low(), ready)) {
                    return Task.DROP;
                }
                if (asked < size && (asked < wanted || isRoomAhead())) {
                    return Task.ASK;
                }
                if (ready < asked) {
                    return Task.POPULATE;
                }
                if (oldest == null && asked == size) {
                    return Task.END;
                }
                changed.awaitUninterruptibly();
            }
            return Task.END;
        } finally {
            lock.unlock();
        }
    }

    private boolean isRoomAhead() {
        long dropped = pieces.isEmpty() ? asked : pieces.element().from();
        long next = maker.pieceBytes();
        return asked - taken + next <= Math.max(window.bytes(), next) && asked - dropped + next <= budget;
    }

    /** Where the slowest reader is. */
    private long low() {
        Long oldest = inUse.peek();
        return oldest == null ? taken : Math.min(oldest, taken);
    }

    private void ask() {
        Piece piece = maker.next(asked);
        lock.lock();
        try {
            pieces.add(piece);
            asked = piece.end();
            heldBytes += piece.broughtBytes();
            peakBytes = Math.max(peakBytes, heldBytes);
        } finally {
            lock.unlock();
        }
        piece.ask(target);
    }

    private void populate() throws MappingException {
        long from = ready;
        long end = Math.min(asked, maker.endAt(from));
        target.slice(from, end - from).populate();
        lock.lock();
        try {
            ready = end;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is left to drop from when the mapping is closed. */
    private void drop(Piece piece) {
        if (target.segment().scope().isAlive()) {
            long gone = piece.drop(target);
            lock.lock();
            try {
                heldBytes -= gone;
            } finally {
                lock.unlock();
            }
        }
    }
}
