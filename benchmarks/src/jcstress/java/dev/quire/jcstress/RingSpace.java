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

/** A full ring: what is sent meanwhile is refused, or has the room of what was received, which it does not touch before. */
@JCStressTest
@Outcome(
        id = {"0, 1", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "refused or sent; what was there came whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "written over")
@State
public class RingSpace {
    private static final int CAPACITY = 1024;
    private static final Cells CELLS = new Cells((int) MessageRing.byteSize(CAPACITY));

    private final RingProducer producer;
    private final RingConsumer consumer;

    public RingSpace() {
        try {
            ByteSlice memory = CELLS.take();
            producer = MessageRing.producer(memory, WaitStrategy.SPIN);
            consumer = MessageRing.consumer(memory, WaitStrategy.SPIN);
            while (producer.offer(message(1))) {
                continue;
            }
        } catch (MappingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] message(int value) {
        byte[] message = new byte[CAPACITY / 4];
        Arrays.fill(message, (byte) value);
        return message;
    }

    @Actor
    public void send(II_Result result) throws MappingException {
        result.r1 = producer.offer(message(2)) ? 1 : 0;
    }

    @Actor
    public void receive(II_Result result) throws MappingException {
        boolean[] whole = {true};
        consumer.poll(
                (segment, at, length) -> {
                    for (int i = 0; i < length; i++) {
                        whole[0] &= segment.get(ValueLayout.JAVA_BYTE, at + i) == 1;
                    }
                },
                1);
        result.r2 = whole[0] ? 1 : 0;
    }
}
