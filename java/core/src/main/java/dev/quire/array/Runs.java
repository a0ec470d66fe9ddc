package dev.quire.array;

import dev.quire.internal.Region;
import dev.quire.internal.reduce.FloatingReducer;
import dev.quire.internal.reduce.IntegerReducer;
import dev.quire.internal.reduce.Reducer;
import dev.quire.internal.reduce.Statistics;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Runs of elements to and from Java arrays. */
final class Runs {
    /** Elements of a buffer: together with the source they stay in the first-level cache. */
    static final int CHUNK = 1024;

    private static final ValueLayout.OfDouble SWAPPED = Elements.DOUBLE.withOrder(
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);

    /** Where the elements are and how they are written. */
    record Memory(Region region, MemorySegment segment, ElementType type, boolean swapped) {
        boolean isFloating() {
            return type.kind() == 'f';
        }

        /** A reducer of such elements. */
        Reducer reducer(Statistics what) {
            return isFloating() ? new FloatingReducer(type.format(), swapped, what) : integerReducer(what);
        }

        /** A reducer of such elements, which are integers or bools. */
        IntegerReducer integerReducer(Statistics what) {
            return type == ElementType.BOOL
                    ? IntegerReducer.ofBools(what)
                    : new IntegerReducer(type.itemBytes(), swapped, type.isUnsigned(), what);
        }

        /** For what has no meaning for pairs. */
        void requireReal() {
            if (type.isComplex()) {
                throw new UnsupportedOperationException(
                        type + " elements are pairs; use sumComplex(), meanComplex(), real() or imaginary()");
            }
        }

        /** For what has a meaning for pairs only. */
        void requireComplex() {
            if (!type.isComplex()) {
                throw new UnsupportedOperationException(type + " elements are not complex; use sum() or mean()");
            }
        }
    }

    private Runs() {}

    /** Reads a run as doubles. */
    static void read(Memory memory, RunCursor run, double[] into, int from) {
        MemorySegment segment = memory.segment;
        boolean swapped = memory.swapped;
        long at = run.at;
        long stride = run.stride;
        int count = run.count;
        switch (memory.type) {
            case FLOAT64 -> readDoubles(memory, run, into, from);
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    into[from + i] = Elements.getFloat(segment, swapped, at + i * stride);
                }
            }
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    into[from + i] = Elements.getInt(segment, swapped, at + i * stride);
                }
            }
            case INT64 -> {
                for (int i = 0; i < count; i++) {
                    into[from + i] = Elements.getLong(segment, swapped, at + i * stride);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    into[from + i] = Elements.real(segment, memory.type, swapped, at + i * stride);
                }
            }
        }
    }

    private static void readDoubles(Memory memory, RunCursor run, double[] into, int from) {
        if (run.stride == Double.BYTES) {
            MemorySegment.copy(
                    memory.segment, memory.swapped ? SWAPPED : Elements.DOUBLE, run.at, into, from, run.count);
            return;
        }
        MemorySegment segment = memory.segment;
        boolean swapped = memory.swapped;
        long at = run.at;
        long stride = run.stride;
        for (int i = 0; i < run.count; i++) {
            into[from + i] = Elements.getDouble(segment, swapped, at + i * stride);
        }
    }

    /** Reads a run of whole numbers. */
    static void read(Memory memory, RunCursor run, long[] into, int from) {
        MemorySegment segment = memory.segment;
        boolean swapped = memory.swapped;
        long at = run.at;
        long stride = run.stride;
        int count = run.count;
        switch (memory.type) {
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    into[from + i] = Elements.getInt(segment, swapped, at + i * stride);
                }
            }
            case INT64, UINT64 -> {
                for (int i = 0; i < count; i++) {
                    into[from + i] = Elements.getLong(segment, swapped, at + i * stride);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    into[from + i] = Elements.whole(segment, memory.type, swapped, at + i * stride);
                }
            }
        }
    }

    /** Writes a run of doubles. */
    static void write(Memory memory, RunCursor run, double[] values, int from) {
        if (memory.type == ElementType.FLOAT64 && run.stride == Double.BYTES) {
            MemorySegment.copy(
                    values, from, memory.segment, memory.swapped ? SWAPPED : Elements.DOUBLE, run.at, run.count);
            return;
        }
        for (int i = 0; i < run.count; i++) {
            Elements.setReal(memory.segment, memory.type, memory.swapped, run.at + i * run.stride, values[from + i]);
        }
    }

    /** Reads a run of single-precision floats as they are. */
    static void read(Memory memory, RunCursor run, float[] into, int from) {
        for (int i = 0; i < run.count; i++) {
            into[from + i] = Elements.getFloat(memory.segment, memory.swapped, run.at + i * run.stride);
        }
    }

    /** Writes a run of single-precision floats as they are. */
    static void write(Memory memory, RunCursor run, float[] values, int from) {
        for (int i = 0; i < run.count; i++) {
            int bits = Float.floatToRawIntBits(values[from + i]);
            Elements.setInt(memory.segment, memory.swapped, run.at + i * run.stride, bits);
        }
    }

    /** Writes a run of whole numbers. */
    static void write(Memory memory, RunCursor run, long[] values, int from) {
        for (int i = 0; i < run.count; i++) {
            Elements.setWhole(memory.segment, memory.type, memory.swapped, run.at + i * run.stride, values[from + i]);
        }
    }
}
