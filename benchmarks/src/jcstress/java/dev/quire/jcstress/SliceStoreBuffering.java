package dev.quire.jcstress;

import dev.quire.slice.LongSlice;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Volatile accesses have one order for all: of two threads that write and then look, one sees the other (Dekker). */
@JCStressTest
@Outcome(
        id = {"0, 1", "1, 0", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "one order")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "each before the other")
@State
public class SliceStoreBuffering {
    private final LongSlice words = Cells.WORDS.take().longs();

    @Actor
    public void one(JJ_Result result) {
        words.setVolatile(0, 1);
        result.r1 = words.getVolatile(Cells.OTHER);
    }

    @Actor
    public void other(JJ_Result result) {
        words.setVolatile(Cells.OTHER, 1);
        result.r2 = words.getVolatile(0);
    }
}
