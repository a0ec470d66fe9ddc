package dev.quire.array;

import dev.quire.internal.Faults;
import dev.quire.slice.ByteSlice;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** All elements of an array at once: out of it, into it, from one to another. */
abstract sealed class ArrayContents extends ArrayFacts permits MappedArray {
    ArrayContents(ArrayOrigin origin, ByteSlice bytes, Descriptor descriptor, ArrayLayout layout) {
        super(origin, bytes, descriptor, layout);
    }

    /** This array, which is of the one class that there is. */
    private MappedArray whole() {
        return (MappedArray) this;
    }

    // ---------------------------------------------------------------------------------------------------------- bulk

    /** What is done with each element in {@link #forEach}. */
    @FunctionalInterface
    public interface Visitor {
        /** Takes one element. */
        void accept(double value);
    }

    /** Every element as a double, in the sequence of memory. No value that a fault touched is handed over. */
    public final void forEach(Visitor visitor) {
        Runs.Memory memory = elements();
        double[] buffer = new double[Runs.CHUNK];
        RunCursor run = RunCursor.inMemory(layout);
        while (run.next(buffer.length)) {
            guarded(() -> {
                Runs.read(memory, run, buffer, 0);
                return true;
            });
            for (int i = 0; i < run.count; i++) {
                visitor.accept(buffer[i]);
            }
        }
    }

    /** All elements as doubles in C sequence. */
    public final double[] toDoubles() {
        return guarded(() -> {
            double[] all = new double[JavaArrays.length(shape())];
            ArrayCopies.read(elements(), layout, all);
            return all;
        });
    }

    /** All whole numbers in C sequence; {@code u8} as bits. */
    public final long[] toLongs() {
        return guarded(() -> {
            long[] all = new long[JavaArrays.length(shape())];
            ArrayCopies.read(elements(), layout, all);
            return all;
        });
    }

    /** All single-precision floats in C sequence, bit by bit. */
    float[] toFloats() {
        return guarded(() -> {
            float[] all = new float[JavaArrays.length(shape())];
            ArrayCopies.read(elements(), layout, all);
            return all;
        });
    }

    /** A Java array nested as the shape, of the narrowest component that holds the dtype. */
    public final Object toJavaArray() {
        return guarded(() -> JavaArrays.from(whole()));
    }

    /** Stores all elements from a flat array in C sequence. */
    public final void copyFrom(double[] values) {
        JavaArrays.copy(values, whole());
    }

    /** Stores all whole numbers from a flat array in C sequence. */
    public final void copyFrom(long[] values) {
        JavaArrays.copy(values, whole());
    }

    /** Stores the elements of another array of the same shape, or one that can be broadcast to it; see the other method. */
    public final void copyFrom(MappedArray source) {
        copyFrom(source, _ -> {});
    }

    /**
     * Stores the elements of another array. Elements of the same type are copied bit by bit. Whole numbers must be values of this dtype and floats must not become infinite, or it
     * is an {@link ArithmeticException}; floats are rounded. A complex array takes real ones; the reverse is refused. The bytes
     * of both must not overlap, or be the same.
     *
     * @param progress told the number of elements done, now and then
     */
    public final void copyFrom(MappedArray source, LongConsumer progress) {
        requireWritable();
        MappedArray from = source.shape().equals(shape()) ? source : source.broadcast(shape().dims());
        MappedArray target = whole();
        boolean bits = from.dtype().type() == dtype().type();
        if (dtype().type().isComplex() && !bits) {
            target.real().copyFrom(from.dtype().type().isComplex() ? from.real() : from, progress);
            if (from.dtype().type().isComplex()) {
                target.imaginary().copyFrom(from.imaginary(), progress);
            } else {
                target.imaginary().fill(0);
            }
            return;
        }
        Faults.guarded(bytes.region(), source.bytes.region(), () -> {
            if (bits) {
                BitCopies.copy(from.elements(), from.layout, elements(), layout, progress);
            } else {
                ArrayCopies.copy(from.elements(), from.layout, elements(), layout, progress);
            }
            return true;
        });
    }

    /** Stores one value in every element; in complex ones as the real part. */
    public final void fill(double value) {
        requireWritable();
        if (dtype().type().isComplex()) {
            whole().real().fill(value);
            whole().imaginary().fill(0);
            return;
        }
        double[] values = new double[Runs.CHUNK];
        Arrays.fill(values, value);
        everywhere(run -> Runs.write(elements(), run, values, 0));
    }

    /** Stores one whole number in every element, also those that a double does not hold; {@code u8} takes any bits. */
    public final void fillLong(long value) {
        requireWritable();
        long[] values = new long[Runs.CHUNK];
        Arrays.fill(values, value);
        everywhere(run -> Runs.write(elements(), run, values, 0));
    }

    private void everywhere(Consumer<RunCursor> write) {
        guarded(() -> {
            RunCursor run = RunCursor.inMemory(layout);
            while (run.next(Runs.CHUNK)) {
                write.accept(run);
            }
            return true;
        });
    }

    void write(double[] values, int from) {
        requireWritable();
        ArrayCopies.write(elements(), layout, values, from);
    }

    /** Floats from floats keep the bits of NaN, which a double between them changes. */
    void write(float[] values) {
        requireWritable();
        ArrayCopies.write(elements(), layout, values);
    }

    void write(long[] values, int from) {
        requireWritable();
        ArrayCopies.write(elements(), layout, values, from);
    }

    <T> T guardedWrite(Supplier<T> block) {
        requireWritable();
        return guarded(block);
    }
}
