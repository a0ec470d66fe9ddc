package dev.quire.internal;

import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Statistics;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of one region. Those of the process are the sums over all regions, and what the regions that ended
 * have left: a call counts once, and without a lock. Must not reach the region.
 */
@SuppressWarnings("EnumOrdinal") // places in an array that nobody else sees
public final class Counters {
    /** For the benchmark that tells what counting costs. */
    private static final boolean ON = !"false".equals(System.getProperty("dev.quire.counters"));

    /** What is counted beside hints. */
    public enum Count {
        POPULATED_BYTES,
        PREFETCHED_BYTES,
        EVICTED_BYTES,
        BATCHES,
        IN_PLACE_READS,
        MAPPED_READS,
        DIRECT_READS,
        BUFFERED_READS,
        WAITS
    }

    private static final int RESULTS = HintResult.values().length;
    private static final int HINTS = Hint.values().length * RESULTS;
    private static final int CELLS = HINTS + Count.values().length;
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    /** Of regions that are mapped and have counted something. */
    private static final Set<Counters> LIVE = new HashSet<>();

    private static final long[] ENDED = new long[CELLS];

    private volatile long @Nullable [] cells;

    Counters() {}

    /** Counts so many more. */
    public void add(Count what, long more) {
        if (ON && more > 0) {
            add(HINTS + what.ordinal(), more);
        }
    }

    void add(Hint hint, HintResult result) {
        if (ON) {
            add(hint.ordinal() * RESULTS + result.ordinal(), 1);
        }
    }

    /** Counts a hint and, for WILLNEED, what it asked for. */
    Outcome counted(Hint hint, Outcome outcome) {
        add(hint, outcome.result());
        if (hint == Hint.WILLNEED) {
            add(Count.PREFETCHED_BYTES, outcome.bytes());
        }
        return outcome;
    }

    private void add(int at, long more) {
        long[] now = cells;
        if (now == null) {
            now = begin();
        }
        CELL.setOpaque(now, at, (long) CELL.getOpaque(now, at) + more);
    }

    private long[] begin() {
        synchronized (LIVE) {
            long[] now = cells;
            if (now == null) {
                now = new long[CELLS];
                cells = now;
                LIVE.add(this);
            }
            return now;
        }
    }

    /** The region is unmapped: what it has counted is the process's. */
    void end() {
        synchronized (LIVE) {
            if (LIVE.remove(this)) {
                addTo(ENDED);
            }
        }
    }

    private void addTo(long[] sums) {
        long[] now = cells;
        for (int i = 0; now != null && i < CELLS; i++) {
            sums[i] += (long) CELL.getOpaque(now, i);
        }
    }

    /** What was counted of the region. */
    public Statistics statistics() {
        long[] sums = new long[CELLS];
        addTo(sums);
        return statistics(sums);
    }

    /** What was counted in this process. */
    public static Statistics ofProcess() {
        synchronized (LIVE) {
            long[] sums = ENDED.clone();
            LIVE.forEach(one -> one.addTo(sums));
            return statistics(sums);
        }
    }

    private static Statistics statistics(long[] sums) {
        Map<Hint, Map<HintResult, Long>> hints = new EnumMap<>(Hint.class);
        for (Hint hint : Hint.values()) {
            Map<HintResult, Long> counts = new EnumMap<>(HintResult.class);
            for (HintResult result : HintResult.values()) {
                long count = sums[hint.ordinal() * RESULTS + result.ordinal()];
                if (count > 0) {
                    counts.put(result, count);
                }
            }
            hints.put(hint, counts);
        }
        return new Statistics(
                hints,
                sums[HINTS + Count.POPULATED_BYTES.ordinal()],
                sums[HINTS + Count.PREFETCHED_BYTES.ordinal()],
                sums[HINTS + Count.EVICTED_BYTES.ordinal()],
                sums[HINTS + Count.BATCHES.ordinal()],
                sums[HINTS + Count.IN_PLACE_READS.ordinal()],
                sums[HINTS + Count.MAPPED_READS.ordinal()],
                sums[HINTS + Count.DIRECT_READS.ordinal()],
                sums[HINTS + Count.BUFFERED_READS.ordinal()],
                sums[HINTS + Count.WAITS.ordinal()]);
    }
}
