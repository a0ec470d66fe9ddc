package dev.quire.jcstress;

import dev.quire.Lease;
import dev.quire.LeasedMapping;
import dev.quire.Lifetime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A lease that races with a close reads to its end, or is refused; the last of the two unmaps. */
@JCStressTest
@Outcome(
        id = {"7", "-1"},
        expect = Expect.ACCEPTABLE,
        desc = "read, or refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "something else")
@State
public class LeaseAgainstClose {
    private final LeasedMapping map = Memory.map(Lifetime.LEASED);

    public LeaseAgainstClose() {
        try (Lease lease = map.lease()) {
            lease.ints().fill(7);
        }
    }

    @Actor
    public void read(I_Result result) {
        try (Lease lease = map.lease()) {
            result.r1 = lease.ints().get(9);
        } catch (IllegalStateException e) {
            result.r1 = Memory.CLOSED;
        }
    }

    @Actor
    public void close() {
        map.close();
    }
}
