package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.Region;
import dev.quire.testing.Needs;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting that is interrupted, and waiting for ever. */
class DeadlineTest {
    private static final Duration WAIT = Duration.ofMillis(300);

    /** The library does without that module. */
    @BeforeAll
    static void readManagement() {
        Module management = ModuleLayer.boot().findModule("java.management").orElseThrow();
        DeadlineTest.class.getModule().addReads(management);
    }

    /** Interrupted before and in the midst of it. */
    private static void sleeps(Executable wait) throws Throwable {
        Thread waiting = Thread.currentThread();
        for (int before : new int[] {1, 0}) {
            Thread interrupting = Thread.ofPlatform().unstarted(() -> {
                try {
                    Thread.sleep(30);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                waiting.interrupt();
            });
            if (before == 1) {
                waiting.interrupt();
            } else {
                interrupting.start();
            }
            long start = System.nanoTime();
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            wait.execute();
            cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
            long wall = System.nanoTime() - start;
            assertTrue(Thread.interrupted(), "the flag is gone");
            assertTrue(wall >= WAIT.toNanos() * 9 / 10, "it ended after " + wall);
            assertTrue(cpu < wall / 2, cpu + " ns of " + wall);
            interrupting.join();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PARK", "FUTEX"})
    void anInterruptedThreadSleepsForAMessageAndForRoom(WaitStrategy strategy) throws Throwable {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingProducer producer = MessageRing.producer(memory.bytes(), strategy);
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), strategy)) {
            sleeps(() -> assertNull(consumer.receive(WAIT)));
            while (producer.offer(new byte[200])) {}
            sleeps(() -> assertFalse(producer.send(new byte[200], WAIT)));
        }
    }

    @Test
    void anInterruptedThreadSleepsUntilMemoryIsComplete() throws Throwable {
        String name = Creation.freshName();
        Region begun = Region.ofNewSegment(Creation.subject(name), Creation.systemName(name), 4096);
        try {
            sleeps(() -> assertThrows(MappingException.class, () -> SharedMemory.open(name, MapMode.READ_ONLY, WAIT)));
        } finally {
            if (Needs.has(Capability.KEEP_SHARED)) {
                SharedMemory.unlink(name);
            }
            begun.close();
        }
    }

    @Test
    void anInterruptedThreadSleepsForAWriter() throws Throwable {
        try (SharedMemory memory = SharedMemory.anonymous(SequenceLock.HEADER_BYTES + 8)) {
            SequenceLock lock = new SequenceLock(memory.bytes(), WaitStrategy.PARK);
            byte[] value = new byte[8];
            memory.bytes().longs().set(0, 1);
            sleeps(() -> assertFalse(lock.read(value, WAIT)));
            sleeps(() -> {
                memory.bytes().longs().set(1, ProcessIdentity.current().word());
                CompletableFuture<Void> done = CompletableFuture.runAsync(
                        () -> memory.bytes().longs().set(1, 0),
                        CompletableFuture.delayedExecutor(WAIT.toMillis(), TimeUnit.MILLISECONDS));
                lock.write(value);
                assertTrue(done.isDone() || memory.bytes().longs().getAcquire(1) == 0);
            });
        }
    }

    @Test
    void aWaitMayHaveEndedBeforeItBegan() throws Exception {
        Duration past = ChronoUnit.FOREVER.getDuration().negated();
        String name = Creation.freshName();
        Region begun = Region.ofNewSegment(Creation.subject(name), Creation.systemName(name), 4096);
        try {
            MappingException late =
                    assertThrows(MappingException.class, () -> SharedMemory.open(name, MapMode.READ_ONLY, past));
            assertEquals(ErrorCode.TIMED_OUT, late.code());
        } finally {
            if (Needs.has(Capability.KEEP_SHARED)) {
                SharedMemory.unlink(name);
            }
            begun.close();
        }
    }

    @Test
    void aWaitMayBeForEver() throws Exception {
        Duration ever = ChronoUnit.FOREVER.getDuration();
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.PARK);
                RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.PARK)) {
            assertNull(consumer.receive(ever.negated()));
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Thread sender = Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(20_000_000);
                try {
                    producer.offer(new byte[] {1});
                    sent.complete(null);
                } catch (MappingException | RuntimeException | Error e) {
                    sent.completeExceptionally(e);
                }
            });
            assertArrayEquals(new byte[] {1}, consumer.receive(ever));
            sent.get(20, TimeUnit.SECONDS);
            sender.join(); // the producer is that thread's until it has ended
        }
        try (SharedMemory memory = SharedMemory.anonymous(SequenceLock.HEADER_BYTES + 8)) {
            assertTrue(new SequenceLock(memory.bytes(), WaitStrategy.PARK).read(new byte[8], ever));
        }
        assertTrue(Deadline.of(ever).left() > Duration.ofDays(100_000).toNanos());
    }
}
