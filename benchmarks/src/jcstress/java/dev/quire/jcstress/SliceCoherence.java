package dev.quire.jcstress;

import dev.quire.slice.IntSlice;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Opaque reads of one word never go back. */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "forward")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "back")
@State
public class SliceCoherence {
    private final IntSlice words = Cells.WORDS.take().ints();

    @Actor
    public void write() {
        words.setOpaque(0, 1);
    }

    @Actor
    public void read(II_Result result) {
        result.r1 = words.getOpaque(0);
        result.r2 = words.getOpaque(0);
    }
}
