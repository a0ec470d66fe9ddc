package dev.quire.array;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Reductions along one axis: one result for each position of the others, in C sequence of {@link #shape()}. NaN counts as
 * in NumPy: it is the sum, mean, deviation and extreme of whatever it is part of. Made by {@link MappedArray#along(int)}.
 *
 * <p>Every method makes one pass over memory in an order that suits the layout ({@link #std()} two), and throws
 * {@link dev.quire.error.MemoryFaultException} instead of handing out a result that a fault touched. Results are computed in double
 * precision; {@link #sumLong()} is exact modulo 2^64.
 */
public final class AxisReduction {
    /** Results that are worked on at once: their accumulators stay in the second-level cache. */
    private static final int BLOCK = 2048;

    private final Region region;
    private final Runs.Memory memory;
    private final ArrayLayout rest;
    private final long length;
    private final long stride;

    AxisReduction(Region region, Runs.Memory memory, ArrayLayout layout, int axis) {
        this.region = region;
        this.memory = memory;
        this.length = layout.shape().dim(axis);
        this.stride = layout.stride(axis);
        this.rest = layout.dropped(axis);
    }

    /** The shape of the results: the array's without the axis. */
    public Shape shape() {
        return rest.shape();
    }

    /** Sums. */
    public double[] sum() {
        return reduce(new Folds.Sum());
    }

    /** Sums of whole numbers, wrapping as NumPy's do. */
    public long[] sumLong() {
        return guarded(() -> {
            long[] results = new long[count()];
            long[] buffer = new long[BLOCK];
            each((run, first) -> {
                Runs.read(memory, run, buffer, 0);
                for (int i = 0; i < run.count; i++) {
                    results[first + i] += buffer[i];
                }
            });
            return results;
        });
    }

    /** Means; NaN along an axis of length 0. */
    public double[] mean() {
        double[] sums = sum();
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= length;
        }
        return sums;
    }

    /** Standard deviations, dividing by the count. */
    public double[] std() {
        double[] squares = reduce(new Folds.Deviations(mean()));
        for (int i = 0; i < squares.length; i++) {
            squares[i] = Math.sqrt(squares[i] / length);
        }
        return squares;
    }

    /**
     * The smallest elements.
     *
     * @throws IllegalArgumentException if the axis has length 0
     */
    public double[] min() {
        requireElements();
        return reduce(new Folds.Extreme(true));
    }

    /**
     * The largest elements.
     *
     * @throws IllegalArgumentException if the axis has length 0
     */
    public double[] max() {
        requireElements();
        return reduce(new Folds.Extreme(false));
    }

    /** Where along the axis the first smallest element is, or the first NaN. */
    public long[] argmin() {
        return places(true);
    }

    /** Where along the axis the first largest element is, or the first NaN. */
    public long[] argmax() {
        return places(false);
    }

    /** Whether any element is not 0. */
    public boolean[] any() {
        return truths(true);
    }

    /** Whether no element is 0. */
    public boolean[] all() {
        boolean[] some = truths(false);
        for (int i = 0; i < some.length; i++) {
            some[i] = !some[i];
        }
        return some;
    }

    private void requireElements() {
        if (length == 0) {
            throw new IllegalArgumentException("an axis of length 0 has no extreme");
        }
    }

    private int count() {
        long count = rest.shape().elementCount();
        if (count > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError(count + " results do not fit a Java array; reduce parts");
        }
        return (int) count;
    }

    private <T> T guarded(Supplier<T> block) {
        return Faults.guarded(region, block);
    }

    /** What is done with the elements at one position of the axis, or with all elements of one result. */
    private interface Visitor {
        void visit(RunCursor run, int first);
    }

    /** Visits every element: blocks of results, and for each the positions of the axis one after the other. */
    private void each(Visitor visitor) {
        RunCursor block = RunCursor.inSequence(rest);
        for (int first = 0; block.next(BLOCK); first += block.count) {
            long start = block.at;
            for (long k = 0; k < length; k++) {
                block.at = start + k * stride;
                visitor.visit(block, first);
            }
        }
    }

    private double[] reduce(Folds.Fold fold) {
        return guarded(() -> {
            double[] results = new double[count()];
            if (Math.abs(stride) <= nearest()) {
                alongRuns(fold, results);
            } else {
                acrossRuns(fold, results);
            }
            return results;
        });
    }

    /** The smallest distance between neighbouring results. */
    private long nearest() {
        long nearest = Long.MAX_VALUE;
        for (int axis = 0; axis < rest.shape().rank(); axis++) {
            if (rest.shape().dim(axis) > 1) {
                nearest = Math.min(nearest, Math.abs(rest.stride(axis)));
            }
        }
        return nearest;
    }

    private void acrossRuns(Folds.Fold fold, double[] results) {
        Arrays.fill(results, fold.start());
        double[] buffer = new double[BLOCK];
        each((run, first) -> {
            Runs.read(memory, run, buffer, 0);
            fold.add(buffer, run.count, results, first);
        });
    }

    /** The axis is the closest in memory: each result is a run of its own. */
    private void alongRuns(Folds.Fold fold, double[] results) {
        double[] buffer = new double[ArrayReductions.BUFFER];
        ArrayLayout line = ArrayLayout.line(length, stride, memory.type().itemBytes());
        RunCursor starts = RunCursor.inSequence(rest);
        for (int first = 0; starts.next(1); first++) {
            RunCursor run = RunCursor.inSequence(line.shifted(starts.at));
            Folds.Line result = fold.line(first);
            while (run.next(buffer.length)) {
                Runs.read(memory, run, buffer, 0);
                result.add(buffer, run.count);
            }
            results[first] = result.value();
        }
    }

    private long[] places(boolean smallest) {
        requireElements();
        return guarded(() -> {
            long[] results = new long[count()];
            ArrayLayout line = ArrayLayout.line(length, stride, memory.type().itemBytes());
            RunCursor starts = RunCursor.inSequence(rest);
            for (int first = 0; starts.next(1); first++) {
                results[first] = new ArrayReductions(memory, line.shifted(starts.at)).argExtreme(smallest);
            }
            return results;
        });
    }

    private boolean[] truths(boolean wanted) {
        return guarded(() -> {
            boolean[] results = new boolean[count()];
            double[] buffer = new double[BLOCK];
            each((run, first) -> {
                Runs.read(memory, run, buffer, 0);
                for (int i = 0; i < run.count; i++) {
                    results[first + i] |= (buffer[i] != 0) == wanted;
                }
            });
            return results;
        });
    }
}
