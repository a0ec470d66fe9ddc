package dev.quire.jcstress;

import dev.quire.slice.LongSlice;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Who sees a flag that was released sees what was written before it. */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 42", "1, 42"},
        expect = Expect.ACCEPTABLE,
        desc = "not yet, or with what came before")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "the flag without what came before it")
@State
public class SliceMessagePassing {
    private final LongSlice words = Cells.WORDS.take().longs();

    @Actor
    public void write() {
        words.set(Cells.OTHER, 42);
        words.setRelease(0, 1);
    }

    @Actor
    public void read(JJ_Result result) {
        result.r1 = words.getAcquire(0);
        result.r2 = words.get(Cells.OTHER);
    }
}
