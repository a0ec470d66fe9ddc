package dev.quire.jcstress;

import dev.quire.error.MappingException;
import dev.quire.shared.MessageRing;
import dev.quire.shared.RingConsumer;
import dev.quire.shared.RingProducer;
import dev.quire.shared.WaitStrategy;
import dev.quire.slice.ByteSlice;
import java.io.UncheckedIOException;

/** Both ends of a ring for actors, which cannot throw what is checked. */
final class Ring {
    static final int CAPACITY = 1024;

    private static final Cells CELLS = new Cells((int) MessageRing.byteSize(CAPACITY));

    private final ByteSlice memory = CELLS.take();
    private RingProducer producer = producer();
    private RingConsumer consumer = consumer();

    private RingProducer producer() {
        try {
            return MessageRing.producer(memory, WaitStrategy.SPIN);
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RingConsumer consumer() {
        try {
            return MessageRing.consumer(memory, WaitStrategy.SPIN);
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves the ends, which are the thread's that prepared the ring, to the actors. */
    void handOver() {
        producer.close();
        consumer.close();
        producer = producer();
        consumer = consumer();
    }

    boolean offer(byte[] message) {
        try {
            return producer.offer(message);
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
    }

    void poll(MessageRing.Handler handler, int limit) {
        try {
            consumer.poll(handler, limit);
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
