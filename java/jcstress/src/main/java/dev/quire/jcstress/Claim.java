package dev.quire.jcstress;

import dev.quire.slice.IntSlice;
import dev.quire.slice.LongSlice;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/** Of two that want to set a word from zero, one does. */
public final class Claim {
    private Claim() {}

    /** A word of 32 bits. */
    @JCStressTest
    @Outcome(
            id = {"true, false, 1", "false, true, 2"},
            expect = Expect.ACCEPTABLE,
            desc = "one of them")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both, none, or another's value")
    @State
    public static class Ints {
        private final IntSlice words = Words.here(Words.place()).ints();

        @Actor
        public void first(ZZI_Result result) {
            result.r1 = words.compareAndSet(0, 0, 1);
        }

        @Actor
        public void second(ZZI_Result result) {
            result.r2 = words.compareAndSet(0, 0, 2);
        }

        @Arbiter
        public void value(ZZI_Result result) {
            result.r3 = words.get(0);
        }
    }

    /** A word of 64 bits. */
    @JCStressTest
    @Outcome(
            id = {"true, false, 1", "false, true, 2"},
            expect = Expect.ACCEPTABLE,
            desc = "one of them")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both, none, or another's value")
    @State
    public static class Longs {
        private final LongSlice words = Words.here(Words.place()).longs();

        @Actor
        public void first(ZZJ_Result result) {
            result.r1 = words.compareAndSet(0, 0, 1);
        }

        @Actor
        public void second(ZZJ_Result result) {
            result.r2 = words.compareAndSet(0, 0, 2);
        }

        @Arbiter
        public void value(ZZJ_Result result) {
            result.r3 = words.get(0);
        }
    }
}
