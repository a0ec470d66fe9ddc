package dev.quire.array;

import dev.quire.internal.FloatingReducer;
import dev.quire.internal.FloatingReducer.What;
import dev.quire.internal.IntegerReducer;
import dev.quire.internal.Reducer;
import dev.quire.slice.IntegerSummary;
import dev.quire.slice.Summary;
import java.math.BigInteger;

/** What all elements of a layout come to. Run inside the array's guard, which makes a pending fault arrive. */
final class ArrayReductions {
    /** Elements that are gathered at once: small enough for the first-level cache, and a whole number of chunks. */
    static final int BUFFER = 2048;

    /** A line of fewer bools is gathered sooner than the integers of a chunk are gone over: 0.5 microseconds for 64, not 0.8. */
    private static final int LEAST_BOOLS = 256;

    /** Whoever looks for an element often finds it among the first. */
    private static final int FIRST_LOOK = 16;

    private final Runs.Memory memory;
    private final ArrayLayout layout;
    private final Scratch scratch;

    /** Whether the elements follow each other in memory without gaps, in whatever sequence of axes. */
    private final boolean isOneRun;

    ArrayReductions(Runs.Memory memory, ArrayLayout layout, Scratch scratch) {
        this(memory, layout, scratch, RunCursor.inMemory(layout).isOneRunOf(layout.itemBytes()));
        memory.requireReal();
    }

    private ArrayReductions(Runs.Memory memory, ArrayLayout layout, Scratch scratch, boolean isOneRun) {
        this.memory = memory;
        this.layout = layout;
        this.scratch = scratch;
        this.isOneRun = isOneRun;
    }

    /** The same so many bytes further on. */
    ArrayReductions shifted(long bytes) {
        return new ArrayReductions(memory, layout.shifted(bytes), scratch, isOneRun);
    }

    /** Whether doubles can be taken from where they are, one by one. */
    private boolean isSpreadDoubles() {
        return memory.isPlainDouble() && !isOneRun;
    }

    private boolean isFloating() {
        return memory.isFloating();
    }

    private boolean isBool() {
        return memory.type() == ElementType.BOOL;
    }

    long count() {
        return layout.shape().elementCount();
    }

    /** Count, sum, mean, deviation and extremes in one pass, in the sequence of memory. */
    Summary summary() {
        if (!isFloating()) {
            IntegerSummary whole = wholeSummary();
            boolean none = whole.count() == 0;
            return new Summary(
                    whole.count(),
                    whole.sum().doubleValue(),
                    whole.mean(),
                    whole.std(),
                    none ? Double.NaN : wide(whole.min()),
                    none ? Double.NaN : wide(whole.max()));
        }
        FloatingReducer reducer = floating(What.ALL);
        double sum = reducer.sum();
        return new Summary(reducer.count(), sum, sum / reducer.count(), reducer.std(), reducer.min(), reducer.max());
    }

    private double wide(long bits) {
        return memory.type() == ElementType.UINT64 ? Elements.unsignedToDouble(bits) : bits;
    }

    /** The same of whole numbers and bools, exactly. */
    IntegerSummary wholeSummary() {
        if ((memory.type().isInteger() || isBool()) && isOneRun) {
            return summary(directWhole());
        }
        IntegerReducer reducer = new IntegerReducer(Long.BYTES, false, memory.type() == ElementType.UINT64);
        long[] buffer = new long[BUFFER];
        RunCursor run = RunCursor.inMemory(layout);
        int filled = 0;
        while (run.next(buffer.length - filled)) {
            Runs.read(memory, run, buffer, filled);
            filled += run.count;
            if (filled == buffer.length) {
                reducer.addAll(scratch.nativeLongs(buffer, filled));
                filled = 0;
            }
        }
        reducer.addAll(scratch.nativeLongs(buffer, filled));
        return summary(reducer);
    }

    private static IntegerSummary summary(IntegerReducer reducer) {
        BigInteger sum = reducer.sum();
        return new IntegerSummary(
                reducer.count(), sum, sum.doubleValue() / reducer.count(), reducer.std(), reducer.min(), reducer.max());
    }

    double sum() {
        if (isSpreadDoubles()) {
            return DoubleLoops.sum(memory.segment(), layout);
        }
        return isFloating() ? floating(What.SUM).sum() : wholeSummary().sum().doubleValue();
    }

    /** The same in double precision whatever the type: exact as long as it stays below 2^53. */
    double sumOfDoubles() {
        if (isSpreadDoubles()) {
            return DoubleLoops.sum(memory.segment(), layout);
        }
        return isBool() && isOneRun && count() >= LEAST_BOOLS
                ? directWhole().sum().doubleValue()
                : floating(What.SUM).sum();
    }

    double min() {
        if (isSpreadDoubles() && count() > 0) {
            return DoubleLoops.min(memory.segment(), layout);
        }
        return isFloating() ? floating(What.EXTREMES).min() : summary().min();
    }

    double max() {
        if (isSpreadDoubles() && count() > 0) {
            return DoubleLoops.max(memory.segment(), layout);
        }
        return isFloating() ? floating(What.EXTREMES).max() : summary().max();
    }

    /** Without gaps there is nothing to gather: the reducer takes the elements where they are. */
    private <R extends Reducer> R direct(R reducer) {
        long bytes = layout.endByte() - layout.lowestByte();
        reducer.addMapped(memory.region(), memory.segment().asSlice(layout.lowestByte(), bytes));
        return reducer;
    }

    private IntegerReducer directWhole() {
        return direct(scratch.wholeReducer(memory.type(), memory.swapped()));
    }

    private FloatingReducer floating(What what) {
        if (!memory.isFloating() || !isOneRun) {
            return gathered(what);
        }
        return direct(scratch.reducer(memory.type().itemBytes(), memory.swapped(), what));
    }

    private FloatingReducer gathered(What what) {
        FloatingReducer reducer = scratch.reducer(Double.BYTES, false, what);
        RunCursor run = RunCursor.inMemory(layout);
        int filled = 0;
        while (run.next(BUFFER - filled)) {
            Runs.read(memory, run, scratch.doubles(), filled);
            filled += run.count;
            if (filled == BUFFER) {
                reducer.addAll(scratch.nativeDoubles(filled));
                filled = 0;
            }
        }
        reducer.addAll(scratch.nativeDoubles(filled));
        return reducer;
    }

    /** The place in C sequence of the first extreme, or of the first NaN. */
    long argExtreme(boolean smallest) {
        if (layout.shape().isEmpty()) {
            throw new IllegalArgumentException("an empty array has no extreme; shape " + layout.shape());
        }
        return isFloating() ? argFloating(smallest) : argWhole(smallest);
    }

    private long argFloating(boolean smallest) {
        double[] buffer = new double[Runs.CHUNK];
        RunCursor run = RunCursor.inSequence(layout);
        double best = Double.NaN;
        long place = -1;
        for (long done = 0; run.next(buffer.length); done += run.count) {
            Runs.read(memory, run, buffer, 0);
            for (int i = 0; i < run.count; i++) {
                double value = buffer[i];
                if (Double.isNaN(value)) {
                    return done + i;
                }
                if (place < 0 || (smallest ? value < best : value > best)) {
                    best = value;
                    place = done + i;
                }
            }
        }
        return place;
    }

    private long argWhole(boolean smallest) {
        long flip = memory.type() == ElementType.UINT64 ? Long.MIN_VALUE : 0;
        long[] buffer = new long[Runs.CHUNK];
        RunCursor run = RunCursor.inSequence(layout);
        long best = 0;
        long place = -1;
        for (long done = 0; run.next(buffer.length); done += run.count) {
            Runs.read(memory, run, buffer, 0);
            for (int i = 0; i < run.count; i++) {
                long value = buffer[i] ^ flip;
                if (place < 0 || (smallest ? value < best : value > best)) {
                    best = value;
                    place = done + i;
                }
            }
        }
        return place;
    }

    /** Whether the truth of any element is as asked: true to look for one that is not 0. NaN is not 0. */
    boolean hasTruth(boolean wanted) {
        RunCursor run = RunCursor.inMemory(layout);
        return isFloating() ? hasTruth(run, scratch.doubles(), wanted) : hasTruth(run, new long[Runs.CHUNK], wanted);
    }

    private boolean hasTruth(RunCursor run, double[] buffer, boolean wanted) {
        for (int most = FIRST_LOOK; run.next(most); most = buffer.length) {
            Runs.read(memory, run, buffer, 0);
            for (int i = 0; i < run.count; i++) {
                if ((buffer[i] != 0) == wanted) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean hasTruth(RunCursor run, long[] buffer, boolean wanted) {
        for (int most = FIRST_LOOK; run.next(most); most = buffer.length) {
            Runs.read(memory, run, buffer, 0);
            for (int i = 0; i < run.count; i++) {
                if ((buffer[i] != 0) == wanted) {
                    return true;
                }
            }
        }
        return false;
    }
}
