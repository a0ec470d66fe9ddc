package dev.quire.jcstress;

import dev.quire.slice.IntSlice;
import dev.quire.slice.LongSlice;
import java.nio.ByteOrder;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Nothing that is added is lost, in either byte order: the swapped one is a loop of exchanges. */
@JCStressTest
@Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "both were added")
@Outcome(expect = Expect.FORBIDDEN, desc = "one was lost")
@State
public class SliceCounting {
    private static final ByteOrder OTHER =
            ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;

    private final LongSlice longs = Cells.WORDS.take().longs();
    private final IntSlice swapped = Cells.WORDS.take().ints(OTHER);

    @Actor
    public void one() {
        longs.getAndAdd(0, 1);
        swapped.getAndAdd(0, 1);
    }

    @Actor
    public void other() {
        longs.getAndAdd(0, 2);
        swapped.getAndAdd(0, 2);
    }

    @Arbiter
    public void sum(JJ_Result result) {
        result.r1 = longs.get(0);
        result.r2 = swapped.get(0);
    }
}
