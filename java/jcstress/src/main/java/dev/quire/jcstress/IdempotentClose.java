package dev.quire.jcstress;

import dev.quire.internal.Region;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** Of two that close, one does, and the memory is unmapped once. */
@JCStressTest
@Outcome(
        id = {"true, false, true", "false, true, true"},
        expect = Expect.ACCEPTABLE,
        desc = "one of them closed it")
@Outcome(expect = Expect.FORBIDDEN, desc = "none or both did, or it was unmapped never or twice")
@State
public class IdempotentClose {
    private final Region region = Memory.region();

    @Actor
    public void first(ZZZ_Result result) {
        result.r1 = region.close();
    }

    @Actor
    public void second(ZZZ_Result result) {
        result.r2 = region.close();
    }

    @Arbiter
    public void count(ZZZ_Result result) {
        result.r3 = Memory.state(region) == Memory.UNMAPPED;
    }
}
