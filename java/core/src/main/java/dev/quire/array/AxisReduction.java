package dev.quire.array;

import dev.quire.internal.reduce.Figure;
import dev.quire.internal.reduce.IntegerReducer;
import dev.quire.internal.reduce.LineReductions;
import dev.quire.internal.reduce.Statistics;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Reductions along one axis: one result for each position of the other axes, in C sequence of {@link #shape()}. Made by
 * {@link ArrayView#along(int)}.
 *
 * <p>Each result has the bits of the same reduction of its elements alone, copied or not:
 * {@link dev.quire.slice.Summary} has the order of additions, and what the extremes of nothing are. NaN counts as in
 * NumPy: it is the sum, mean, deviation and extreme of whatever it is part of. Sums, means and deviations of integers
 * are exact and rounded to double once; {@link #sumLong()}, {@link #minLong()} and {@link #maxLong()} do not round.
 *
 * <p>Every method makes one pass over memory, and throws {@link dev.quire.error.MemoryFaultException} instead of
 * handing out a result that a fault touched.
 */
public final class AxisReduction {
    private final ArrayView array;
    private final int axis;
    private final AxisWalk walk;
    private final Runs.Memory memory;
    private final Shape shape;
    private final long length;

    AxisReduction(ArrayView array, ArrayLayout layout, int axis) {
        this.array = array;
        this.axis = axis;
        this.memory = array.elements();
        this.length = layout.shape().dim(axis);
        this.walk = new AxisWalk(memory, layout, axis);
        this.shape = layout.dropped(axis).shape();
    }

    /** The shape of the results: the array's without the axis. */
    public Shape shape() {
        return shape;
    }

    /** Sums; 0 along an axis of length 0. */
    public double[] sum() {
        return figures(Figure.SUM);
    }

    /**
     * Sums of integers, wrapping as NumPy's do.
     *
     * @throws UnsupportedOperationException if the elements are floating-point numbers
     */
    public long[] sumLong() {
        return integers(Statistics.SUM, IntegerReducer::sumBits);
    }

    /** Means; NaN along an axis of length 0. */
    public double[] mean() {
        return figures(Figure.MEAN);
    }

    /**
     * Sums of complex elements, as pairs of numbers: those of the result at place k in C sequence of {@link #shape()}
     * are its real part at 2k and its imaginary part at 2k + 1. They have the bits of {@link #sum()} of the array's
     * {@code real()} and {@code imaginary()}; memory is read twice.
     *
     * @throws UnsupportedOperationException if the elements are not complex
     */
    public double[] sumComplex() {
        return pairs(AxisReduction::sum);
    }

    /**
     * Means of complex elements, as pairs of numbers: those of the result at place k in C sequence of {@link #shape()}
     * are its real part at 2k and its imaginary part at 2k + 1; NaN along an axis of length 0. They have the bits of
     * {@link #mean()} of the array's {@code real()} and {@code imaginary()}; memory is read twice.
     *
     * @throws UnsupportedOperationException if the elements are not complex
     */
    public double[] meanComplex() {
        return pairs(AxisReduction::mean);
    }

    /** Standard deviations, dividing by the count; NaN along an axis of length 0. */
    public double[] std() {
        return figures(Figure.STD);
    }

    /**
     * The smallest elements; NaN along an axis of length 0. 64-bit integers are rounded to double: see
     * {@link #minLong()}.
     */
    public double[] min() {
        return figures(Figure.MIN);
    }

    /**
     * The largest elements; NaN along an axis of length 0. 64-bit integers are rounded to double: see
     * {@link #maxLong()}.
     */
    public double[] max() {
        return figures(Figure.MAX);
    }

    /**
     * The smallest elements of integers, exactly; of unsigned 64-bit ones the bits, see
     * {@link Long#toUnsignedString(long)}.
     *
     * @throws UnsupportedOperationException if the elements are floating-point numbers
     * @throws NoSuchElementException if the axis has length 0
     */
    public long[] minLong() {
        requireElements();
        return integers(Statistics.EXTREMES, IntegerReducer::exactMin);
    }

    /**
     * The largest elements of integers, exactly; of unsigned 64-bit ones the bits, see
     * {@link Long#toUnsignedString(long)}.
     *
     * @throws UnsupportedOperationException if the elements are floating-point numbers
     * @throws NoSuchElementException if the axis has length 0
     */
    public long[] maxLong() {
        requireElements();
        return integers(Statistics.EXTREMES, IntegerReducer::exactMax);
    }

    /**
     * Where along the axis the first smallest element is, or the first NaN.
     *
     * @throws NoSuchElementException if the axis has length 0
     */
    public long[] argmin() {
        return places(true);
    }

    /**
     * Where along the axis the first largest element is, or the first NaN.
     *
     * @throws NoSuchElementException if the axis has length 0
     */
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
            throw new NoSuchElementException("an axis of length 0 has no extreme");
        }
    }

    private int count() {
        return count(1);
    }

    private int count(int numbers) {
        long count = shape.elementCount();
        if (count > (Integer.MAX_VALUE - 8) / numbers) {
            throw new OutOfMemoryError(count + " results do not fit a Java array; reduce parts");
        }
        return (int) count * numbers;
    }

    private <T> T guarded(Supplier<T> block) {
        return array.guarded(block);
    }

    /** A figure of each result, in the sequence of memory at first. */
    private double[] figures(Figure figure) {
        memory.requireReal();
        return guarded(() -> {
            double[] results = new double[count()];
            walk.lines((lines, first) -> LineReductions.reduce(
                    memory.region(),
                    memory.segment(),
                    lines,
                    () -> memory.reducer(figure.statistics()),
                    figure,
                    results,
                    first));
            return walk.inSequence(results, double[]::new);
        });
    }

    private double[] pairs(Function<AxisReduction, double[]> figure) {
        memory.requireComplex();
        double[] pairs = new double[count(2)];
        double[] real = figure.apply(array.real().along(axis));
        double[] imaginary = figure.apply(array.imaginary().along(axis));
        for (int i = 0; i < real.length; i++) {
            pairs[2 * i] = real[i];
            pairs[2 * i + 1] = imaginary[i];
        }
        return pairs;
    }

    private long[] integers(Statistics what, ToLongFunction<IntegerReducer> figure) {
        memory.requireReal();
        if (memory.isFloating()) {
            throw new UnsupportedOperationException(memory.type() + " elements are not integers; ask for doubles");
        }
        return guarded(() -> {
            long[] results = new long[count()];
            walk.lines((lines, first) -> LineReductions.each(
                    memory.segment(),
                    lines,
                    () -> memory.integerReducer(what),
                    (reducer, line) -> results[(int) (first + line)] = figure.applyAsLong(reducer)));
            return walk.inSequence(results, long[]::new);
        });
    }

    private long[] places(boolean smallest) {
        memory.requireReal();
        requireElements();
        return guarded(() -> {
            Places places = new Places(memory.type(), smallest, count());
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

    private void acrossDoubles(Places places) {
        double[] buffer = new double[AxisWalk.CHUNK];
        long[] keys = new long[AxisWalk.CHUNK];
        walk.across((run, first, place) -> {
            Runs.read(memory, run, buffer, 0);
            places.turn(buffer, keys, run.count);
            places.add(keys, run.count, first, place);
        });
    }

    private void acrossWholes(Places places) {
        long[] keys = new long[AxisWalk.CHUNK];
        walk.across((run, first, place) -> {
            Runs.read(memory, run, keys, 0);
            places.turn(keys, run.count);
            places.add(keys, run.count, first, place);
        });
    }

    private boolean[] truths(boolean wanted) {
        memory.requireReal();
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
