package dev.quire.array;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Reductions along one axis: one result for each position of the others, in C sequence of {@link #shape()}. NaN counts as
 * in NumPy: it is the sum, mean, deviation and extreme of whatever it is part of. Made by {@link MappedArray#along(int)}.
 *
 * <p>Every method makes one pass over memory in an order that suits the layout ({@link #std()} one or two), and throws
 * {@link dev.quire.error.MemoryFaultException} instead of handing out a result that a fault touched. Results are computed in double
 * precision; {@link #sumLong()} is exact modulo 2^64.
 */
public final class AxisReduction {
    private final Region region;
    private final AxisWalk walk;
    private final Runs.Memory memory;
    private final Shape shape;
    private final long length;

    AxisReduction(Region region, Runs.Memory memory, ArrayLayout layout, int axis) {
        memory.requireReal();
        this.region = region;
        this.memory = memory;
        this.length = layout.shape().dim(axis);
        this.walk = new AxisWalk(memory, layout, axis);
        this.shape = layout.dropped(axis).shape();
    }

    /** The shape of the results: the array's without the axis. */
    public Shape shape() {
        return shape;
    }

    /** Sums. */
    public double[] sum() {
        return ordered(reduce(new Folds.Sum()));
    }

    /** Sums of whole numbers, wrapping as NumPy's do. */
    public long[] sumLong() {
        return guarded(() -> {
            long[] results = new long[count()];
            long[] buffer = new long[AxisWalk.CHUNK];
            walk.across((run, first, _) -> {
                Runs.read(memory, run, buffer, 0);
                for (int i = 0; i < run.count; i++) {
                    results[first + i] += buffer[i];
                }
            });
            return walk.inSequence(results, long[]::new);
        });
    }

    /** Means; NaN along an axis of length 0. */
    public double[] mean() {
        return ordered(means());
    }

    private double[] means() {
        double[] sums = reduce(new Folds.Sum());
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= length;
        }
        return sums;
    }

    /** Standard deviations, dividing by the count. */
    public double[] std() {
        double[] squares = reduce(new Folds.Deviations(walk.isAlong() ? new double[0] : means()));
        for (int i = 0; i < squares.length; i++) {
            squares[i] = Math.sqrt(squares[i] / length);
        }
        return ordered(squares);
    }

    /**
     * The smallest elements.
     *
     * @throws IllegalArgumentException if the axis has length 0
     */
    public double[] min() {
        requireElements();
        return ordered(reduce(new Folds.Extreme(true)));
    }

    /**
     * The largest elements.
     *
     * @throws IllegalArgumentException if the axis has length 0
     */
    public double[] max() {
        requireElements();
        return ordered(reduce(new Folds.Extreme(false)));
    }

    /** Where along the axis the first smallest element is, or the first NaN. */
    public long[] argmin() {
        return places(true);
    }

    /** Where along the axis the first largest element is, or the first NaN. */
    public long[] argmax() {
        return places(false);
    }

    /** Whether any element is not 0. What can change no result any more is not read, as by {@link #all()}. */
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
        long count = shape.elementCount();
        if (count > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError(count + " results do not fit a Java array; reduce parts");
        }
        return (int) count;
    }

    private <T> T guarded(Supplier<T> block) {
        return Faults.guarded(region, block::get);
    }

    private double[] ordered(double[] results) {
        return walk.inSequence(results, double[]::new);
    }

    /** Results in the sequence of memory. */
    private double[] reduce(Folds.Fold fold) {
        return guarded(() -> {
            double[] results = new double[count()];
            if (walk.isAlong()) {
                walk.along((line, result) -> results[result] = fold.line(line));
                return results;
            }
            Arrays.fill(results, fold.start());
            double[] buffer = new double[AxisWalk.CHUNK];
            AxisWalk.Visitor one = (run, first, _) -> {
                Runs.read(memory, run, buffer, 0);
                fold.add(buffer, run.count, results, first);
            };
            if (memory.isPlainDouble()) {
                walk.across(one, (run, first, row, most) -> addRows(fold, run, row, most, results, first));
            } else {
                walk.across(one);
            }
            return results;
        });
    }

    private long addRows(Folds.Fold fold, RunCursor run, long row, long most, double[] results, int first) {
        if (most < DoubleLoops.ROWS || !fold.takesRows(run)) {
            return 0;
        }
        if (most < DoubleLoops.MANY_ROWS) {
            fold.addRows(memory.segment(), run.at, run, row, results, first);
            return DoubleLoops.ROWS;
        }
        fold.addManyRows(memory.segment(), run, row, results, first);
        return DoubleLoops.MANY_ROWS;
    }

    private long[] places(boolean smallest) {
        requireElements();
        return guarded(() -> {
            Folds.Places places = new Folds.Places(memory.type(), smallest, count());
            if (walk.isAlong()) {
                walk.along((line, result) -> places.places[result] = line.argExtreme(smallest));
            } else if (memory.isFloating()) {
                acrossDoubles(places);
            } else {
                acrossWholes(places);
            }
            return walk.inSequence(places.places, long[]::new);
        });
    }

    private void acrossDoubles(Folds.Places places) {
        double[] buffer = new double[AxisWalk.CHUNK];
        long[] keys = new long[AxisWalk.CHUNK];
        walk.across((run, first, place) -> {
            Runs.read(memory, run, buffer, 0);
            places.turn(buffer, keys, run.count);
            places.add(keys, run.count, first, place);
        });
    }

    private void acrossWholes(Folds.Places places) {
        long[] keys = new long[AxisWalk.CHUNK];
        walk.across((run, first, place) -> {
            Runs.read(memory, run, keys, 0);
            places.turn(keys, run.count);
            places.add(keys, run.count, first, place);
        });
    }

    private boolean[] truths(boolean wanted) {
        return guarded(() -> {
            boolean[] results = new boolean[count()];
            if (walk.isAlong()) {
                walk.along((line, result) -> results[result] = line.hasTruth(wanted));
                return walk.inSequence(results, boolean[]::new);
            }
            boolean[] decided = new boolean[AxisWalk.CHUNK];
            Arrays.fill(decided, true);
            double[] buffer = new double[AxisWalk.CHUNK];
            walk.across((run, first, _) -> {
                if (!results[first] || !Arrays.equals(results, first, first + run.count, decided, 0, run.count)) {
                    Runs.read(memory, run, buffer, 0);
                    addTruths(buffer, run.count, wanted, results, first);
                }
            });
            return walk.inSequence(results, boolean[]::new);
        });
    }

    /** A method of its own: within the visitor the compiler makes code of it that takes twice as long. */
    private static void addTruths(double[] values, int count, boolean wanted, boolean[] results, int first) {
        for (int i = 0; i < count; i++) {
            results[first + i] |= (values[i] != 0) == wanted;
        }
    }
}
