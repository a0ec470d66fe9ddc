package dev.quire.jcstress;

import dev.quire.LeasedMapping;
import dev.quire.Lifetime;
import dev.quire.error.MappingException;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A resize that races with a close is made whole before it, or refused. */
@JCStressTest
@Outcome(
        id = {"8192", "-1"},
        expect = Expect.ACCEPTABLE,
        desc = "made, or refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "something else")
@State
public class CloseAgainstChange {
    private final LeasedMapping map = Memory.map(Lifetime.LEASED);

    @Actor
    public void resize(I_Result result) {
        try {
            map.resize(2 * Memory.SIZE, Duration.ofSeconds(10));
            result.r1 = (int) map.byteSize();
        } catch (IllegalStateException e) {
            result.r1 = Memory.CLOSED;
        } catch (MappingException e) {
            result.r1 = e.code().number();
        }
    }

    @Actor
    public void close() {
        map.close();
    }
}
