package dev.quire.jcstress;

import dev.quire.Lease;
import dev.quire.LeasedMapping;
import dev.quire.Lifetime;
import dev.quire.error.MappingException;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A lease that races with a resize has the one size or the other, and its last byte. */
@JCStressTest
@Outcome(
        id = {"4096", "8192"},
        expect = Expect.ACCEPTABLE,
        desc = "before or after")
@Outcome(expect = Expect.FORBIDDEN, desc = "something else")
@State
public class LeaseAgainstResize {
    private final LeasedMapping map = Memory.map(Lifetime.LEASED);

    @Actor
    public void read(I_Result result) {
        try (Lease lease = map.lease()) {
            long size = lease.bytes().byteSize();
            result.r1 = (int) size + lease.bytes().get(size - 1);
        }
    }

    @Actor
    public void resize() {
        try {
            map.resize(2 * Memory.SIZE, Duration.ofSeconds(10));
        } catch (MappingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Arbiter
    public void close() {
        map.close();
    }
}
