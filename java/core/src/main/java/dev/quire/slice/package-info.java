/**
 * What bytes mean, in one dimension: typed slices with 64-bit indexes, bulk operations, search, reductions and atomics.
 *
 * <p>A slice is a view; it copies nothing and owns nothing. {@link dev.quire.slice.ByteSlice} is where the others come from,
 * in either byte order and at any alignment.
 *
 * <p>{@code segment()} and {@code byteBuffer()} give the JDK's own types. When one of them is passed to native code or to an
 * intrinsic of the virtual machine ({@code CRC32.update(ByteBuffer)}, {@code Deflater}, the Vector API) and the file is
 * truncated meanwhile, the virtual machine dies. The methods of the slices do not have that danger.
 */
@NullMarked
package dev.quire.slice;

import org.jspecify.annotations.NullMarked;
