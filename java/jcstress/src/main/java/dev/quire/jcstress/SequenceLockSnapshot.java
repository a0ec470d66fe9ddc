package dev.quire.jcstress;

import dev.quire.shared.SequenceLock;
import dev.quire.shared.WaitStrategy;
import java.time.Duration;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A record that is read while it is written twice is the one before, between or after, whole; and later ones are not
 * older.
 */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "0, 2", "1, 1", "1, 2", "2, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "whole, in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, or back")
@State
public class SequenceLockSnapshot {
    private static final int RECORD = 64;
    private static final Cells CELLS = new Cells(SequenceLock.HEADER_BYTES + RECORD);
    private static final int TORN = -1;
    private static final int NONE = -2;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SequenceLock lock = new SequenceLock(CELLS.take(), WaitStrategy.SPIN);

    private static byte[] record(int value) {
        byte[] record = new byte[RECORD];
        Arrays.fill(record, (byte) value);
        return record;
    }

    @Actor
    public void write() {
        lock.write(record(1));
        lock.write(record(2));
    }

    @Actor
    public void read(II_Result result) {
        result.r1 = read();
        result.r2 = read();
    }

    private int read() {
        byte[] seen = new byte[RECORD];
        if (!lock.read(seen, PATIENCE)) {
            return NONE;
        }
        return Arrays.equals(seen, record(seen[0])) ? seen[0] : TORN;
    }
}
