package dev.quire.slice;

import dev.quire.internal.Region;
import dev.quire.internal.reduce.FloatingReducer;
import dev.quire.internal.reduce.Statistics;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** Mapped memory as floating-point numbers: what they come to, with NaN and infinities as NumPy has them. */
public abstract sealed class FloatingSlice extends Slice permits FloatSlice, DoubleSlice {
    FloatingSlice(Region region, MemorySegment segment, long offset, ByteOrder order, int elementBytes) {
        super(region, segment, offset, order, elementBytes);
    }

    /**
     * Count, sum, mean, standard deviation, minimum and maximum in one pass over memory. {@link Summary} has the order
     * of additions.
     *
     * @throws dev.quire.error.MemoryFaultException if the file was truncated
     */
    public final Summary summary() {
        return Summary.of(reduced(Statistics.ALL));
    }

    /** The sum, as {@link #summary()} has it, without the rest. */
    public final double sum() {
        return reduced(Statistics.SUM).sum();
    }

    /** The smallest element; NaN if there is a NaN or no element. */
    public final double min() {
        return reduced(Statistics.EXTREMES).min();
    }

    /** The largest element; NaN if there is a NaN or no element. */
    public final double max() {
        return reduced(Statistics.EXTREMES).max();
    }

    /** The sum divided by the count; NaN if there is no element. */
    public final double mean() {
        return reduced(Statistics.SUM).mean();
    }

    /** The standard deviation of all elements (dividing by the count); NaN if there is none. */
    public final double std() {
        return reduced(Statistics.DEVIATIONS).std();
    }

    private FloatingReducer reduced(Statistics what) {
        return reduced(new FloatingReducer(elementBytes, swapped, what));
    }
}
