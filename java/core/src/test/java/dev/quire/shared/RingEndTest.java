package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Lease;
import dev.quire.LeasedMapping;
import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.error.ErrorCode;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.error.SystemFailureException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Needs;
import dev.quire.testing.ThisProcess;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whose the ends of a ring are, how long their memory stays, and what neither misuse nor another process does to the
 * JVM.
 */
class RingEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path folder;

    private final List<SharedMemory> opened = new ArrayList<>();
    private SharedMemory memory;
    private RingProducer producer;
    private RingConsumer consumer;

    @BeforeEach
    void open() throws Exception {
        memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
        opened.add(memory);
        producer = MessageRing.producer(memory.bytes(), WaitStrategy.FUTEX);
        consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.FUTEX);
    }

    @AfterEach
    void close() {
        producer.close();
        consumer.close();
        opened.forEach(SharedMemory::close);
    }

    /** What another thread, which then ends, is told. */
    private static Throwable elsewhere(Executable call) throws Exception {
        FutureTask<Throwable> task = new FutureTask<>(() -> {
            try {
                call.execute();
                return null;
            } catch (Throwable e) {
                return e;
            }
        });
        Thread.ofPlatform().name("the other").start(task).join();
        return task.get();
    }

    @Test
    void anotherThreadIsRefused() throws Exception {
        assertTrue(producer.offer(new byte[] {1}));
        assertFalse(consumer.poll((segment, at, length) -> {}, 0) != 0);
        for (Executable call : List.<Executable>of(
                () -> producer.offer(new byte[1]),
                () -> producer.send(new byte[1], PATIENCE),
                producer::pendingBytes,
                producer::close,
                () -> consumer.poll((segment, at, length) -> {}, 1),
                () -> consumer.receive(PATIENCE),
                consumer::close)) {
            Throwable refused = elsewhere(call);
            assertEquals(WrongThreadException.class, refused.getClass(), refused::toString);
            assertTrue(refused.getMessage().contains(Thread.currentThread().toString()), refused::toString);
            assertTrue(refused.getMessage().contains("the other"), refused::toString);
        }
        assertTrue(producer.offer(new byte[] {2}));
        assertArrayEquals(new byte[] {1}, consumer.receive(PATIENCE));
        assertArrayEquals(new byte[] {2}, consumer.receive(PATIENCE));
    }

    /** As it is where memory may shrink: on platforms without seals. */
    private static boolean isCopied(MemorySegment message) {
        return !message.isNative();
    }

    @Test
    void theNextThreadHasTheEndOfOneThatHasEnded() throws Exception {
        MemorySegment[] seen = new MemorySegment[1];
        assertNull(elsewhere(() -> {
            assertTrue(producer.offer(new byte[] {1}));
            MessageRing.Handler keeping = (segment, at, length) -> seen[0] = segment.asSlice(at, length);
            assertEquals(1, consumer.poll(keeping, 1));
            assertEquals(1, seen[0].get(ValueLayout.JAVA_BYTE, 0));
        }));
        assertTrue(producer.offer(new byte[] {2}));
        assertArrayEquals(new byte[] {2}, consumer.receive(PATIENCE));
        if (!isCopied(seen[0])) {
            assertThrows(WrongThreadException.class, () -> seen[0].get(ValueLayout.JAVA_BYTE, 0));
        }
        assertEquals(WrongThreadException.class, elsewhere(consumer::close).getClass());
    }

    @Test
    void anyThreadMayCloseWhatNoneHasUsed() throws Exception {
        assertNull(elsewhere(() -> {
            producer.close();
            consumer.close();
        }));
        assertThrows(IllegalStateException.class, () -> producer.offer(new byte[1]));
        MessageRing.producer(memory.bytes(), WaitStrategy.SPIN).close();
    }

    /** Asking for the other end takes this one away from nobody. */
    @Test
    void anyThreadMayAskForTheOtherEnd() throws Exception {
        assertTrue(producer.isConsumerAlive());
        assertNull(elsewhere(() -> {
            assertTrue(producer.isConsumerAlive());
            assertTrue(producer.offer(new byte[] {1}));
            assertTrue(consumer.isProducerAlive());
        }));
        consumer.close();
        assertFalse(producer.isConsumerAlive());
        memory.close();
        assertThrows(IllegalStateException.class, consumer::isProducerAlive);
        assertEquals(
                IllegalStateException.class,
                elsewhere(producer::isConsumerAlive).getClass());
        assertTrue(producer.offer(new byte[] {2}));
        assertFalse(producer.isConsumerAlive());
    }

    @Test
    void aClosedEndRefuses() throws Exception {
        assertTrue(producer.offer(new byte[] {1}));
        producer.close();
        producer.close();
        consumer.close();
        assertNull(elsewhere(producer::close));
        for (Executable call : List.<Executable>of(
                () -> producer.offer(new byte[1]),
                () -> producer.send(new byte[1], PATIENCE),
                producer::pendingBytes,
                () -> consumer.poll((segment, at, length) -> {}, 1),
                () -> consumer.poll((segment, at, length) -> {}, 1, PATIENCE),
                () -> consumer.receive(PATIENCE))) {
            for (Throwable refused : List.of(assertThrows(IllegalStateException.class, call), elsewhere(call))) {
                assertTrue(refused.getMessage().startsWith("closed: the "), refused::toString);
            }
        }
    }

    @Test
    void aHandlerMayCloseTheEnd() throws Exception {
        for (byte i = 1; i <= 3; i++) {
            assertTrue(producer.offer(new byte[] {i}));
        }
        List<Byte> seen = new ArrayList<>();
        MemorySegment[] kept = new MemorySegment[1];
        int count = consumer.poll(
                (segment, at, length) -> {
                    if (seen.size() == 1) {
                        consumer.close();
                        consumer.close();
                        assertTrue(consumer.isProducerAlive());
                    }
                    kept[0] = segment;
                    seen.add(segment.get(ValueLayout.JAVA_BYTE, at));
                },
                10);
        assertEquals(2, count);
        assertEquals(List.of((byte) 1, (byte) 2), seen);
        if (!isCopied(kept[0])) {
            assertThrows(IllegalStateException.class, () -> kept[0].get(ValueLayout.JAVA_BYTE, 8));
        }
        assertThrows(IllegalStateException.class, () -> consumer.receive(PATIENCE));
        assertFalse(producer.isConsumerAlive());
        try (RingConsumer next = MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN)) {
            assertArrayEquals(new byte[] {3}, next.receive(PATIENCE));
        }
    }

    @Test
    void aHandlerThatClosesAndThrowsHasNotReceived() throws Exception {
        assertTrue(producer.offer(new byte[] {1}));
        assertThrows(
                ArithmeticException.class,
                () -> consumer.poll(
                        (segment, at, length) -> {
                            consumer.close();
                            throw new ArithmeticException();
                        },
                        1));
        try (RingConsumer next = MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN)) {
            assertArrayEquals(new byte[] {1}, next.receive(PATIENCE));
        }
    }

    @Test
    void aHandlerMayNotPoll() throws Exception {
        assertTrue(producer.offer(new byte[] {1}));
        MessageRing.Handler polling = (segment, at, length) ->
                assertThrows(IllegalStateException.class, () -> consumer.receive(Duration.ZERO));
        assertEquals(1, consumer.poll(polling, 1));
        assertNull(consumer.receive(Duration.ZERO));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "/proc/self/maps")
    void theEndsGoOnWhenTheMemoryIsClosedAndTheLastOneUnmaps() throws Exception {
        for (boolean named : new boolean[] {true, false}) {
            long areas = ThisProcess.areas("quire").size();
            long size = MessageRing.byteSize(4096);
            SharedMemory closing = named ? SharedMemory.create(size) : SharedMemory.anonymous(size);
            String name = closing.name().orElse("");
            RingProducer sending = MessageRing.producer(closing.bytes(), WaitStrategy.FUTEX);
            RingConsumer receiving = MessageRing.consumer(closing.bytes(), WaitStrategy.FUTEX);
            closing.close();
            if (named) {
                SharedMemory.unlink(name);
                assertEquals(1, ThisProcess.areas(name).size());
            }
            assertThrows(IllegalStateException.class, closing::bytes);
            for (long i = 0; i < 1000; i++) {
                assertTrue(sending.send(SharedMain.message(i), PATIENCE));
                assertArrayEquals(SharedMain.message(i), receiving.receive(PATIENCE));
            }
            assertFalse(receiving.poll((segment, at, length) -> {}, 1, Duration.ofMillis(5)) != 0);
            assertTrue(sending.isConsumerAlive());
            sending.close();
            assertFalse(receiving.isProducerAlive());
            receiving.close();
            assertEquals(areas, ThisProcess.areas("quire").size());
        }
    }

    @Test
    void memoryWithAnEndIsNeitherMovedNorMadeReadOnly() throws Exception {
        Path file = Files.write(folder.resolve("ring"), new byte[(int) MessageRing.byteSize(1024)]);
        try (LeasedMapping map = Mapping.open(file, MapMode.READ_WRITE, Lifetime.LEASED)) {
            RingProducer sending;
            ByteSlice ended;
            try (Lease lease = map.lease()) {
                ended = lease.bytes();
                sending = MessageRing.producer(ended, WaitStrategy.SPIN);
            }
            for (Executable call :
                    List.<Executable>of(() -> map.resize(1 << 20, SHORT), () -> map.protect(true, SHORT))) {
                assertEquals(
                        ErrorCode.TIMED_OUT,
                        assertThrows(SystemFailureException.class, call).code());
                assertTrue(sending.offer(new byte[] {1}));
            }
            sending.close();
            map.protect(true, SHORT);
            assertThrows(IllegalStateException.class, () -> MessageRing.producer(ended, WaitStrategy.SPIN));
            try (Lease lease = map.lease()) {
                assertThrows(
                        ReadOnlyMemoryException.class, () -> MessageRing.producer(lease.bytes(), WaitStrategy.SPIN));
            }
            map.protect(false, SHORT);
            try (Lease lease = map.lease();
                    RingConsumer receiving = MessageRing.consumer(lease.bytes(), WaitStrategy.SPIN)) {
                assertArrayEquals(new byte[] {1}, receiving.receive(PATIENCE));
            }
        }
    }

    @Test
    void memoryThatMayNotBeWrittenIsRefused() throws Exception {
        SharedMemory read;
        try (SharedMemory written = SharedMemory.create(MessageRing.byteSize(1024))) {
            read = SharedMemory.open(written.name().orElseThrow(), MapMode.READ_ONLY, PATIENCE);
            if (Needs.has(Capability.KEEP_SHARED)) {
                SharedMemory.unlink(written.name().orElseThrow());
            }
        }
        ByteSlice bytes = read.bytes();
        assertThrows(ReadOnlyMemoryException.class, () -> MessageRing.producer(bytes, WaitStrategy.SPIN));
        assertThrows(ReadOnlyMemoryException.class, () -> MessageRing.consumer(bytes, WaitStrategy.SPIN));
        read.close();
        assertThrows(IllegalStateException.class, () -> MessageRing.producer(bytes, WaitStrategy.SPIN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation", "-XX:+UseParallelGC"})
    void whateverStandsInTheRingIsAnErrorAndNotTheEnd(String mode) throws Exception {
        succeeds("damage", mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation", "-XX:+UseParallelGC"})
    void closingFromAnotherThreadIsNotTheEnd(String mode) throws Exception {
        succeeds("close", mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs seals, and a mapped file that can be truncated")
    void aFaultOfOtherMemoryIsNotTheRings(String mode) throws Exception {
        succeeds("source", mode);
    }

    private void succeeds(String task, String mode) throws Exception {
        ChildJvm.Exit exit = ChildJvm.onClassPath(
                        RingMain.class, task, folder.resolve("source").toString())
                .flags(mode)
                .run();
        assertEquals(0, exit.status(), exit::toString);
    }
}
