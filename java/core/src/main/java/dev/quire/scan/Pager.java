package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.slice.ByteSlice;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages ahead of the readers of a scan and drops them behind. Readers say here what they want and have; a thread
 * of the scan's own looks at pages, asks for them, populates and drops them. Offsets count from the target's first
 * byte.
 *
 * <p>The lock guards the table of pieces and what else both sides use. The thread decides under it what to do next,
 * does it without the lock, and writes the result down under it again. The thread starts with the first reader that
 * waits.
 */
final class Pager {
    /** What the thread does outside the lock. */
    private interface Step {
        void run() throws MappingException;
    }

    private final Reference<Scan> scan;
    private final ByteSlice target;
    private final ScanOptions options;
    private final long size;
    private final Window window;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PieceTable pieces = new PieceTable();
    private long wanted;
    private volatile long peakBytes;
    private @Nullable Thread thread;
    private @Nullable Throwable failure;
    private boolean isCancelled;

    /** The pager ends when it is closed, or when the scan is unreachable. */
    Pager(Scan scan, ByteSlice target, ScanOptions options) {
        this.scan = new WeakReference<>(scan);
        this.target = target;
        this.options = options.progress(_ -> {}); // the user's own listener may refer to the scan
        this.size = target.byteSize();
        this.window = new Window(options.windowBytes(), options.budgetBytes(), System::nanoTime);
    }

    // ------------------------------------------------------------------------------------------------------- lock

    private <T extends @Nullable Object> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    /** Changes something that nobody waits for. */
    private void update(Runnable step) {
        locked(() -> {
            step.run();
            return null;
        });
    }

    /** Changes something that readers or the thread wait for. */
    private void change(Runnable step) {
        update(() -> {
            step.run();
            changed.signalAll();
        });
    }

    // -------------------------------------------------------------------------------------------------- readers

    /** Throws what the scan has failed with. */
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
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("quire-scan").start(this::run);
        }
    }

    /**
     * An interrupt cancels the reader. But a worker of a pool may have one left over from a part of another stream: the
     * virtual machine interrupts the threads that are reading a shared mapping when it is closed.
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

    /** A reader gets the chunk with the bytes between two offsets; the next one begins at the third. */
    void take(long from, long end, long next) {
        change(() -> pieces.take(from, end, next));
    }

    /** The reader of the chunk that begins there has finished with it. */
    void release(long from) {
        change(() -> pieces.release(from));
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
        if (isCancelled) {
            throw new CancellationException("the scan of " + target + " was cancelled");
        }
        if (!isAlive()) {
            throw closed(null);
        }
    }

    private IllegalStateException closed(@Nullable Throwable cause) {
        return new IllegalStateException("closed, resized or protected under the scan: " + target, cause);
    }

    private boolean isAlive() {
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
        change(() -> isCancelled = true);
    }

    /** Waits for the thread, which drops what is left. None of its calls takes longer than a piece does. */
    void close() {
        cancel();
        Thread running = locked(() -> thread);
        boolean isInterrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // --------------------------------------------------------------------------------------------------- thread

    private void run() {
        try (PageFeeder feeder = new PageFeeder(target, options.budgetBytes(), window.bytes(), options.isKeeping())) {
            for (Step step = next(feeder); step != null; step = next(feeder)) {
                attempt(step);
            }
            update(pieces::releaseAll);
            for (Step step = nextDrop(feeder); step != null; step = nextDrop(feeder)) {
                attempt(step);
            }
            feeder.dropAllStayed();
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            change(() -> {}); // readers that still wait see why the thread ended
        }
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (MappingException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Nothing more comes in. */
    private void fail(Throwable cause) {
        change(() -> failure = isAlive() ? cause : closed(cause));
    }

    /** Waits until there is something to do; null when there never will be. */
    private @Nullable Step next(PageFeeder feeder) {
        lock.lock();
        try {
            while (!isCancelled && isAlive() && !scan.refersTo(null)) {
                boolean isRead = pieces.taken() == size && pieces.ready() >= size;
                if (isRead) {
                    pieces.passAll();
                }
                Step step = nextDrop(feeder);
                if (step == null && isRead && pieces.isEmpty()) {
                    return null;
                }
                if (step == null && !isRead && failure == null) {
                    step = nextIn(feeder);
                }
                if (step != null) {
                    return step;
                }
                try {
                    changed.awaitNanos(Tunables.LOOK_NANOS);
                } catch (InterruptedException _) {
                    // an interrupt of all threads that read a mapping: this one has no user who could have meant it
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Step nextDrop(PageFeeder feeder) {
        return locked(() -> {
            Piece piece = pieces.firstToDrop();
            if (piece == null) {
                return null;
            }
            Piece.State state = piece.state();
            return () -> drop(feeder, piece, state);
        });
    }

    /** What brings pages in next: looking what is in memory, asking, or populating. */
    private @Nullable Step nextIn(PageFeeder feeder) {
        long known = pieces.known();
        if (known < feeder.limit() && isDue(feeder, known - feeder.reach())) {
            return () -> look(feeder, known);
        }
        long ready = pieces.ready();
        if (feeder.readsAhead()) {
            boolean isKnown = ready < Math.min(known, size);
            return isKnown && isDue(feeder, ready) ? () -> populate(feeder, ready) : null;
        }
        Piece piece = pieces.firstKnown();
        if (piece != null && piece.from() < size && isDue(feeder, piece.from())) {
            List<Piece> allKnown = pieces.allKnown();
            return () -> ask(feeder, allKnown);
        }
        return ready < Math.min(pieces.asked(), size) ? () -> populate(feeder, ready) : null;
    }

    /** Whether the pages from there on shall come in: a reader waits for them, or there is room. */
    private boolean isDue(PageFeeder feeder, long from) {
        long end = from + feeder.pieceBytes();
        boolean isInWindow = end - pieces.taken() <= Math.max(window.bytes(), feeder.pieceBytes());
        return from < wanted || (isInWindow && pieces.bytesUpTo(end) <= options.budgetBytes());
    }

    private void look(PageFeeder feeder, long from) {
        Piece piece = feeder.look(from);
        update(() -> pieces.add(piece));
    }

    /**
     * What is in memory although nobody asked for it is a read-ahead, which would go on with every piece that it
     * brought.
     */
    private void ask(PageFeeder feeder, List<Piece> known) {
        Piece next = known.getFirst();
        long readAheadBytes = feeder.dropUnasked(known);
        update(() -> count(next.end(), readAheadBytes));
        feeder.ask(next);
    }

    private void populate(PageFeeder feeder, long from) throws MappingException {
        long end = feeder.populate(from);
        change(() -> {
            count(end, 0);
            pieces.setReady(end);
        });
        Piece next = feeder.readsAhead() ? locked(pieces::firstKnown) : null;
        while (next != null && feeder.isComing(next)) {
            long coming = next.end();
            next = locked(() -> {
                count(coming, 0);
                return pieces.firstKnown();
            });
        }
    }

    /** What begins before an offset has been asked for, and so many more bytes are in memory for a moment. */
    private void count(long end, long moreBytes) {
        pieces.askUpTo(end);
        peakBytes = Math.max(peakBytes, pieces.bytes() + moreBytes);
    }

    private void drop(PageFeeder feeder, Piece piece, Piece.State state) {
        long bytes = 0;
        try {
            bytes = isAlive() ? feeder.drop(piece, state) : 0;
        } catch (IllegalStateException | IndexOutOfBoundsException e) {
            if (isAlive()) {
                throw e;
            }
            // there is nothing left to drop: the mapping was closed in the middle of it
        } finally {
            long gone = bytes;
            update(() -> pieces.dropped(piece, gone));
        }
    }
}
