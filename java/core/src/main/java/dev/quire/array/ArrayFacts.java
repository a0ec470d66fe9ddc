package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.MappedMemory;
import dev.quire.advice.Advice;
import dev.quire.advice.Outcome;
import dev.quire.advice.Residency;
import dev.quire.error.MappingException;
import dev.quire.internal.Faults;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.IntegerSummary;
import dev.quire.slice.Summary;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What an array is, what its elements come to, and what can be done with its pages. */
abstract sealed class ArrayFacts extends ArrayElements permits ArrayContents {
    private final Descriptor descriptor;

    ArrayFacts(ArrayOrigin origin, ByteSlice bytes, Descriptor descriptor, ArrayLayout layout) {
        super(origin, bytes, descriptor, layout);
        this.descriptor = descriptor;
    }

    // --------------------------------------------------------------------------------------------------------- facts

    /** The length of each axis. */
    public final Shape shape() {
        return layout.shape();
    }

    /** Bytes from one element to the next along each axis; negative for reversed axes, 0 for repeated ones. */
    public final long[] strideBytes() {
        return layout.strides();
    }

    /** Element type and byte order. */
    public final DType dtype() {
        if (descriptor instanceof DType dtype) {
            return dtype;
        }
        throw new UnsupportedOperationException(
                "the elements of " + origin.name + " are structured; take a field(name)");
    }

    /** What an element is: a {@link DType}, or a {@link StructuredType} whose {@link MappedArray#field fields} are arrays. */
    public final Descriptor descriptor() {
        return descriptor;
    }

    /** Where it came from. */
    public final ArrayFormat format() {
        return origin.format;
    }

    /** What was asked for when it was opened. */
    public final MapMode mode() {
        return origin.mode;
    }

    /** The file, or {@code archive.npz!member}, or a description of memory. */
    public final String name() {
        return origin.name;
    }

    /** Bytes of the file before the data of the whole array. */
    public final long dataOffset() {
        return origin.dataOffset;
    }

    /** The mapping underneath; empty if somebody else keeps it. */
    public final Optional<MappedMemory> memory() {
        return origin.memory;
    }

    /** Whether a write was made or a writable view of the bytes handed out since it was opened. */
    public final boolean isDirty() {
        return origin.isDirty();
    }

    /** Whether the elements follow each other without gaps. */
    public final boolean isContiguous(Order order) {
        return layout.isContiguous(order);
    }

    /**
     * The bytes from the first to the last element, gaps included.
     */
    public final ByteSlice bytes() {
        if (!readOnly) {
            origin.touch();
        }
        return span();
    }

    final ByteSlice span() {
        return bytes.slice(layout.lowestByte(), layout.endByte() - layout.lowestByte());
    }

    /** The bytes from the first to the last element as a segment of the JDK. */
    public final MemorySegment segment() {
        return bytes().segment();
    }

    final Runs.Memory elements() {
        return new Runs.Memory(bytes.region(), segment, dtype().type(), swapped);
    }

    final <T> T guarded(Supplier<T> block) {
        return Faults.guarded(bytes.region(), bytes.offset(), bytes.byteSize(), block::get);
    }

    // ----------------------------------------------------------------------------------------------------- reductions

    private <T> T reduced(Function<ArrayReductions, T> reduction) {
        return guarded(() -> reduction.apply(new ArrayReductions(elements(), layout, new Scratch())));
    }

    /** Count, sum, mean, deviation and extremes of all elements, with NaN as NumPy has it. */
    public final Summary summary() {
        return reduced(ArrayReductions::summary);
    }

    /** The same of whole numbers or bools, with an exact sum. */
    public final IntegerSummary wholeSummary() {
        return reduced(ArrayReductions::wholeSummary);
    }

    /** The sum of all elements. */
    public final double sum() {
        return reduced(ArrayReductions::sum);
    }

    /** The mean of all elements; NaN if there is none. */
    public final double mean() {
        return sum() / shape().elementCount();
    }

    /** The standard deviation of all elements, dividing by the count; NaN if there is none. */
    public final double std() {
        return summary().std();
    }

    /** The smallest element; NaN if there is a NaN or no element. */
    public final double min() {
        return reduced(ArrayReductions::min);
    }

    /** The largest element; NaN if there is a NaN or no element. */
    public final double max() {
        return reduced(ArrayReductions::max);
    }

    /** The place in C sequence of the first smallest element, or of the first NaN. */
    public final long argmin() {
        return reduced(all -> all.argExtreme(true));
    }

    /** The place in C sequence of the first largest element, or of the first NaN. */
    public final long argmax() {
        return reduced(all -> all.argExtreme(false));
    }

    /** Whether any element is not 0; NaN is not. */
    public final boolean any() {
        return reduced(all -> all.hasTruth(true));
    }

    /** Whether no element is 0. */
    public final boolean all() {
        return !reduced(all -> all.hasTruth(false));
    }

    /** Reductions along an axis: {@code along(0).sum()} has one sum for each column of a 2-d array. */
    public final AxisReduction along(int axis) {
        Objects.checkIndex(axis, shape().rank());
        return new AxisReduction(bytes.region(), elements(), layout, axis);
    }

    // ---------------------------------------------------------------------------------------------------------- pages

    /** Gives a hint for the pages that hold these elements. */
    public final Outcome advise(Advice advice) {
        return span().advise(advice);
    }

    /** Asks for the pages to be read in, and returns at once. */
    public final Outcome prefetch() {
        return span().prefetch();
    }

    /** Brings the pages in. */
    public final Outcome populate() throws MappingException {
        return span().populate();
    }

    /** Which of the pages are in memory. */
    public final Residency residency() {
        return span().residency();
    }

    /** Writes all changes of the file to the device. Copy-on-write and read-only arrays have none. */
    public final void flush() throws MappingException {
        if (origin.memory.isPresent()) {
            origin.memory.get().flush();
        }
    }
}
