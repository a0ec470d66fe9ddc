package dev.quire.internal.reduce;

import dev.quire.internal.KernelVersions;
import dev.quire.internal.Kernels;
import dev.quire.internal.Lines;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One reduction by several threads. Each takes the next block of whole chunks, reduces it for itself, and waits with
 * what the chunks have until the blocks before it are merged: so chunks are merged in the one sequence that there is,
 * and the bits are those of one thread.
 */
public final class ParallelReduction {
    /** Elements of a block: whole chunks, tens to hundreds of microseconds of work. */
    private static final int BLOCK = 1 << 19;

    /** Blocks a thread that have been taken and not merged, at most: one thread may be held up while others go on. */
    private static final int AHEAD = 4;

    private final Reducer total;
    private final Region region;
    private final MemorySegment from;
    private final MemorySegment readable;
    private final Lines lines;
    private final long blocks;

    // All below under the lock.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition merged = lock.newCondition();
    private final Condition ended = lock.newCondition();
    private final Deque<ChunkResults> free = new ArrayDeque<>();
    private @Nullable ChunkResults[] waiting = new ChunkResults[0];
    private long next;
    private long mergedBlocks;
    private int running;
    private @Nullable Throwable failure;

    private ParallelReduction(Reducer total, Region region, MemorySegment from, Lines lines) {
        this.total = total;
        this.region = region;
        this.from = from;
        this.readable = readable(region, from);
        this.lines = lines;
        this.blocks = Math.ceilDiv(lines.count(), BLOCK);
    }

    /**
     * Reduces the elements of all lines, which lie in the segment, for a reducer that has none yet.
     *
     * @param threads at most so many work: the caller, or if that is a virtual thread others only
     * @throws dev.quire.error.MemoryFaultException if a kernel met a page that cannot be read
     */
    public static void add(Reducer total, Region region, MemorySegment from, Lines lines, int threads) {
        if (lines.count() <= BLOCK || isOneThread(region, from)) {
            total.addMapped(region, from, lines);
        } else {
            total.addRuns(to -> new ParallelReduction(to, region, from, lines).run(threads));
        }
    }

    /** What other threads read under holds: also memory that is confined to the caller, who waits for them. */
    @SuppressWarnings("restricted")
    private static MemorySegment readable(Region region, MemorySegment from) {
        return region.isNative() ? MemorySegment.ofAddress(from.address()).reinterpret(from.byteSize()) : from;
    }

    /** Where the JDK maps the files nobody else reads confined memory. */
    private static boolean isOneThread(Region region, MemorySegment from) {
        return !region.isNative() && !from.isAccessibleBy(Thread.ofPlatform().unstarted(() -> {}));
    }

    private void run(int threads) {
        Kernels.requireAccess(region, from);
        int most = (int) Math.min(threads, blocks);
        waiting = new ChunkResults[most * AHEAD];
        boolean takesPart = !Thread.currentThread().isVirtual();
        startHelpers(takesPart ? most - 1 : most, takesPart);
        if (takesPart) {
            work();
        }
        awaitEnd();
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Starts as many as the system has threads for; one is enough. */
    private void startHelpers(int count, boolean othersWork) {
        for (int i = 0; i < count; i++) {
            count(1);
            boolean started = false;
            try {
                Helpers.THREADS.execute(this::help);
                started = true;
            } catch (OutOfMemoryError e) {
                if (i == 0 && !othersWork) {
                    throw e;
                }
                return;
            } finally {
                if (!started) {
                    count(-1);
                }
            }
        }
    }

    private void help() {
        try {
            work();
        } finally {
            count(-1);
        }
    }

    /** Counts threads that work. */
    private void count(int more) {
        lock.lock();
        try {
            running += more;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitEnd() {
        lock.lock();
        try {
            while (running > 0) {
                ended.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reduces blocks until there are none. What it throws ends the work of all. */
    private void work() {
        try {
            Reducer part = null;
            for (long block = take(); block >= 0; block = take()) {
                ChunkResults results = results();
                if (part == null) {
                    part = total.part();
                }
                part.putDown(results);
                reduce(part, results, block);
                put(block, results);
            }
            if (part != null) {
                absorb(part);
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void reduce(Reducer part, ChunkResults results, long block) {
        long first = block * BLOCK;
        long count = Math.min(BLOCK, lines.count() - first);
        boolean reduced = !part.swapped
                && !part.isScaled()
                && Kernels.reduceApart(
                        region,
                        from,
                        lines,
                        first,
                        count,
                        part.elements(),
                        part.what.code(),
                        KernelVersions.CHOSEN,
                        results::receive,
                        part::takeApart);
        if (!reduced) {
            region.held(() -> {
                part.addElements(readable, lines, first, count);
                part.flush();
                return part;
            });
        }
    }

    /** The next block, as soon as it is not too far ahead; -1 if there is none. */
    private long take() {
        lock.lock();
        try {
            while (failure == null && next < blocks && next - mergedBlocks >= waiting.length) {
                merged.awaitUninterruptibly();
            }
            return failure == null && next < blocks ? next++ : -1;
        } finally {
            lock.unlock();
        }
    }

    private ChunkResults results() {
        lock.lock();
        try {
            ChunkResults used = free.poll();
            return used != null ? used.cleared() : new ChunkResults(BLOCK / Moments.CHUNK);
        } finally {
            lock.unlock();
        }
    }

    /** Puts a block's results down, and merges what is next in sequence. */
    private void put(long block, ChunkResults results) {
        lock.lock();
        try {
            waiting[(int) (block % waiting.length)] = results;
            for (ChunkResults one; (one = waiting[(int) (mergedBlocks % waiting.length)]) != null; mergedBlocks++) {
                waiting[(int) (mergedBlocks % waiting.length)] = null;
                long left = lines.count() - mergedBlocks * BLOCK;
                total.merge(one, (int) Math.min(BLOCK, left));
                free.add(one);
            }
            merged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void absorb(Reducer part) {
        lock.lock();
        try {
            total.absorb(part);
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable thrown) {
        lock.lock();
        try {
            if (failure == null) {
                failure = thrown;
            }
            merged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Threads that all reductions share. They are daemons, and end when there was nothing to do for some seconds. */
    private static final class Helpers {
        static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform()
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .name("quire-reduce-", 1)
                        .factory());
    }
}
