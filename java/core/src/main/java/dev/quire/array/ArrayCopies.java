package dev.quire.array;

import java.util.function.LongConsumer;

/** Copies between layouts, with conversion. Run inside the array's guard. */
final class ArrayCopies {
    private ArrayCopies() {}

    /** What is done with one run of elements. */
    interface Step {
        /**
         * Takes a run.
         *
         * @param at how many elements came before it
         */
        void take(RunCursor run, int at);
    }

    /** Goes through all elements in C sequence, at most {@link Runs#CHUNK} at once. */
    static void inSequence(ArrayLayout layout, Step step) {
        RunCursor run = RunCursor.inSequence(layout);
        for (int done = 0; run.next(Runs.CHUNK); done += run.count) {
            step.take(run, done);
        }
    }

    /** Copies elements of one layout to another of the same shape, in the target's memory sequence. */
    static void copy(Runs.Memory source, ArrayLayout from, Runs.Memory target, ArrayLayout to, LongConsumer progress) {
        int[] axes = RunCursor.memoryAxes(to);
        RunCursor in = new RunCursor(from, axes);
        RunCursor out = new RunCursor(to, axes);
        Piece piece = new Piece(source.type(), target.type());
        long done = 0;
        for (int count = piece.read(source, in); count > 0; count = piece.read(source, in)) {
            for (int written = 0; written < count && out.next(count - written); written += out.count) {
                piece.write(target, out, written);
            }
            done += count;
            progress.accept(done);
        }
    }

    private static boolean isWhole(ElementType type) {
        return type.isInteger() || type == ElementType.BOOL;
    }

    /** Some elements on their way, as numbers that the target's store takes as they are or refuses. */
    private static final class Piece {
        private final boolean unsigned;
        private final boolean fromWhole;
        private final boolean toWhole;
        private final ElementType target;
        private final long[] longs;
        private final double[] doubles;
        private final float[] floats;

        Piece(ElementType source, ElementType target) {
            this.unsigned = source == ElementType.UINT64;
            this.fromWhole = isWhole(source);
            this.toWhole = fromWhole && isWhole(target);
            this.target = target;
            this.longs = new long[fromWhole ? Runs.CHUNK : 0];
            this.doubles = new double[toWhole ? 0 : Runs.CHUNK];
            this.floats = new float[target == ElementType.FLOAT32 ? Runs.CHUNK : 0];
        }

        int read(Runs.Memory source, RunCursor in) {
            int filled = 0;
            while (filled < Runs.CHUNK && in.next(Runs.CHUNK - filled)) {
                if (fromWhole) {
                    Runs.read(source, in, longs, filled);
                } else {
                    Runs.read(source, in, doubles, filled);
                }
                filled += in.count;
            }
            if (toWhole) {
                requireSameSign(filled);
            } else if (fromWhole) {
                toDoubles(filled);
            }
            if (floats.length > 0) {
                toFloats(filled);
            }
            return filled;
        }

        void write(Runs.Memory memory, RunCursor out, int from) {
            if (toWhole) {
                Runs.write(memory, out, longs, from);
            } else if (floats.length > 0) {
                Runs.write(memory, out, floats, from);
            } else {
                Runs.write(memory, out, doubles, from);
            }
        }

        /** Refuses what would change its value between signed and unsigned bits. */
        private void requireSameSign(int count) {
            if (target == ElementType.BOOL || unsigned == (target == ElementType.UINT64)) {
                return;
            }
            for (int i = 0; i < count; i++) {
                if (longs[i] < 0) {
                    throw Elements.refused(
                            unsigned ? Long.toUnsignedString(longs[i]) : Long.toString(longs[i]), target);
                }
            }
        }

        /** Whole numbers must be held exactly; small ones are, without a look at each. */
        private void toDoubles(int count) {
            long most = Elements.exactTo(target);
            long least = unsigned ? 0 : -most;
            boolean small = true;
            for (int i = 0; i < count; i++) {
                doubles[i] = longs[i];
                small &= longs[i] >= least && longs[i] <= most;
            }
            for (int i = 0; i < count && !small; i++) {
                doubles[i] = Elements.exact(longs[i], unsigned, target);
            }
        }

        private void toFloats(int count) {
            for (int i = 0; i < count; i++) {
                floats[i] = Elements.single(doubles[i]);
            }
        }
    }
}
