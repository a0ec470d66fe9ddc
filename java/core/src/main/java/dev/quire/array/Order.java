package dev.quire.array;

/** Which axis of a contiguous array varies fastest in memory. */
public enum Order {
    /** The last axis: rows follow each other, as in C, Java and NumPy by default. */
    C,
    /** The first axis: columns follow each other, as in Fortran, MATLAB and Julia. */
    FORTRAN
}
