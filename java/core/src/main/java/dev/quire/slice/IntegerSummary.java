package dev.quire.slice;

import dev.quire.internal.IntegerReducer;
import java.math.BigInteger;

/**
 * What integers come to.
 *
 * @param count of elements
 * @param sum exact
 * @param mean NaN if there is no element
 * @param std of all elements; NaN if there is none
 * @param min 0 if there is no element; for unsigned 64-bit elements its bits, see {@link Long#toUnsignedString(long)}
 * @param max the same
 */
public record IntegerSummary(long count, BigInteger sum, double mean, double std, long min, long max) {
    static IntegerSummary of(IntegerReducer reducer) {
        BigInteger sum = reducer.sum();
        return new IntegerSummary(
                reducer.count(), sum, sum.doubleValue() / reducer.count(), reducer.std(), reducer.min(), reducer.max());
    }
}
