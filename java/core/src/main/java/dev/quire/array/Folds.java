package dev.quire.array;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** What reductions along an axis do with values that belong to many results at once. */
final class Folds {
    private Folds() {}

    /** A reduction to one double for each result, for loops over arrays that become vector code. */
    sealed interface Fold permits Sum, Deviations, Extreme {
        /** What a result begins with. */
        double start();

        /** Adds one value to each of so many results. */
        void add(double[] values, int count, double[] results, int first);

        /** Adds {@link DoubleLoops#ROWS} rows of doubles that lie in the machine's byte order, a run from an offset on. */
        void addRows(MemorySegment from, long at, RunCursor run, long row, double[] results, int first);

        /** Whether it adds rows of runs like this. */
        boolean takesRows(RunCursor run);

        /** Adds {@link DoubleLoops#MANY_ROWS}. */
        default void addManyRows(MemorySegment from, RunCursor run, long row, double[] results, int first) {
            for (int done = 0; done < DoubleLoops.MANY_ROWS; done += DoubleLoops.ROWS) {
                addRows(from, run.at + done * row, run, row, results, first);
            }
        }

        /** The whole of one result, where its elements are close together. */
        double line(ArrayReductions elements);
    }

    /** Sums. */
    record Sum() implements Fold {
        @Override
        public double start() {
            return 0;
        }

        @Override
        public void add(double[] values, int count, double[] results, int first) {
            for (int i = 0; i < count; i++) {
                results[first + i] += values[i];
            }
        }

        @Override
        public boolean takesRows(RunCursor run) {
            return true;
        }

        @Override
        public void addRows(MemorySegment from, long at, RunCursor run, long row, double[] results, int first) {
            if (run.stride == Double.BYTES) {
                DoubleLoops.add(from, at, row, results, first, run.count);
            } else {
                DoubleLoops.add(from, at, row, run.stride, results, first, run.count);
            }
        }

        @Override
        public void addManyRows(MemorySegment from, RunCursor run, long row, double[] results, int first) {
            if (run.stride == Double.BYTES) {
                DoubleLoops.addMany(from, run.at, row, results, first, run.count);
            } else {
                Fold.super.addManyRows(from, run, row, results, first);
            }
        }

        @Override
        public double line(ArrayReductions elements) {
            return elements.sumOfDoubles();
        }
    }

    /** Sums of the squared distances from a mean each. */
    @SuppressWarnings("ArrayRecordComponent") // lives as long as one reduction
    record Deviations(double[] means) implements Fold {
        @Override
        public double start() {
            return 0;
        }

        @Override
        public void add(double[] values, int count, double[] results, int first) {
            for (int i = 0; i < count; i++) {
                double distance = values[i] - means[first + i];
                results[first + i] += distance * distance;
            }
        }

        @Override
        public boolean takesRows(RunCursor run) {
            return run.stride == Double.BYTES;
        }

        @Override
        public void addRows(MemorySegment from, long at, RunCursor run, long row, double[] results, int first) {
            DoubleLoops.addSquares(from, at, row, means, results, first, run.count);
        }

        @Override
        public double line(ArrayReductions elements) {
            double std = elements.summary().std();
            return std * std * elements.count();
        }
    }

    /** The smallest or the largest, or NaN. */
    record Extreme(boolean smallest) implements Fold {
        @Override
        public double start() {
            return smallest ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }

        @Override
        public void add(double[] values, int count, double[] results, int first) {
            for (int i = 0; i < count; i++) {
                results[first + i] = DoubleLoops.extreme(smallest, results[first + i], values[i]);
            }
        }

        @Override
        public boolean takesRows(RunCursor run) {
            return run.stride == Double.BYTES;
        }

        @Override
        public void addRows(MemorySegment from, long at, RunCursor run, long row, double[] results, int first) {
            DoubleLoops.extremes(from, at, row, smallest, results, first, run.count);
        }

        @Override
        public double line(ArrayReductions elements) {
            return smallest ? elements.min() : elements.max();
        }
    }

    /**
     * Where the first extreme of each result is. Values are compared as whole numbers in which the one that is looked for is the
     * smallest.
     */
    static final class Places {
        private final boolean smallest;
        private final long flip;
        final long[] keys;
        final long[] places;

        Places(ElementType type, boolean smallest, int results) {
            this.smallest = smallest;
            this.flip = (type == ElementType.UINT64 ? Long.MIN_VALUE : 0) ^ (smallest ? 0 : -1);
            this.keys = new long[results];
            this.places = new long[results];
            Arrays.fill(keys, Long.MAX_VALUE);
        }

        /** The keys of doubles: NaN comes first, and both zeroes are one. */
        void turn(double[] values, long[] into, int count) {
            for (int i = 0; i < count; i++) {
                long bits = Double.doubleToRawLongBits(values[i] + 0.0);
                long key = bits ^ (bits >> 63 & Long.MAX_VALUE);
                into[i] = Double.isNaN(values[i]) ? Long.MIN_VALUE : smallest ? key : ~key;
            }
        }

        /** The keys of whole numbers. */
        void turn(long[] values, int count) {
            for (int i = 0; i < count; i++) {
                values[i] ^= flip;
            }
        }

        /** Compares one value of each of so many results. */
        void add(long[] values, int count, int first, long place) {
            for (int i = 0; i < count; i++) {
                if (values[i] < keys[first + i]) {
                    keys[first + i] = values[i];
                    places[first + i] = place;
                }
            }
        }
    }
}
