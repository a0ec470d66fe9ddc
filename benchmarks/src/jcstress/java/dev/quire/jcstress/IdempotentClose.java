package dev.quire.jcstress;

import dev.quire.internal.Region;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Of two that close, one does. */
@JCStressTest
@Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one of them closed it")
@Outcome(expect = Expect.FORBIDDEN, desc = "none or both")
@State
public class IdempotentClose {
    private final Region region = Memory.region();

    @Actor
    public void first(ZZ_Result result) {
        result.r1 = region.close();
    }

    @Actor
    public void second(ZZ_Result result) {
        result.r2 = region.close();
    }
}
