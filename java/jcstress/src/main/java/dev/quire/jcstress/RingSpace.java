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
 * A full ring: what is sent meanwhile is refused, or has the room of what was received, which it does not touch before.
 */
@JCStressTest
@Outcome(
        id = {"0, 1", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "refused or sent; what was there came whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "written over")
@State
public class RingSpace {
    /**
     * Five of them and their heads leave 24 bytes: the next one skips these, and has room where the first was and the 0
     * behind its record where the second's head was, when both were received.
     */
    private static final int LENGTH = 192;

    private static final int OVERWRITTEN = 2;

    private final Ring ring = new Ring();

    public RingSpace() {
        boolean taken = true;
        while (taken) {
            taken = ring.offer(message(1));
        }
        ring.handOver();
    }

    private static byte[] message(int value) {
        byte[] message = new byte[LENGTH];
        Arrays.fill(message, (byte) value);
        return message;
    }

    @Actor
    public void send(II_Result result) {
        result.r1 = ring.offer(message(2)) ? 1 : 0;
    }

    @Actor
    public void receive(II_Result result) {
        int[] whole = new int[1];
        ring.poll(
                (segment, at, length) -> {
                    boolean same = length == LENGTH;
                    for (int i = 0; i < length; i++) {
                        same &= segment.get(ValueLayout.JAVA_BYTE, at + i) == 1;
                    }
                    whole[0] += same ? 1 : 0;
                },
                OVERWRITTEN);
        result.r2 = whole[0] == OVERWRITTEN ? 1 : 0;
    }
}
