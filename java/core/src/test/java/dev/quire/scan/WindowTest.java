package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A device that is faster with more under way gets more, and no other. */
class WindowTest {
    private static final long MIB = 1 << 20;

    private long nanos;

    private Window window(long bytes, long budget) {
        return new Window(bytes, budget, () -> nanos);
    }

    /** A reader waits after every MiB of a device that has a latency, and a rate that no window exceeds. */
    private void read(Window window, long latencyNanos, double mostPerNano) {
        for (long ready = 0; ready < 4096 * MIB; ready += MIB) {
            double rate = Math.min(mostPerNano, window.bytes() / (double) latencyNanos);
            nanos += (long) (MIB / rate);
            window.starved(ready);
        }
    }

    @Test
    void itGrowsWhileThatMakesTheScanFaster() {
        Window window = window(0, 1024 * MIB);
        assertEquals(8 * MIB, window.bytes());
        read(window, 10_000_000, 3.0);
        assertEquals(64 * MIB, window.bytes());
        assertEquals(128 * MIB, grown(128 * MIB, 100.0));
    }

    private long grown(long most, double mostPerNano) {
        Window window = window(0, 2 * most);
        read(window, 10_000_000, mostPerNano);
        return window.bytes();
    }

    @Test
    void theUsualBudgetLetsItGrow() {
        assertEquals(32 * MIB, grown(ScanOptions.DEFAULT.budgetBytes() / 2, 100.0));
    }

    @Test
    void aDeviceThatIsAtItsLimitGetsNoMore() {
        assertEquals(16 * MIB, grown(512 * MIB, 0.1));
    }

    @Test
    void oneThatIsGivenStaysAsItIs() {
        Window window = window(3 * MIB, 64 * MIB);
        read(window, 10_000_000, 100.0);
        assertEquals(3 * MIB, window.bytes());
        assertEquals(MIB, window(3 * MIB, MIB).bytes());
        assertEquals(1, window(0, 1).bytes());
    }

    @Test
    void itIsJudgedAfterFourTimesItsBytes() {
        Window window = window(0, 1024 * MIB);
        nanos = 1;
        window.starved(31 * MIB);
        assertEquals(8 * MIB, window.bytes());
        window.starved(32 * MIB);
        assertEquals(16 * MIB, window.bytes());
        window.starved(95 * MIB);
        assertEquals(16 * MIB, window.bytes());
    }
}
