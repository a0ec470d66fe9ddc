package dev.quire.internal.reduce;

import dev.quire.internal.ffi.QuireHeader;

/** What a reduction computes; the other figures mean nothing. Integers get sum and extremes always. */
public enum What {
    /** The sum. */
    SUM,
    /** Minimum and maximum. */
    EXTREMES,
    /** Sum and deviations. */
    DEVIATIONS,
    /** Everything. */
    ALL;

    int code() {
        return switch (this) {
            case SUM -> QuireHeader.QUIRE_REDUCE_SUM();
            case EXTREMES -> QuireHeader.QUIRE_REDUCE_EXTREMES();
            case DEVIATIONS -> QuireHeader.QUIRE_REDUCE_DEVIATIONS();
            case ALL -> QuireHeader.QUIRE_REDUCE_ALL();
        };
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
