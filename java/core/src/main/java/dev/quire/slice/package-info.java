/**
 * What bytes mean, in one dimension: typed slices with 64-bit indexes, bulk operations, search, reductions and atomics.
 *
 * <p>A slice is a view; it copies nothing and owns nothing. {@link dev.quire.slice.ByteSlice} is where the others come
 * from, in either byte order and at any alignment.
 *
 * <p>{@code segment()} and {@code byteBuffer()} give the JDK's own types, and while the mapping is open they may be
 * passed to any library, native code included. If the file is truncated meanwhile, that code reads zeros; {@link
 * dev.quire.MappedMemory#guarded(Runnable) guarded} and {@link dev.quire.MappedMemory#damage()} tell. The methods of
 * the slices tell by themselves. Where {@link dev.quire.hint.SystemFacts#healing()} is not {@code ON}, such code can
 * end the virtual machine.
 */
@NullMarked
package dev.quire.slice;

import org.jspecify.annotations.NullMarked;
