package dev.quire.scan;

import java.util.function.LongSupplier;

/**
 * How far ahead of the readers pages come in. A window that adapts grows while readers have to wait and the last growth
 * made the scan faster: a device needs as much under way as it delivers during its own latency, and no more.
 */
final class Window {
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
        this.bytes = Math.min(adapts ? Tunables.FIRST_WINDOW : bytes, most);
        this.clock = clock;
        this.since = clock.getAsLong();
    }

    long bytes() {
        return bytes;
    }

    /** A reader has to wait for what follows an offset. */
    void starved(long ready) {
        if (!adapts || settled || ready - measuredFrom < Tunables.WINDOWS_PER_JUDGEMENT * bytes) {
            return;
        }
        long now = clock.getAsLong();
        double rate = (ready - measuredFrom) / (double) Math.max(1, now - since);
        settled = rate < Tunables.LEAST_GAIN * bestRate || bytes == most;
        bestRate = Math.max(bestRate, rate);
        bytes = settled ? bytes : Math.min(2 * bytes, most);
        measuredFrom = ready;
        since = now;
    }
}
