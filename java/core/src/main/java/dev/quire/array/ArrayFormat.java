package dev.quire.array;

/** Where the header of an array is kept, if it has one. */
public enum ArrayFormat {
    /** NumPy's {@code .npy}. */
    NPY,
    /** A stored member of NumPy's {@code .npz}. */
    NPZ,
    /** SciRS2's {@code .mmap}. */
    SCIRS2,
    /** No header: the caller said what the bytes are. */
    RAW
}
