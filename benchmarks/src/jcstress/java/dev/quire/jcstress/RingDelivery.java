package dev.quire.jcstress;

import dev.quire.error.MappingException;
import dev.quire.shared.MessageRing;
import dev.quire.shared.RingConsumer;
import dev.quire.shared.RingProducer;
import dev.quire.shared.WaitStrategy;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Messages are there as a whole, in order, or not yet: two polls of a ring into which two messages are sent. The ring stands so
 * that the second goes on at its beginning.
 */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "0, 12", "1, 0", "1, 2", "12, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "whole, in order, once")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, lost, again, or out of order")
@State
public class RingDelivery {
    private static final int CAPACITY = 1024;
    private static final Cells CELLS = new Cells((int) MessageRing.byteSize(CAPACITY));
    private static final int TORN = -1;

    /** Four of them and their heads leave room for one message of {@value #LENGTH} bytes and not for two. */
    private static final int FILLING = 200;

    private static final int LENGTH = 96;

    private final RingProducer producer;
    private final RingConsumer consumer;

    public RingDelivery() {
        try {
            ByteSlice memory = CELLS.take();
            producer = MessageRing.producer(memory, WaitStrategy.SPIN);
            consumer = MessageRing.consumer(memory, WaitStrategy.SPIN);
            for (int i = 0; i < 4; i++) {
                producer.offer(new byte[FILLING]);
                consumer.poll((segment, at, length) -> {}, 1);
            }
        } catch (MappingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Actor
    public void send() throws MappingException {
        send(1);
        send(2);
    }

    private void send(int value) throws MappingException {
        byte[] message = new byte[LENGTH];
        Arrays.fill(message, (byte) value);
        producer.offer(message);
    }

    @Actor
    public void receive(II_Result result) throws MappingException {
        result.r1 = receive();
        result.r2 = receive();
    }

    /** The digits of what came, or that it was none that was sent. */
    private int receive() throws MappingException {
        int[] seen = new int[1];
        consumer.poll(
                (segment, at, length) -> {
                    byte first = segment.get(ValueLayout.JAVA_BYTE, at);
                    boolean whole = length == LENGTH;
                    for (int i = 0; i < length; i++) {
                        whole &= segment.get(ValueLayout.JAVA_BYTE, at + i) == first;
                    }
                    seen[0] = whole ? seen[0] * 10 + first : TORN;
                },
                2);
        return seen[0];
    }
}
