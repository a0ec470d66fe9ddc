package dev.quire.jcstress;

import dev.quire.slice.LongSlice;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** A word of 64 bits is written at once. */
@JCStressTest
@Outcome(
        id = {"0", "-1"},
        expect = Expect.ACCEPTABLE,
        desc = "before or after")
@Outcome(expect = Expect.FORBIDDEN, desc = "a half of it")
@State
public class Tearing {
    private final LongSlice words = Words.here(Words.place()).longs();

    @Actor
    public void write() {
        words.setOpaque(0, -1);
    }

    @Actor
    public void read(J_Result result) {
        result.r1 = words.getOpaque(0);
    }
}
