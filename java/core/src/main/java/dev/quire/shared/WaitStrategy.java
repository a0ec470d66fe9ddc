package dev.quire.shared;

/**
 * How to wait for another process. An interrupt does not end a wait, and the thread is interrupted afterwards as
 * before.
 */
public enum WaitStrategy {
    /** Looks again at once: the shortest latency, and a processor that does nothing else. */
    SPIN,
    /** Lets other threads run between two looks. */
    YIELD,
    /** Spins shortly, then sleeps 50 microseconds between two looks. */
    PARK,
    /**
     * Spins shortly, then sleeps until the other side wakes it ({@code futex}); where the platform has no such call,
     * and for what nobody wakes, {@link #PARK}.
     */
    FUTEX;

    /** About a microsecond of looking before sleep. */
    static final int SPINS = 50;

    private static final long PARK_NANOS = 50_000;

    /** Between two looks: the number of those that were, and how long it may take at most. */
    @SuppressWarnings("ThreadPriorityCheck") // YIELD is what the caller chose
    void pause(int looks, Deadline deadline) {
        if (this == YIELD) {
            Thread.yield();
        } else if (this == SPIN || looks < SPINS) {
            Thread.onSpinWait();
        } else {
            deadline.park(PARK_NANOS);
        }
    }
}
