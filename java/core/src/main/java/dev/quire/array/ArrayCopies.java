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
        boolean whole = isWhole(source.type()) && isWhole(target.type());
        double[] doubles = new double[whole ? 0 : Runs.CHUNK];
        long[] longs = new long[isWhole(source.type()) ? Runs.CHUNK : 0];
        long done = 0;
        for (int count = fill(source, in, longs, doubles, target.type()); count > 0; ) {
            for (int written = 0; written < count && out.next(count - written); written += out.count) {
                if (whole) {
                    Runs.write(target, out, longs, written);
                } else {
                    Runs.write(target, out, doubles, written);
                }
            }
            done += count;
            progress.accept(done);
            count = fill(source, in, longs, doubles, target.type());
        }
    }

    private static boolean isWhole(ElementType type) {
        return type.isInteger() || type == ElementType.BOOL;
    }

    private static int fill(Runs.Memory source, RunCursor in, long[] longs, double[] doubles, ElementType target) {
        int filled = 0;
        while (filled < Runs.CHUNK && in.next(Runs.CHUNK - filled)) {
            if (longs.length > 0) {
                Runs.read(source, in, longs, filled);
            } else {
                Runs.read(source, in, doubles, filled);
            }
            filled += in.count;
        }
        if (longs.length > 0) {
            convert(source.type() == ElementType.UINT64, longs, filled, doubles, target);
        }
        return filled;
    }

    /**
     * Refuses what changes its value between signed and unsigned bits, and brings whole numbers to float types exactly. The
     * store refuses the rest.
     */
    private static void convert(boolean unsigned, long[] longs, int count, double[] doubles, ElementType target) {
        boolean changesSign =
                isWhole(target) && target != ElementType.BOOL && unsigned != (target == ElementType.UINT64);
        for (int i = 0; i < count; i++) {
            long value = longs[i];
            if (changesSign && value < 0) {
                throw Elements.refused(unsigned ? Long.toUnsignedString(value) : Long.toString(value), target);
            }
            if (doubles.length > 0) {
                doubles[i] = Elements.exact(value, unsigned, target);
            }
        }
    }
}
