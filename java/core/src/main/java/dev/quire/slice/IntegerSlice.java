package dev.quire.slice;

import dev.quire.internal.Region;
import dev.quire.internal.reduce.IntegerReducer;
import dev.quire.internal.reduce.Statistics;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteOrder;

/** Mapped memory as integers: what they come to, exactly. */
public abstract sealed class IntegerSlice extends Slice permits ByteSlice, ShortSlice, IntSlice, LongSlice {
    IntegerSlice(Region region, MemorySegment segment, long offset, ByteOrder order, int elementBytes) {
        super(region, segment, offset, order, elementBytes);
    }

    /**
     * Count, exact sum, mean, standard deviation, minimum and maximum in one pass over memory.
     *
     * @throws dev.quire.error.MemoryFaultException if the file was truncated
     */
    public final IntegerSummary summary() {
        return IntegerSummary.of(reduced(new IntegerReducer(elementBytes, swapped, false, Statistics.ALL)));
    }

    /** The statistics of all elements in one pass, the elements taken as unsigned. */
    public final IntegerSummary unsignedSummary() {
        return IntegerSummary.of(reduced(new IntegerReducer(elementBytes, swapped, true, Statistics.ALL)));
    }

    /** The exact sum. */
    public final BigInteger sum() {
        return reduced(Statistics.SUM).exactSum();
    }

    /**
     * The smallest element.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    public final long min() {
        return summary().min();
    }

    /**
     * The largest element.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    public final long max() {
        return summary().max();
    }

    /** The sum divided by the count; NaN if there is no element. */
    public final double mean() {
        return reduced(Statistics.SUM).mean();
    }

    /** The standard deviation of all elements (dividing by the count); NaN if there is none. */
    public final double std() {
        return summary().std();
    }

    private IntegerReducer reduced(Statistics what) {
        return reduced(new IntegerReducer(elementBytes, swapped, false, what));
    }
}
