package dev.quire.scan;

import java.util.function.LongSupplier;

/**
 * How far ahead of the readers pages come in. One that may adapt grows while readers have to wait and the last growth made
 * the scan faster: a device needs as much under way as it delivers during its own latency, and more is of no use.
 */
final class Window {
    /** Three milliseconds of a fast disk; the usual budget of 64 MiB has room for two growths. */
    private static final long FIRST = 8 << 20;

    /** Less than that is noise. */
    private static final double GAIN = 1.05;

    private final boolean adapts;
    private final long most;
    private final LongSupplier clock;
    private volatile long bytes;
    private long measuredFrom;
    private long since;
    private double bestRate;
    private boolean settled;

    /** A window of 0 bytes adapts, and leaves half of the budget to the readers. */
    Window(long bytes, long budget, LongSupplier clock) {
        this.adapts = bytes == 0;
        this.most = Math.max(1, adapts ? budget / 2 : budget);
        this.bytes = Math.min(adapts ? FIRST : bytes, most);
        this.clock = clock;
        this.since = clock.getAsLong();
    }

    long bytes() {
        return bytes;
    }

    /** A reader has to wait. Each size is judged after four times its bytes. */
    void starved(long ready) {
        if (!adapts || settled || ready - measuredFrom < 4 * bytes) {
            return;
        }
        long now = clock.getAsLong();
        double rate = (ready - measuredFrom) / (double) Math.max(1, now - since);
        settled = rate < GAIN * bestRate || bytes == most;
        bestRate = Math.max(bestRate, rate);
        bytes = settled ? bytes : Math.min(2 * bytes, most);
        measuredFrom = ready;
        since = now;
    }
}
