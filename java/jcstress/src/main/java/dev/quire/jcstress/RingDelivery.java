package dev.quire.jcstress;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Messages are there as a whole, in order, or not yet: two polls of a ring into which two messages are sent. The ring
 * stands so that the second goes on at its beginning.
 */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "0, 12", "1, 0", "1, 2", "12, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "whole, in order, once")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, lost, again, or out of order")
@State
public class RingDelivery {
    private static final int TORN = -1;

    /** Four of them and their heads leave room for one message of {@value #LENGTH} bytes and not for two. */
    private static final int FILLING = 200;

    private static final int LENGTH = 96;

    private final Ring ring = new Ring();

    public RingDelivery() {
        for (int i = 0; i < 4; i++) {
            ring.offer(new byte[FILLING]);
            ring.poll((segment, at, length) -> {}, 1);
        }
        ring.handOver();
    }

    @Actor
    public void send() {
        send(1);
        send(2);
    }

    private void send(int value) {
        byte[] message = new byte[LENGTH];
        Arrays.fill(message, (byte) value);
        ring.offer(message);
    }

    @Actor
    public void receive(II_Result result) {
        result.r1 = receive();
        result.r2 = receive();
    }

    /** The digits of what came, or that it was none that was sent. */
    private int receive() {
        int[] seen = new int[1];
        ring.poll(
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
