package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.Healing;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageRingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @EnumSource
    void messagesArriveWholeAndInOrder(WaitStrategy strategy) throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(4096));
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), strategy)) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try (RingProducer producer = MessageRing.producer(memory.bytes(), strategy)) {
                    for (long i = 0; i < 20_000; i++) {
                        assertTrue(producer.send(SharedMain.message(i), PATIENCE));
                    }
                } catch (MappingException e) {
                    throw new AssertionError(e);
                }
            });
            for (long i = 0; i < 20_000; i++) {
                assertArrayEquals(SharedMain.message(i), consumer.receive(PATIENCE));
            }
            sent.get(20, TimeUnit.SECONDS);
            try (RingProducer next = MessageRing.producer(memory.bytes(), strategy)) {
                assertEquals(0, next.pendingBytes());
            }
        }
    }

    @Test
    void aFullRingRefusesAndAnEmptyOneGivesNothing() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.PARK);
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.FUTEX)) {
            assertNull(consumer.receive(Duration.ofMillis(5)));
            byte[] largest = new byte[producer.maxMessageBytes()];
            for (int i = 0; i < 100; i++) {
                int sent = 0;
                while (producer.offer(largest)) {
                    sent++;
                }
                assertTrue(sent >= 2, "sent " + sent);
                assertFalse(producer.send(largest, Duration.ofMillis(1)));
                assertEquals(sent, consumer.poll((segment, at, length) -> assertEquals(256, length), 100));
                assertTrue(producer.offer(new byte[i % 7]));
                assertEquals(i % 7, consumer.receive(PATIENCE).length);
            }
            assertThrows(IllegalArgumentException.class, () -> producer.offer(new byte[257]));
        }
    }

    @Test
    void anEndBelongsToOne() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024))) {
            RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.SPIN);
            MappingException busy =
                    assertThrows(MappingException.class, () -> MessageRing.producer(memory.bytes(), WaitStrategy.SPIN));
            assertEquals(ErrorCode.FILE_BUSY, busy.code());
            try (RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN)) {
                assertTrue(consumer.isProducerAlive());
                assertTrue(producer.isConsumerAlive());
                assertTrue(producer.offer(new byte[] {1}));
                producer.close();
                assertFalse(consumer.isProducerAlive());
            }
            try (RingProducer next = MessageRing.producer(memory.bytes(), WaitStrategy.SPIN);
                    RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN)) {
                assertTrue(next.offer(new byte[] {2}));
                assertArrayEquals(new byte[] {1}, consumer.receive(PATIENCE));
                assertArrayEquals(new byte[] {2}, consumer.receive(PATIENCE));
            }
        }
    }

    @Test
    void whatAHandlerDoesNotTakeComesAgain() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.SPIN);
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN)) {
            assertTrue(producer.offer(new byte[] {1}));
            assertThrows(
                    ArithmeticException.class,
                    () -> consumer.poll(
                            (segment, at, length) -> {
                                throw new ArithmeticException();
                            },
                            1));
            assertArrayEquals(new byte[] {1}, consumer.receive(PATIENCE));
        }
    }

    @Test
    void aDamagedRingIsAnError() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN)) {
            memory.bytes().longs().set(MessageRing.HEADER_BYTES / 8, 1L << 40);
            assertThrows(IllegalStateException.class, () -> consumer.receive(PATIENCE));
        }
        try (SharedMemory memory = SharedMemory.anonymous(1000)) {
            assertThrows(IllegalArgumentException.class, () -> MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN));
        }
    }

    @Test
    void memoryThatNobodyElseSeesIsRefused() throws Exception {
        String name = Creation.freshName();
        try (SharedMemory written = SharedMemory.create(name, MessageRing.byteSize(1024));
                SharedMemory copied = SharedMemory.open(name, MapMode.COPY_ON_WRITE, PATIENCE)) {
            for (Executable call : List.<Executable>of(
                    () -> MessageRing.producer(copied.bytes(), WaitStrategy.SPIN),
                    () -> MessageRing.consumer(copied.bytes(), WaitStrategy.SPIN),
                    () -> new SequenceLock(copied.bytes(), WaitStrategy.SPIN))) {
                String refused =
                        assertThrows(IllegalArgumentException.class, call).getMessage();
                assertTrue(refused.contains(name) && refused.contains("copy-on-write"), refused);
            }
            MessageRing.producer(written.bytes(), WaitStrategy.SPIN).close();
        } finally {
            if (Needs.has(Capability.KEEP_SHARED)) {
                SharedMemory.unlink(name);
            }
        }
    }

    /** Of every length, shorter than claimed too, and around the end of the ring. */
    @Test
    void claimedMessagesArriveWholeAndInOrder() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.PARK);
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.PARK)) {
            for (int i = 0; i < 5000; i++) {
                int most = i % 257;
                int length = most - i % (1 + most / 2);
                MemorySegment room = claimed(producer, consumer, most);
                assertEquals(most, room.byteSize());
                room.asSlice(0, length).fill((byte) i);
                room.asSlice(length).fill((byte) -1);
                assertNull(consumer.receive(Duration.ZERO), "nobody sees it before");
                producer.commit(length);
                byte[] expected = new byte[length];
                Arrays.fill(expected, (byte) i);
                assertArrayEquals(expected, consumer.receive(PATIENCE));
            }
            assertEquals(0, producer.pendingBytes());
        }
    }

    private static MemorySegment claimed(RingProducer producer, RingConsumer consumer, int length) throws Exception {
        MemorySegment room = producer.claim(length, Duration.ofMillis(1));
        if (room == null) {
            assertNull(consumer.receive(Duration.ZERO), "acknowledges what was received before");
            room = producer.claim(length);
        }
        return Objects.requireNonNull(room);
    }

    @Test
    void whatIsAbortedNeverWas() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.PARK)) {
            RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.PARK);
            assertThrows(IllegalStateException.class, producer::abort);
            assertThrows(IllegalStateException.class, () -> producer.commit(0));
            assertThrows(IllegalArgumentException.class, () -> producer.claim(257));
            MemorySegment room = Objects.requireNonNull(producer.claim(200));
            room.fill((byte) -1);
            assertThrows(IllegalStateException.class, () -> producer.claim(1));
            assertThrows(IllegalStateException.class, () -> producer.offer(new byte[1]));
            assertThrows(IllegalArgumentException.class, () -> producer.commit(201));
            producer.abort();
            assertTrue(producer.offer(new byte[] {5}));
            assertArrayEquals(new byte[] {5}, consumer.receive(PATIENCE));
            MemorySegment left = Objects.requireNonNull(producer.claim(200));
            left.fill((byte) -1);
            producer.close();
            assertThrows(IllegalStateException.class, () -> left.get(ValueLayout.JAVA_BYTE, 0));
            try (RingProducer next = MessageRing.producer(memory.bytes(), WaitStrategy.PARK)) {
                assertNull(consumer.receive(Duration.ZERO));
                assertTrue(next.offer(new byte[] {6}));
                assertArrayEquals(new byte[] {6}, consumer.receive(PATIENCE));
            }
        }
    }

    @Test
    void aFullRingHasNoRoomToClaim() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.PARK);
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.PARK)) {
            while (producer.claim(256) != null) {
                producer.commit(256);
            }
            assertNull(producer.claim(256, Duration.ofMillis(1)));
            assertEquals(3, consumer.poll((segment, at, length) -> assertEquals(256, length), 10));
            assertNotNull(producer.claim(256, PATIENCE));
        }
    }

    /** What was written in place is nowhere. */
    @Test
    void aClaimInLostMemoryIsNotSent(@TempDir Path folder) throws Exception {
        assumeTrue(Platform.facts().healing() == Healing.ON, "faults are not healed here");
        Path file = Files.write(folder.resolve("ring"), new byte[(int) MessageRing.byteSize(64 << 10)]);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            RingProducer producer = MessageRing.producer(map.bytes(), WaitStrategy.PARK);
            while (producer.pendingBytes() < 32 << 10) {
                producer.offer(new byte[producer.maxMessageBytes() / 4]);
            }
            MemorySegment room = Objects.requireNonNull(producer.claim(100));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(Platform.pageSize());
            }
            room.fill((byte) 1);
            assertThrows(MemoryFaultException.class, () -> producer.commit(100));
            producer.abort();
            assertThrows(MemoryFaultException.class, () -> producer.claim(1));
            assertThrows(MemoryFaultException.class, producer::close);
        }
    }

    /** A claim of a thread that ended is nobody's: the next thread begins with none. */
    @Test
    void aClaimEndsWithItsThread() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1024));
                RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.PARK);
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.PARK)) {
            Thread first = new Thread(() -> {
                try {
                    producer.claim(100);
                } catch (MappingException e) {
                    throw new AssertionError(e);
                }
            });
            first.start();
            first.join();
            assertTrue(producer.offer(new byte[] {7}));
            assertArrayEquals(new byte[] {7}, consumer.receive(PATIENCE));
        }
    }
}
