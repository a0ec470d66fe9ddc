package dev.quire.array;

import dev.quire.internal.Lines;
import dev.quire.internal.reduce.IntegerReducer;
import dev.quire.internal.reduce.ParallelReduction;
import dev.quire.internal.reduce.Reducer;
import dev.quire.internal.reduce.Statistics;
import dev.quire.slice.IntegerSummary;
import dev.quire.slice.Summary;
import java.util.NoSuchElementException;

/**
 * Reductions of all elements of a layout. Sums, means, deviations and extremes take the elements in the order of
 * memory: the axis with the largest stride is the slowest, and each axis is taken in its own direction. Elements of the
 * same order have the same results, bit for bit, whatever their strides.
 */
final class ArrayReductions {
    /** An element that is searched for is often among the first. */
    private static final int FIRST_LOOK = 16;

    private final Runs.Memory memory;
    private final ArrayLayout layout;
    private final int threads;
    private final Buffers buffers;

    ArrayReductions(Runs.Memory memory, ArrayLayout layout, int threads) {
        this(memory, layout, threads, new Buffers());
    }

    private ArrayReductions(Runs.Memory memory, ArrayLayout layout, int threads, Buffers buffers) {
        this.memory = memory;
        this.layout = layout;
        this.threads = threads;
        this.buffers = buffers;
    }

    /** Those of the same elements so many bytes further on. */
    ArrayReductions shifted(long bytes) {
        return new ArrayReductions(memory, layout.shifted(bytes), threads, buffers);
    }

    /** What elements are read into; lines that are reduced one after the other share them. */
    private static final class Buffers {
        private double[] doubles = new double[0];
        private long[] longs = new long[0];

        double[] doubles() {
            if (doubles.length == 0) {
                doubles = new double[Runs.CHUNK];
            }
            return doubles;
        }

        long[] longs() {
            if (longs.length == 0) {
                longs = new long[Runs.CHUNK];
            }
            return longs;
        }
    }

    private boolean isFloating() {
        return memory.isFloating();
    }

    /** Count, sum, mean, deviation and extremes in one pass. */
    Summary summary() {
        Reducer all = reduced(Statistics.ALL);
        return new Summary(all.count(), all.sum(), all.mean(), all.std(), all.min(), all.max());
    }

    /** Those of whole numbers and bools, exactly. */
    IntegerSummary wholeSummary() {
        if (reduced(Statistics.ALL) instanceof IntegerReducer all) {
            return new IntegerSummary(
                    all.count(), all.exactSum(), all.mean(), all.std(), all.exactMin(), all.exactMax());
        }
        throw new UnsupportedOperationException(memory.type() + " elements are not integers; use summary()");
    }

    double sum() {
        return reduced(Statistics.SUM).sum();
    }

    double mean() {
        return reduced(Statistics.SUM).mean();
    }

    double std() {
        return reduced(Statistics.DEVIATIONS).std();
    }

    double min() {
        return reduced(Statistics.EXTREMES).min();
    }

    double max() {
        return reduced(Statistics.EXTREMES).max();
    }

    private Reducer reduced(Statistics what) {
        memory.requireReal();
        Reducer reducer = memory.reducer(what);
        Lines lines = RunCursor.inMemory(layout).lines();
        if (lines != null && threads > 1) {
            ParallelReduction.add(reducer, memory.region(), memory.segment(), lines, threads);
        } else if (lines != null) {
            reducer.addMapped(memory.region(), memory.segment(), lines);
        } else {
            reducer.addRuns(this::addRuns);
        }
        return reducer;
    }

    private void addRuns(Reducer reducer) {
        RunCursor run = RunCursor.inMemory(layout);
        while (run.next(Integer.MAX_VALUE)) {
            reducer.add(memory.segment(), run.at, run.stride, run.count);
        }
    }

    /** The place in C sequence of the first extreme, or of the first NaN. */
    long argExtreme(boolean smallest) {
        memory.requireReal();
        if (layout.shape().isEmpty()) {
            throw new NoSuchElementException("an empty array has no extreme; shape " + layout.shape());
        }
        return isFloating() ? argFloating(smallest) : argWhole(smallest);
    }

    private long argFloating(boolean smallest) {
        double[] buffer = buffers.doubles();
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
        long[] buffer = buffers.longs();
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
        memory.requireReal();
        RunCursor run = RunCursor.inMemory(layout);
        return isFloating() ? hasTruth(run, buffers.doubles(), wanted) : hasTruth(run, buffers.longs(), wanted);
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
