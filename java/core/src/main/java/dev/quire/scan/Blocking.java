package dev.quire.scan;

import dev.quire.error.MappingException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Calls that wait for a device. On a platform thread they are made at once; a virtual thread leaves them to a thread of
 * the pool, so that its carrier goes on with others.
 */
final class Blocking {
    /** Daemons, which end when nothing was left to them for a while. */
    private static final ExecutorService POOL = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            Tunables.POOL_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("quire-reads-", 0).factory());

    private Blocking() {}

    /** Runs something on a thread of the pool. */
    static void start(Runnable work) {
        POOL.execute(work);
    }

    /** Runs a call to its end; an interrupt does not end it and stays. */
    static <T> T run(Callable<T> call) throws MappingException {
        if (!Thread.currentThread().isVirtual()) {
            return checked(call);
        }
        CompletableFuture<T> there = new CompletableFuture<>();
        start(() -> {
            try {
                there.complete(call.call());
            } catch (Throwable e) {
                there.completeExceptionally(e);
            }
        });
        return checked(() -> joined(there));
    }

    private static <T> T joined(CompletableFuture<T> there) throws Exception {
        boolean interrupted = false;
        try {
            for (; ; ) {
                try {
                    return there.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (java.util.concurrent.ExecutionException e) {
                    switch (e.getCause()) {
                        case Error error -> throw error;
                        case Exception exception -> throw exception;
                        case null, default -> throw e;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T checked(Callable<T> call) throws MappingException {
        try {
            return call.call();
        } catch (MappingException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
