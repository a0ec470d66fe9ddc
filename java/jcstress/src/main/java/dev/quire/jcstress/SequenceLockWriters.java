package dev.quire.jcstress;

import dev.quire.shared.SequenceLock;
import dev.quire.shared.WaitStrategy;
import java.time.Duration;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of two writers one is last, with the whole of its record. */
@JCStressTest
@Outcome(
        id = {"1", "2"},
        expect = Expect.ACCEPTABLE,
        desc = "one of the two, whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, or none")
@State
public class SequenceLockWriters {
    private static final int RECORD = 64;
    private static final Cells CELLS = new Cells(SequenceLock.HEADER_BYTES + RECORD);

    private final SequenceLock lock = new SequenceLock(CELLS.take(), WaitStrategy.SPIN);

    private void write(int value) {
        byte[] record = new byte[RECORD];
        Arrays.fill(record, (byte) value);
        lock.write(record);
    }

    @Actor
    public void one() {
        write(1);
    }

    @Actor
    public void other() {
        write(2);
    }

    @Arbiter
    public void look(I_Result result) {
        byte[] seen = new byte[RECORD];
        byte[] whole = new byte[RECORD];
        boolean read = lock.read(seen, Duration.ZERO);
        Arrays.fill(whole, seen[0]);
        result.r1 = read && Arrays.equals(seen, whole) ? seen[0] : -1;
    }
}
