package dev.quire.jcstress;

import dev.quire.Lifetime;
import dev.quire.Mapping;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A call for pages holds the memory while a close revokes the views: it is answered, or refused, never by an unmapped page. */
@JCStressTest
@Outcome(id = {"1", "-1"}, expect = Expect.ACCEPTABLE, desc = "one page, or refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "something else")
@State
public class HoldAgainstUnmap {
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
