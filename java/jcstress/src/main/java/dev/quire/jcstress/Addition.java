package dev.quire.jcstress;

import dev.quire.slice.IntSlice;
import dev.quire.slice.LongSlice;
import java.nio.ByteOrder;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** What two add to a word arrives once from each. */
public final class Addition {
    private static final ByteOrder SWAPPED =
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;

    private Addition() {}

    /** A word of 32 bits. */
    @JCStressTest
    @Outcome(
            id = {"0, 1, 3", "2, 0, 3"},
            expect = Expect.ACCEPTABLE,
            desc = "one after the other")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an addition was lost")
    @State
    public static class Ints {
        private final IntSlice words = Words.here(Words.place()).ints();

        @Actor
        public void one(III_Result result) {
            result.r1 = words.getAndAdd(0, 1);
        }

        @Actor
        public void two(III_Result result) {
            result.r2 = words.getAndAdd(0, 2);
        }

        @Arbiter
        public void sum(III_Result result) {
            result.r3 = words.get(0);
        }
    }

    /** A word of 64 bits. */
    @JCStressTest
    @Outcome(
            id = {"0, 1, 3", "2, 0, 3"},
            expect = Expect.ACCEPTABLE,
            desc = "one after the other")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an addition was lost")
    @State
    public static class Longs {
        private final LongSlice words = Words.here(Words.place()).longs();

        @Actor
        public void one(JJJ_Result result) {
            result.r1 = words.getAndAdd(0, 1);
        }

        @Actor
        public void two(JJJ_Result result) {
            result.r2 = words.getAndAdd(0, 2);
        }

        @Arbiter
        public void sum(JJJ_Result result) {
            result.r3 = words.get(0);
        }
    }

    /** A word in the byte order that the processor does not have, which cannot add it. */
    @JCStressTest
    @Outcome(
            id = {"0, 1, 3", "2, 0, 3"},
            expect = Expect.ACCEPTABLE,
            desc = "one after the other")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an addition was lost")
    @State
    public static class LongsSwapped {
        private final LongSlice words = Words.here(Words.place()).longs(SWAPPED);

        @Actor
        public void one(JJJ_Result result) {
            result.r1 = words.getAndAdd(0, 1);
        }

        @Actor
        public void two(JJJ_Result result) {
            result.r2 = words.getAndAdd(0, 2);
        }

        @Arbiter
        public void sum(JJJ_Result result) {
            result.r3 = words.get(0);
        }
    }
}
