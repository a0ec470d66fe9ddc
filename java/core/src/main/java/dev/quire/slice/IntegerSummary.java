package dev.quire.slice;

import dev.quire.internal.reduce.IntegerReducer;
import java.math.BigInteger;
import java.util.NoSuchElementException;

/**
 * Count, exact sum, mean, standard deviation, minimum and maximum of integers.
 *
 * @param count of elements
 * @param sum exact
 * @param mean the sum, rounded to double, divided by the count; NaN if there is no element
 * @param std of all elements, dividing by the count; NaN if there is none
 * @param min of unsigned 64-bit elements its bits, see {@link Long#toUnsignedString(long)}
 * @param max of unsigned 64-bit elements its bits
 */
public record IntegerSummary(long count, BigInteger sum, double mean, double std, long min, long max) {
    /**
     * The smallest element; of unsigned 64-bit elements its bits, see {@link Long#toUnsignedString(long)}.
     *
     * @throws NoSuchElementException if there is no element
     */
    @Override
    public long min() {
        requireElements();
        return min;
    }

    /**
     * The largest element; of unsigned 64-bit elements its bits, see {@link Long#toUnsignedString(long)}.
     *
     * @throws NoSuchElementException if there is no element
     */
    @Override
    public long max() {
        requireElements();
        return max;
    }

    private void requireElements() {
        if (count == 0) {
            throw new NoSuchElementException("no elements: nothing has no minimum or maximum; look at count() first");
        }
    }

    static IntegerSummary of(IntegerReducer reducer) {
        return new IntegerSummary(
                reducer.count(),
                reducer.exactSum(),
                reducer.mean(),
                reducer.std(),
                reducer.exactMin(),
                reducer.exactMax());
    }
}
