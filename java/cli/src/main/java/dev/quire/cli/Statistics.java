package dev.quire.cli;

import dev.quire.array.ArrayView;
import dev.quire.array.ElementType;
import dev.quire.slice.IntegerSummary;
import dev.quire.slice.Summary;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is known about many numbers, whatever their type: integers exactly, floats as doubles.
 *
 * @param count of them
 * @param sum of them
 * @param mean of them
 * @param std population standard deviation, as NumPy's default
 * @param min smallest, or null if there are none
 * @param max largest, or null if there are none
 */
record Statistics(
        long count,
        Number sum,
        double mean,
        double std,
        @Nullable Number min,
        @Nullable Number max) {
    /**
     * Reads all elements once.
     *
     * @throws IllegalArgumentException if they are complex
     */
    static Statistics of(ArrayView array) {
        ElementType type = array.dtype().type();
        if (type.isComplex()) {
            throw new IllegalArgumentException(array.name()
                    + ": its elements are complex, which have no order; choose --field real or --field imag");
        }
        if (type == ElementType.UINT64) {
            return of(array.integerSummary(), Statistics::unsigned);
        }
        return type.isInteger() || type == ElementType.BOOL ? of(array.integerSummary()) : of(array.summary());
    }

    static Statistics of(Summary floats) {
        boolean none = floats.count() == 0;
        return new Statistics(
                floats.count(),
                floats.sum(),
                floats.mean(),
                floats.std(),
                none ? null : floats.min(),
                none ? null : floats.max());
    }

    static Statistics of(IntegerSummary integers) {
        return of(integers, BigInteger::valueOf);
    }

    private static Statistics of(IntegerSummary integers, LongFunction<BigInteger> value) {
        boolean none = integers.count() == 0;
        return new Statistics(
                integers.count(),
                integers.sum(),
                integers.mean(),
                integers.std(),
                none ? null : value.apply(integers.min()),
                none ? null : value.apply(integers.max()));
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    /** In the order in which people ask. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("count", count);
        facts.put("sum", sum);
        facts.put("mean", mean);
        facts.put("std", std);
        facts.put("min", Optional.ofNullable(min));
        facts.put("max", Optional.ofNullable(max));
        return facts;
    }

    /** What is known about these numbers and others. */
    Statistics plus(Statistics other) {
        if (min == null || max == null) {
            return other;
        }
        if (other.min == null || other.max == null) {
            return this;
        }
        long all = count + other.count;
        Number total = add(sum, other.sum);
        // Chan, Golub, LeVeque: Updating formulae and a pairwise algorithm for computing sample variances, 1979
        double distance = other.mean - mean;
        double squares = std * std * count
                + other.std * other.std * other.count
                + distance * distance * count / all * other.count;
        return new Statistics(
                all,
                total,
                total.doubleValue() / all,
                Math.sqrt(squares / all),
                least(min, other.min),
                greatest(max, other.max));
    }

    private static Number add(Number a, Number b) {
        return a instanceof BigInteger one && b instanceof BigInteger two
                ? one.add(two)
                : a.doubleValue() + b.doubleValue();
    }

    private static Number least(Number a, Number b) {
        return a instanceof BigInteger one && b instanceof BigInteger two
                ? one.min(two)
                : Math.min(a.doubleValue(), b.doubleValue());
    }

    private static Number greatest(Number a, Number b) {
        return a instanceof BigInteger one && b instanceof BigInteger two
                ? one.max(two)
                : Math.max(a.doubleValue(), b.doubleValue());
    }
}
