package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.MappingException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A side that sleeps by futex is woken by the other one. Unwoken it sleeps on to the end of its 10 ms and looks by
 * itself: so it sleeps 2 ms before there is something for it, and must be there long before the other 8 have passed.
 */
@Timeout(60)
class WakeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ROUNDS = 25;
    private static final int ATTEMPTS = 8;
    private static final long ASLEEP_MILLIS = 2;
    private static final long UNWOKEN_NANOS = 4_000_000;

    @BeforeEach
    void futex() throws MappingException {
        Needs.capability(Capability.WAIT);
    }

    /** One side's work: it says when it is about to wait, and returns the time at which it had what it waited for. */
    private interface Side {
        long arrive(CountDownLatch waits) throws MappingException;
    }

    private interface Other {
        void act() throws MappingException;
    }

    /** The median of the delays between what one side does and the other's arrival; the best of some attempts. */
    private static void isWoken(Side sleeper, Other waker) throws Exception {
        long best = Long.MAX_VALUE;
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (ExecutorService one = Executors.newSingleThreadExecutor(work -> {
            thread.set(new Thread(work));
            return thread.get();
        })) {
            for (int attempt = 0; attempt < ATTEMPTS && best >= UNWOKEN_NANOS; attempt++) {
                long[] delays = new long[ROUNDS];
                for (int i = 0; i < ROUNDS; i++) {
                    CountDownLatch waits = new CountDownLatch(1);
                    Future<Long> arrived = one.submit(() -> sleeper.arrive(waits));
                    waits.await();
                    Thread.sleep(ASLEEP_MILLIS);
                    long acted = System.nanoTime();
                    waker.act();
                    delays[i] = arrived.get(20, TimeUnit.SECONDS) - acted;
                }
                Arrays.sort(delays);
                best = Math.min(best, delays[ROUNDS / 2]);
            }
        }
        thread.get().join(); // its end of the ring is free then
        assertTrue(best < UNWOKEN_NANOS, "the sleeper came " + best + " ns after it was to be woken");
    }

    @Test
    void aMessageWakesTheConsumer() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.FUTEX);
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.FUTEX)) {
            isWoken(
                    waits -> {
                        waits.countDown();
                        assertArrayEquals(new byte[] {7}, consumer.receive(PATIENCE));
                        return System.nanoTime();
                    },
                    () -> assertTrue(producer.offer(new byte[] {7})));
        }
    }

    @Test
    void roomWakesTheProducer() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.FUTEX);
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.FUTEX)) {
            byte[] largest = new byte[producer.maxMessageBytes()];
            isWoken(
                    waits -> {
                        while (producer.offer(largest)) {}
                        waits.countDown();
                        assertTrue(producer.send(largest, PATIENCE));
                        return System.nanoTime();
                    },
                    () -> consumer.poll((segment, at, length) -> {}, 100));
        }
    }
}
