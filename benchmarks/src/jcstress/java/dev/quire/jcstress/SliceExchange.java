package dev.quire.jcstress;

import dev.quire.slice.LongSlice;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** One of two gets the word; the other is told who has it, and sees what that one wrote before. */
@JCStressTest
@Outcome(
        id = {"0, 11", "22, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "one got it, the other saw its value")
@Outcome(expect = Expect.FORBIDDEN, desc = "both, none, or without its value")
@State
public class SliceExchange {
    private final LongSlice words = Cells.WORDS.take().longs();

    @Actor
    public void one(JJ_Result result) {
        words.set(1, 11);
        result.r1 = words.compareAndExchange(0, 0, 1) == 0 ? 0 : words.get(2);
    }

    @Actor
    public void other(JJ_Result result) {
        words.set(2, 22);
        result.r2 = words.compareAndExchange(0, 0, 2) == 0 ? 0 : words.get(1);
    }
}
