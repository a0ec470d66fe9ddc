package dev.quire.jcstress;

import dev.quire.error.MappingException;
import dev.quire.internal.Region;
import dev.quire.internal.RegionChanges;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/**
 * While a lease is out the memory may be held, whatever was closed or asked for; the last of all to go unmaps, once.
 */
public final class HoldUnderLease {
    private HoldUnderLease() {}

    private static int held(Region region) {
        return region.held(() -> {
            MemorySegment view = region.view(Arena.global());
            return (int) view.byteSize() + view.get(ValueLayout.JAVA_BYTE, view.byteSize() - 1);
        });
    }

    /** A lease that is had at all is held to its end. */
    @JCStressTest
    @Outcome(
            id = {"4096, true", "-1, true"},
            expect = Expect.ACCEPTABLE,
            desc = "read, or no lease; unmapped once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "something else")
    @State
    public static class Close {
        private final Region region = Memory.region();

        @Actor
        public void read(IZ_Result result) {
            try {
                region.lease();
            } catch (IllegalStateException e) {
                result.r1 = Memory.CLOSED;
                return;
            }
            result.r1 = held(region);
            region.endLease();
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

    /** The owner has closed; somebody else's hold races with the end of the lease. */
    @JCStressTest
    @Outcome(
            id = {"4096, true", "-1, true"},
            expect = Expect.ACCEPTABLE,
            desc = "read, or refused; unmapped once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "something else")
    @State
    public static class End {
        private final Region region = Memory.region();

        public End() {
            region.lease();
            region.close();
        }

        @Actor
        public void read(IZ_Result result) {
            try {
                result.r1 = held(region);
            } catch (IllegalStateException e) {
                result.r1 = Memory.CLOSED;
            }
        }

        @Actor
        public void end() {
            region.endLease();
        }

        @Arbiter
        public void count(IZ_Result result) {
            result.r2 = Memory.state(region) == Memory.UNMAPPED;
        }
    }

    /** A change waits for the lease, and for the holds under it, and they do not wait for the change. */
    @JCStressTest
    @Outcome(
            id = {"4096, true", "16384, true"},
            expect = Expect.ACCEPTABLE,
            desc = "the size before or after, to its last byte")
    @Outcome(expect = Expect.FORBIDDEN, desc = "something else")
    @State
    public static class Resize {
        private final Region region = Memory.region();

        @Actor
        public void read(IZ_Result result) {
            region.lease();
            result.r1 = held(region);
            region.endLease();
        }

        @Actor
        public void resize() {
            try {
                RegionChanges.resize(region, 4 * Memory.SIZE, TimeUnit.SECONDS.toNanos(10));
            } catch (MappingException e) {
                throw new IllegalStateException(e);
            }
        }

        @Arbiter
        public void close(IZ_Result result) {
            region.close();
            result.r2 = Memory.state(region) == Memory.UNMAPPED;
        }
    }
}
