package dev.quire.shared;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A wait, from its making on. An interrupt neither ends it nor keeps it awake: parking returns at once while a thread's
 * flag is set, and once more when it is set again, so that the flag is kept here until the wait is over.
 */
final class Deadline implements AutoCloseable {
    private final long start = System.nanoTime();
    private final long nanos;
    private boolean interrupted;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /** What is longer than 292 years is not told from that. */
    static Deadline of(Duration limit) {
        try {
            return new Deadline(limit.toNanos());
        } catch (ArithmeticException e) {
            return new Deadline(limit.isNegative() ? 0 : Long.MAX_VALUE);
        }
    }

    static Deadline endless() {
        return new Deadline(Long.MAX_VALUE);
    }

    /** Nanoseconds until it is at an end; 0 or less when it is. */
    long left() {
        return nanos - (System.nanoTime() - start);
    }

    /** Sleeps for so many nanoseconds, or shorter. */
    void park(long most) {
        interrupted |= Thread.interrupted();
        LockSupport.parkNanos(Math.min(most, left()));
    }

    @Override
    public void close() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
