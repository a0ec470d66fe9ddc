package dev.quire.jcstress;

import dev.quire.slice.IntSlice;
import dev.quire.slice.LongSlice;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Volatile accesses have one order: of two that each write and then look for the other, one at least sees it. */
public final class TotalOrder {
    private static final int ONE = 0;
    private static final int OTHER = Words.FAR;

    private TotalOrder() {}

    /** Words of 32 bits. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 0", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "one came first")
    @Outcome(expect = Expect.FORBIDDEN, desc = "neither saw the other")
    @State
    public static class Ints {
        private final IntSlice words = Words.here(Words.place()).ints();

        @Actor
        public void first(II_Result result) {
            words.setVolatile(ONE, 1);
            result.r1 = words.getVolatile(OTHER);
        }

        @Actor
        public void second(II_Result result) {
            words.setVolatile(OTHER, 1);
            result.r2 = words.getVolatile(ONE);
        }
    }

    /** Words of 64 bits. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 0", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "one came first")
    @Outcome(expect = Expect.FORBIDDEN, desc = "neither saw the other")
    @State
    public static class Longs {
        private final LongSlice words = Words.here(Words.place()).longs();

        @Actor
        public void first(JJ_Result result) {
            words.setVolatile(ONE, 1);
            result.r1 = words.getVolatile(OTHER);
        }

        @Actor
        public void second(JJ_Result result) {
            words.setVolatile(OTHER, 1);
            result.r2 = words.getVolatile(ONE);
        }
    }
}
