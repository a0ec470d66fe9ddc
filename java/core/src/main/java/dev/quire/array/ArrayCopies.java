package dev.quire.array;

import java.util.function.LongConsumer;

/** Copies between layouts, with conversion. Run inside the array's guard. */
final class ArrayCopies {
    private ArrayCopies() {}

    /** Reads all elements in C sequence. */
    static void read(Runs.Memory memory, ArrayLayout layout, double[] into) {
        RunCursor run = RunCursor.inSequence(layout);
        for (int done = 0; run.next(Runs.CHUNK); done += run.count) {
            Runs.read(memory, run, into, done);
        }
    }

    /** Reads all single-precision floats in C sequence. */
    static void read(Runs.Memory memory, ArrayLayout layout, float[] into) {
        RunCursor run = RunCursor.inSequence(layout);
        for (int done = 0; run.next(Runs.CHUNK); done += run.count) {
            Runs.read(memory, run, into, done);
        }
    }

    /** Reads all whole numbers in C sequence. */
    static void read(Runs.Memory memory, ArrayLayout layout, long[] into) {
        RunCursor run = RunCursor.inSequence(layout);
        for (int done = 0; run.next(Runs.CHUNK); done += run.count) {
            Runs.read(memory, run, into, done);
        }
    }

    /** Stores all elements in C sequence. */
    static void write(Runs.Memory memory, ArrayLayout layout, double[] values, int from) {
        RunCursor run = RunCursor.inSequence(layout);
        for (int done = from; run.next(Runs.CHUNK); done += run.count) {
            Runs.write(memory, run, values, done);
        }
    }

    /** Stores all single-precision floats in C sequence. */
    static void write(Runs.Memory memory, ArrayLayout layout, float[] values) {
        RunCursor run = RunCursor.inSequence(layout);
        for (int done = 0; run.next(Runs.CHUNK); done += run.count) {
            Runs.write(memory, run, values, done);
        }
    }

    /** Stores all whole numbers in C sequence. */
    static void write(Runs.Memory memory, ArrayLayout layout, long[] values, int from) {
        RunCursor run = RunCursor.inSequence(layout);
        for (int done = from; run.next(Runs.CHUNK); done += run.count) {
            Runs.write(memory, run, values, done);
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
        } else {
            check(doubles, filled, target);
        }
        return filled;
    }

    /** Whole numbers that the target does not hold exactly are refused; what a narrow one holds its store checks. */
    private static void convert(boolean unsigned, long[] longs, int count, double[] doubles, ElementType target) {
        for (int i = 0; i < count; i++) {
            long value = longs[i];
            boolean wraps = value < 0 && unsigned != (target == ElementType.UINT64) && isWhole(target);
            if (wraps && target != ElementType.BOOL && (unsigned || target == ElementType.UINT64)) {
                throw refused(unsigned ? Long.toUnsignedString(value) : Long.toString(value), target);
            }
            if (doubles.length > 0) {
                doubles[i] = exact(value, unsigned, target);
            }
        }
    }

    private static double exact(long value, boolean unsigned, ElementType target) {
        double near = unsigned ? Elements.unsignedToDouble(value) : value;
        double held = switch (target) {
            case FLOAT16 -> Float.float16ToFloat(Elements.half(near));
            case FLOAT32 -> (float) near;
            default -> near;
        };
        boolean back = unsigned
                ? held < 0x1p64 && (held < 0x1p63 ? (long) held : (long) (held - 0x1p63) ^ Long.MIN_VALUE) == value
                : held < 0x1p63 && (long) held == value;
        if (!back) {
            throw refused(unsigned ? Long.toUnsignedString(value) : Long.toString(value), target);
        }
        return near;
    }

    /** Rounding is what a narrower float is for; becoming infinite is not. */
    private static void check(double[] values, int count, ElementType target) {
        if (target != ElementType.FLOAT16 && target != ElementType.FLOAT32) {
            return;
        }
        for (int i = 0; i < count; i++) {
            double value = values[i];
            float held = target == ElementType.FLOAT32 ? (float) value : Float.float16ToFloat(Elements.half(value));
            if (Float.isInfinite(held) && !Double.isInfinite(value)) {
                throw refused(Double.toString(value), target);
            }
        }
    }

    private static ArithmeticException refused(String value, ElementType target) {
        return new ArithmeticException(value + " is not a value of " + target);
    }
}
