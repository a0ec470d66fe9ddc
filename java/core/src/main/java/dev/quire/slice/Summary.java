package dev.quire.slice;

import dev.quire.internal.FloatingReducer;

/**
 * What floating-point numbers come to.
 *
 * <p>Numbers are widened to double precision and added in a fixed order, whatever the machine: chunks of 256, in each of
 * which 64 lanes of four are added first, then eight sums of eight lanes, then those two by two; the sums of the chunks are
 * added with compensation, so that the error does not grow with the count. The standard deviation is that of all elements,
 * computed around each chunk's own mean, and the chunks merged; it loses as many digits as the mean is longer than itself, at
 * most.
 *
 * @param count of elements
 * @param sum 0 if there is none
 * @param mean NaN if there is none
 * @param std NaN if there is none, or one is infinite or NaN
 * @param min NaN if there is none, or one is NaN
 * @param max the same
 */
public record Summary(long count, double sum, double mean, double std, double min, double max) {
    static Summary of(FloatingReducer reducer) {
        double sum = reducer.sum();
        return new Summary(reducer.count(), sum, sum / reducer.count(), reducer.std(), reducer.min(), reducer.max());
    }
}
