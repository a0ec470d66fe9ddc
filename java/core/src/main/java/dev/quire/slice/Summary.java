package dev.quire.slice;

import dev.quire.internal.reduce.Reducer;

/**
 * Count, sum, mean, standard deviation, minimum and maximum of numbers, in double precision.
 *
 * <p>Numbers are widened to double precision and added in one fixed order, so that the same numbers in the same sequence have the
 * same results, bit for bit, on every machine and whatever their strides: 256 at a time are added in 32 lanes, and the sums of
 * these chunks with compensation, so that the error does not grow with the count. The C header {@code quire.h} has the order in
 * full. The standard deviation is that of all elements (dividing by the count), computed around each chunk's own mean, and keeps its
 * digits whatever the mean is. Finite numbers whose sum overflows on the way are added again, scaled: their results are infinite
 * only if the exact ones are too large. An infinite number makes the sum and the mean infinite, whatever finite ones overflow
 * to; infinities of both signs make them NaN, as a NaN does.
 *
 * <p>The minimum and the maximum of nothing are NaN wherever they are doubles; where they are integers, asking for them throws
 * {@link java.util.NoSuchElementException}.
 *
 * @param count of elements
 * @param sum 0 if there is none
 * @param mean NaN if there is none
 * @param std NaN if there is none, or one is infinite or NaN
 * @param min NaN if there is none, or one is NaN; -0.0 is less than 0.0
 * @param max NaN if there is none, or one is NaN; -0.0 is less than 0.0
 */
public record Summary(long count, double sum, double mean, double std, double min, double max) {
    static Summary of(Reducer reducer) {
        return new Summary(reducer.count(), reducer.sum(), reducer.mean(), reducer.std(), reducer.min(), reducer.max());
    }
}
