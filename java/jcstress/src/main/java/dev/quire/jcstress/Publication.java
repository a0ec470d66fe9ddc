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

/**
 * Who sees a flag that was released sees what was written before it, in one mapping and across two of the same memory.
 */
public final class Publication {
    private static final int DATA = 0;
    private static final int FLAG = Words.FAR;

    private Publication() {}

    /** A flag and data of 32 bits. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "what was written before is there")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the flag came before the data")
    @State
    public static class Ints {
        private final int place = Words.place();
        private final IntSlice written = Words.here(place).ints();
        private final IntSlice read = Words.here(place).ints();

        @Actor
        public void write() {
            written.set(DATA, 1);
            written.setRelease(FLAG, 1);
        }

        @Actor
        public void read(II_Result result) {
            result.r1 = read.getAcquire(FLAG);
            result.r2 = read.get(DATA);
        }
    }

    /** A flag and data of 64 bits. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "what was written before is there")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the flag came before the data")
    @State
    public static class Longs {
        private final int place = Words.place();
        private final LongSlice written = Words.here(place).longs();
        private final LongSlice read = Words.here(place).longs();

        @Actor
        public void write() {
            written.set(DATA, 1);
            written.setRelease(FLAG, 1);
        }

        @Actor
        public void read(JJ_Result result) {
            result.r1 = read.getAcquire(FLAG);
            result.r2 = read.get(DATA);
        }
    }

    /** The reader has a mapping of its own. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "what was written before is there")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the flag came before the data")
    @State
    public static class IntsAcrossMappings {
        private final int place = Words.place();
        private final IntSlice written = Words.here(place).ints();
        private final IntSlice read = Words.there(place).ints();

        @Actor
        public void write() {
            written.set(DATA, 1);
            written.setRelease(FLAG, 1);
        }

        @Actor
        public void read(II_Result result) {
            result.r1 = read.getAcquire(FLAG);
            result.r2 = read.get(DATA);
        }
    }

    /** The reader has a mapping of its own. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "what was written before is there")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the flag came before the data")
    @State
    public static class LongsAcrossMappings {
        private final int place = Words.place();
        private final LongSlice written = Words.here(place).longs();
        private final LongSlice read = Words.there(place).longs();

        @Actor
        public void write() {
            written.set(DATA, 1);
            written.setRelease(FLAG, 1);
        }

        @Actor
        public void read(JJ_Result result) {
            result.r1 = read.getAcquire(FLAG);
            result.r2 = read.get(DATA);
        }
    }
}
