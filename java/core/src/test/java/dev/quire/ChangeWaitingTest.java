package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Child;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Those who wait for a change of a mapping sleep until they are woken, and an interrupt neither ends that nor is lost.
 */
class ChangeWaitingTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** A thread that polls is counted as waiting thousands of times. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nobodyPolls(boolean interrupted) throws Exception {
        try (LeasedMapping map = Mapping.anonymous(1 << 20, Lifetime.LEASED)) {
            Thread changer;
            Thread taker;
            AtomicInteger kept = new AtomicInteger();
            try (Lease lease = map.lease()) {
                changer = Thread.ofPlatform().start(() -> resize(map, interrupted, kept));
                awaitWaiting(changer);
                taker = Thread.ofPlatform().start(() -> lease(map, interrupted, kept));
                awaitWaiting(taker);
                Thread.sleep(300);
                for (Thread waiting : List.of(changer, taker)) {
                    long waits = ManagementFactory.getThreadMXBean()
                            .getThreadInfo(waiting.threadId())
                            .getWaitedCount();
                    assertTrue(waits <= 5, waiting + " waited " + waits + " times");
                }
                lease.bytes().set(0, (byte) 1);
            }
            changer.join(LONG);
            taker.join(LONG);
            assertEquals(2 << 20, map.byteSize());
            assertEquals(interrupted ? 2 : 0, kept.get(), "threads that are interrupted afterwards");
        }
    }

    private static void resize(LeasedMapping map, boolean interrupted, AtomicInteger kept) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            map.resize(2 << 20, LONG);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        kept.addAndGet(Thread.interrupted() ? 1 : 0);
    }

    private static void lease(LeasedMapping map, boolean interrupted, AtomicInteger kept) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try (Lease lease = map.lease()) {
            assertEquals(2 << 20, lease.bytes().byteSize());
        }
        kept.addAndGet(Thread.interrupted() ? 1 : 0);
    }

    private static void awaitWaiting(Thread thread) throws InterruptedException {
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.getState() != Thread.State.WAITING) {
            assertTrue(thread.isAlive());
            Thread.sleep(1);
        }
    }

    /** A poll of the holder's end would take as long as the poll's interval at least. */
    @Test
    void aCloseWakesThemAll() throws Exception {
        LeasedMapping map = Mapping.anonymous(1 << 20, Lifetime.LEASED);
        CountDownLatch refused = new CountDownLatch(2);
        try (Lease lease = map.lease()) {
            Thread changer = Thread.ofPlatform().start(() -> refused(() -> map.resize(2 << 20, LONG), refused));
            awaitWaiting(changer);
            Thread taker =
                    Thread.ofPlatform().start(() -> refused(() -> map.lease().close(), refused));
            awaitWaiting(taker);
            map.close();
            assertTrue(refused.await(30, TimeUnit.SECONDS));
            lease.bytes().set(0, (byte) 1);
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void refused(Call call, CountDownLatch refused) {
        try {
            call.run();
        } catch (IllegalStateException closed) {
            refused.countDown();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * More interrupted virtual threads than carriers wait for a lease, and the holder of the last one is a virtual
     * thread too.
     */
    @Test
    void interruptedVirtualThreadsLeaveTheirCarriers() throws Exception {
        Child.succeed(Child.of(Carriers.class)
                .flags("-Djdk.virtualThreadScheduler.parallelism=2", "-Djdk.virtualThreadScheduler.maxPoolSize=2")
                .timeout(Duration.ofSeconds(60)));
    }

    static final class Carriers {
        public static void main(String[] arguments) throws Exception {
            try (LeasedMapping map = Mapping.anonymous(1 << 20, Lifetime.LEASED)) {
                List<Thread> threads = new ArrayList<>();
                CountDownLatch held = new CountDownLatch(1);
                threads.add(Thread.ofVirtual().start(() -> hold(map, held)));
                held.await();
                AtomicInteger kept = new AtomicInteger();
                threads.add(Thread.ofVirtual().start(() -> resize(map, true, kept)));
                Thread.sleep(100);
                for (int i = 0; i < 6; i++) {
                    threads.add(Thread.ofVirtual().start(() -> lease(map, true, kept)));
                }
                for (Thread thread : threads) {
                    assertTrue(thread.join(Duration.ofSeconds(30)), "hangs");
                    assertFalse(thread.isAlive());
                }
                assertEquals(7, kept.get());
                assertEquals(2 << 20, map.byteSize());
            }
        }

        private static void hold(LeasedMapping map, CountDownLatch held) {
            try (Lease lease = map.lease()) {
                held.countDown();
                Thread.sleep(500);
                lease.bytes().set(0, (byte) 1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
