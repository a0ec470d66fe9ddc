package dev.quire.internal.reduce;

/** What a reduction computes; the other figures mean nothing. Integers get sum and extremes always. */
public enum Statistics {
    /** The sum. */
    SUM,
    /** Minimum and maximum. */
    EXTREMES,
    /** Everything. */
    ALL,
    /** Sum and deviations. */
    DEVIATIONS;

    /** The C layer's number: {@code enum quire_what} in the same order; a test compares. */
    @SuppressWarnings("EnumOrdinal")
    int code() {
        return ordinal();
    }

    boolean hasSum() {
        return this != EXTREMES;
    }

    boolean hasExtremes() {
        return this == EXTREMES || this == ALL;
    }

    boolean hasDeviations() {
        return this == DEVIATIONS || this == ALL;
    }
}
