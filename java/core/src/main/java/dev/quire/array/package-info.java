/**
 * Arrays of any number of dimensions in memory-mapped files: NumPy's {@code .npy} and {@code .npz}, SciRS2's
 * {@code .mmap}, and raw binary.
 *
 * <p>A {@link dev.quire.array.DType} is an {@link dev.quire.array.ElementType} with a byte order, a
 * {@link dev.quire.array.Shape} the length of each axis, an {@link dev.quire.array.Order} the sequence of the elements
 * in memory. Selections are made of {@link dev.quire.array.Index}es with the meaning they have in Python. Nothing here
 * copies elements unless its name says so.
 *
 * <p>What a file gets wrong is one of the {@link dev.quire.array.ArrayFileException}s.
 */
package dev.quire.array;
