package dev.quire.internal.reduce;

/**
 * The C layer's numbers for elements and for what infinities and NaN make a sum. Written out, because the bindings
 * cannot be asked where native access is refused; a test compares them.
 */
final class Codes {
    static final int F4 = 0;
    static final int F8 = 1;
    static final int I1 = 2;
    static final int U1 = 6;
    static final int F2 = 10;
    static final int B1 = 11;
    static final int BF2 = 12;

    static final int SPECIAL_NONE = 0;
    static final int SPECIAL_POSITIVE = 1;
    static final int SPECIAL_NEGATIVE = 2;
    static final int SPECIAL_NAN = 3;

    private Codes() {}
}
