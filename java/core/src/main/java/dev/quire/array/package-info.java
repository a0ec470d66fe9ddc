/**
 * Arrays of any number of dimensions in memory-mapped files: NumPy's {@code .npy} and {@code .npz}, SciRS2's
 * {@code .mmap}, and raw binary.
 *
 * {@snippet :
 * // Three rows of four numbers, in a file that NumPy reads too: numpy.load("grid.npy", mmap_mode="r")
 * Path file = folder.resolve("grid.npy");
 * try (MappedArray grid = MappedArray.create(file, ArraySpec.of("<f4", 3, 4))) {
 *     grid.setDouble(2, 3, 1.5);             // an index for each axis, then the value
 *     grid.index(0, 1).fill(7);              // the second row: views are the same bytes
 * }
 * try (MappedArray grid = MappedArray.open(file, MapMode.COPY_ON_WRITE)) {
 *     grid.fill(9);                          // stays in memory: the file is as it was
 * }
 * try (MappedArray grid = MappedArray.open(file, MapMode.READ_ONLY)) {
 *     grid.getDouble(2, 3);                  // 1.5
 *     grid.slice("1:, ::-2").toJavaArray();  // float[][] {{7, 7}, {1.5f, 0}}
 *     grid.along(0).sum();                   // double[] {7, 7, 7, 8.5}, one for each column
 * }
 * MappedArray.append(file, row);             // four rows now, in place
 * }
 *
 * <p><b>Words.</b> A {@link dev.quire.array.DType} is an {@link dev.quire.array.ElementType} with a byte order, written
 * as NumPy writes it: {@code <f8}, {@code >i2}, {@code u1}. A {@link dev.quire.array.Shape} is the length of each axis,
 * a stride the distance in bytes between neighbours on an axis, an {@link dev.quire.array.Order} the sequence of the
 * elements in the file: in C order the last axis is the fastest, in Fortran order the first. Selections are made of
 * {@link dev.quire.array.Index}es, or of what Python writes between brackets, with the meaning it has there.
 *
 * <p><b>What is copied.</b> Nothing, unless a method's name says so ({@code copyFrom}, {@code toDoubles},
 * {@code save}). A slice, a transpose, a field of structured elements is an {@link dev.quire.array.ArrayView} over the
 * same bytes. Opening reads a header and costs the same for every size of file.
 *
 * <p><b>What is closed.</b> A {@link dev.quire.array.MappedArray} owns its mapping: close it, best by {@code try}. It
 * is an {@link dev.quire.array.ArrayView} too. Views have nothing to close, and throw once their owner is closed.
 *
 * <p><b>Values.</b> Every method that stores ({@code setDouble}, {@code setLong}, {@code setAt}, {@code fill},
 * {@code copyFrom}, {@code create}, {@code convert}, {@code append}) follows one rule: a value that the dtype does not
 * have is an {@link java.lang.ArithmeticException}, and nothing is stored in its place.
 * <ul>
 * <li>Whole-number types take the whole numbers of their range. Fractions, NaN, infinities and anything outside are
 * refused; a
 *     double or float that is a whole number is taken.
 * <li>Float types take every floating number, rounded to the nearest that they have; NaN and the infinities stay what
 * they are ({@code float8_e4m3fn} has no infinities and refuses them). A
 *     finite number that would become infinite is refused. A whole number that comes as an integer must be held
 *     exactly: 16,777,217 is refused by {@code float32}, 9,007,199,254,740,993 by {@code float64}.
 * <li>{@code bool} takes every number: 0 is false, all else is true, NaN too.
 * <li>{@code uint64} elements are read and stored as the 64 bits of a {@code long}, for
 * {@link java.lang.Long#toUnsignedString(long)}
 *     and its kin: {@code getLong}, {@code toLongs}, {@code setLong}, {@code fill(long)} and {@code long[]}. Negative
 *     elements of other arrays and of {@code int[]}, {@code short[]} and {@code byte[]} are refused.
 * <li>Complex types take real numbers, with 0 as the imaginary part.
 * </ul>
 * Between arrays of one type, bits are copied as they are, those of NaN too.
 *
 * <table class="striped">
 * <caption>Formats</caption>
 * <thead><tr><th>format</th><th>opened by</th><th>created</th><th>notes</th></tr></thead>
 * <tbody>
 * <tr><td>{@code .npy} 1.0, 2.0, 3.0</td><td>{@code open}, {@code openNpy}</td><td>yes, byte for byte as NumPy</td>
 *     <td>grows in place: {@link dev.quire.array.ArrayAppender}</td></tr>
 * <tr><td>{@code .npz}</td><td>{@code openMember}, {@code open} if there is one member</td><td>no</td>
 *     <td>stored members only ({@code numpy.savez}); {@link dev.quire.array.NpzMember#list} names them</td></tr>
 * <tr><td>SciRS2 {@code .mmap}</td><td>{@code open}, {@code openSci}</td><td>yes</td>
 *     <td>{@code f4 f8 i4 i8}, little-endian, C order, up to 6 axes</td></tr>
 * <tr><td>raw</td><td>{@code openRaw}</td><td>yes</td>
 *     <td>{@link dev.quire.array.RawLayout}: any dtype, order and offset; one dimension may be left to the file's
 *     length</td></tr>
 * </tbody>
 * </table>
 *
 * <p><b>What goes wrong.</b> What a file says wrongly is one of the {@link dev.quire.array.ArrayFileException}s, what
 * the system refuses a {@link dev.quire.error.MappingException}: both are {@link java.io.IOException}s that name the
 * file. A file that is truncated while it is mapped is a {@link dev.quire.error.MemoryFaultException} from every
 * operation on many elements; access to single ones promises only that the virtual machine survives.
 *
 * <p><b>Threads.</b> Many may read an array. Writers and readers of the same elements synchronise among themselves;
 * elements of up to 8 bytes at their natural alignment do not tear.
 */
@NullMarked
package dev.quire.array;

import org.jspecify.annotations.NullMarked;
