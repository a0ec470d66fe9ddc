package dev.quire.shared;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How to wait for another process. */
public enum WaitStrategy {
    /** Looks again at once: the shortest latency, and a processor that does nothing else. */
    SPIN,
    /** Lets other threads run between two looks. */
    YIELD,
    /** Spins shortly, then sleeps 50 microseconds between two looks. */
    PARK,
    /**
     * Spins shortly, then sleeps until the other side wakes it ({@code futex}); where the platform has no such call, and for
     * what nobody wakes, {@link #PARK}.
     */
    FUTEX;

    /** About a microsecond of looking before sleep. */
    static final int SPINS = 50;

    private static final long PARK_NANOS = 50_000;

    /** Between two looks: the number of those that were, and how long it may take at most. */
    @SuppressWarnings("ThreadPriorityCheck") // YIELD is what the caller chose
    void pause(int looks, long nanos) {
        if (this == YIELD) {
            Thread.yield();
        } else if (this == SPIN || looks < SPINS) {
            Thread.onSpinWait();
        } else {
            sleep(Math.min(nanos, PARK_NANOS));
        }
    }

    /** Also if the thread was interrupted before, which would keep it from sleeping; it is afterwards too. */
    static void sleep(long nanos) {
        boolean wasInterrupted = Thread.interrupted();
        LockSupport.parkNanos(nanos);
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of what may be longer than 292 years. */
    static long nanos(Duration patience) {
        try {
            return patience.toNanos();
        } catch (ArithmeticException e) {
            return patience.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }
}
