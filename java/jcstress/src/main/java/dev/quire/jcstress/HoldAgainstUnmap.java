package dev.quire.jcstress;

import dev.quire.Lifetime;
import dev.quire.Mapping;
import dev.quire.internal.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A thread that holds the memory while it is closed finds it mapped; one that comes later is refused. */
public final class HoldAgainstUnmap {
    private HoldAgainstUnmap() {}

    /** Read under a hold, by a view that no close revokes: if the page had gone, so would the virtual machine. */
    @JCStressTest
    @Outcome(
            id = {"7, true", "-1, true"},
            expect = Expect.ACCEPTABLE,
            desc = "read, or refused; unmapped once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "something else")
    @State
    public static class Read {
        private final Region region = Memory.region();
        private final MemorySegment view = region.view(Arena.global());

        public Read() {
            view.set(ValueLayout.JAVA_INT, 0, 7);
        }

        @Actor
        public void read(IZ_Result result) {
            try {
                result.r1 = region.held(() -> view.get(ValueLayout.JAVA_INT, 0));
            } catch (IllegalStateException e) {
                result.r1 = Memory.CLOSED;
            }
        }

        @Actor
        public void close() {
            region.close();
        }

        @Arbiter
        public void count(IZ_Result result) {
            result.r2 = Memory.state(region) == Memory.UNMAPPED;
        }
    }

    /** A call for pages, which the operating system refuses for memory that is not mapped. */
    @JCStressTest
    @Outcome(
            id = {"1", "-1"},
            expect = Expect.ACCEPTABLE,
            desc = "one page, or refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "something else")
    @State
    public static class Call {
        private final Mapping map = Memory.map(Lifetime.SHARED);

        @Actor
        public void call(I_Result result) {
            try {
                result.r1 = (int) map.residency().pages();
            } catch (IllegalStateException e) {
                result.r1 = Memory.CLOSED;
            }
        }

        @Actor
        public void close() {
            map.close();
        }
    }
}
