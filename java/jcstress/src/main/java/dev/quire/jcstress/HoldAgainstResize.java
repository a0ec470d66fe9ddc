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

/** Memory stays where it is while it is held: a resize may move it only before, or after. */
@JCStressTest
@Outcome(
        id = {"4096, true", "16384, true"},
        expect = Expect.ACCEPTABLE,
        desc = "the size before or after, to its last byte")
@Outcome(expect = Expect.FORBIDDEN, desc = "something else")
@State
public class HoldAgainstResize {
    private final Region region = Memory.region();

    @Actor
    public void read(IZ_Result result) {
        result.r1 = region.held(() -> {
            MemorySegment view = region.view(Arena.global());
            return (int) view.byteSize() + view.get(ValueLayout.JAVA_BYTE, view.byteSize() - 1);
        });
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
