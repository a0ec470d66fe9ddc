package dev.quire.array;

import dev.quire.internal.FloatingReducer;
import dev.quire.internal.FloatingReducer.What;
import java.lang.foreign.MemorySegment;

/** What reductions along an axis do with values, either many results at once or one at a time. */
final class Folds {
    private Folds() {}

    /** A reduction to one double. */
    sealed interface Fold permits Sum, Deviations, Extreme {
        /** What a result begins with. */
        double start();

        /** Adds one value to each of many results. */
        void add(double[] values, int count, double[] results, int first);

        /** A result of its own. */
        Line line(int result);
    }

    /** One result, from values that come in chunks of at most {@link ArrayReductions#BUFFER}. */
    interface Line {
        void add(double[] values, int count);

        double value();
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
        public Line line(int result) {
            FloatingReducer reducer = new FloatingReducer(Double.BYTES, false, What.SUM);
            return new Line() {
                @Override
                public void add(double[] values, int count) {
                    reducer.addAll(MemorySegment.ofArray(values).asSlice(0, (long) count * Double.BYTES));
                }

                @Override
                public double value() {
                    return reducer.sum();
                }
            };
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
        public Line line(int result) {
            FloatingReducer reducer = new FloatingReducer(Double.BYTES, false, What.SUM);
            double mean = means[result];
            return new Line() {
                @Override
                public void add(double[] values, int count) {
                    for (int i = 0; i < count; i++) {
                        double distance = values[i] - mean;
                        values[i] = distance * distance;
                    }
                    reducer.addAll(MemorySegment.ofArray(values).asSlice(0, (long) count * Double.BYTES));
                }

                @Override
                public double value() {
                    return reducer.sum();
                }
            };
        }
    }

    /** The smallest or the largest; Math.min and Math.max hand a NaN on. */
    record Extreme(boolean smallest) implements Fold {
        @Override
        public double start() {
            return smallest ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }

        @Override
        public void add(double[] values, int count, double[] results, int first) {
            if (smallest) {
                for (int i = 0; i < count; i++) {
                    results[first + i] = Math.min(results[first + i], values[i]);
                }
            } else {
                for (int i = 0; i < count; i++) {
                    results[first + i] = Math.max(results[first + i], values[i]);
                }
            }
        }

        @Override
        public Line line(int result) {
            FloatingReducer reducer = new FloatingReducer(Double.BYTES, false, What.EXTREMES);
            return new Line() {
                @Override
                public void add(double[] values, int count) {
                    reducer.addAll(MemorySegment.ofArray(values).asSlice(0, (long) count * Double.BYTES));
                }

                @Override
                public double value() {
                    return smallest ? reducer.min() : reducer.max();
                }
            };
        }
    }
}
