package dev.quire.shared;

/** How to wait for another process. */
public enum WaitStrategy {
    /** Looks again at once: the shortest latency, and a processor that does nothing else. */
    SPIN,
    /** Lets other threads run between two looks. */
    YIELD,
    /** Spins shortly, then sleeps 50 microseconds between two looks. */
    PARK,
    /**
     * Spins shortly, then sleeps until the other side wakes it ({@code futex}); where the platform has no such call,
     * {@link #PARK}.
     */
    FUTEX
}
