/**
 * Reading more than memory holds, without a page fault in Java code: {@link dev.quire.scan.Scan} goes through a range from
 * its beginning to its end and keeps pages coming ahead of its readers, {@link dev.quire.scan.Gather} reads records that
 * lie anywhere, many at a time.
 *
 * <p>Both bring pages in by ordinary calls of the operating system, during which the virtual machine can reach a safepoint,
 * and hand out {@link dev.quire.slice.ByteSlice}s: no bytes are copied.
 */
package dev.quire.scan;
