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
import dev.quire.testing.Needs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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
}
