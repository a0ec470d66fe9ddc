/**
 * Memory between processes of one user on one machine: {@link dev.quire.shared.SharedMemory} with or without a name,
 * {@link dev.quire.shared.SharedArray} with a type and a shape, and two building blocks: {@link
 * dev.quire.shared.SequenceLock} for snapshots of a record, {@link dev.quire.shared.MessageRing} for messages from one
 * process to another.
 *
 * <p>Counters and flags need no more than the atomic operations of the slices: they order memory between processes as
 * they do between threads.
 *
 * <table>
 * <caption>What to take</caption>
 * <tr><th>for</th><th>take</th></tr>
 * <tr><td>a process that may know a name</td><td>{@link dev.quire.shared.SharedMemory#create(String, long)},
 *     {@link dev.quire.shared.SharedMemory#open}</td></tr>
 * <tr><td>one that is told a handle, on its command line for example; nothing stays behind</td>
 *     <td>{@link dev.quire.shared.SharedMemory#anonymous}, {@link dev.quire.shared.SharedMemory#attach}</td></tr>
 * <tr><td>readers who must know that nothing can change</td><td>{@link dev.quire.shared.Seal#WRITE},
 *     {@link dev.quire.shared.SharedMemory#seals}</td></tr>
 * <tr><td>numbers in a shape</td><td>{@link dev.quire.shared.SharedArray}</td></tr>
 * <tr><td>memory of another program, of Python's {@code SharedMemory} for example</td>
 *     <td>{@link dev.quire.shared.RawSegment}</td></tr>
 * <tr><td>several words that belong together</td><td>{@link dev.quire.shared.SequenceLock}</td></tr>
 * <tr><td>all of what one side says, in order</td><td>{@link dev.quire.shared.MessageRing}</td></tr>
 * </table>
 *
 * <p>The guide <a href="../doc-files/python.html">sharing with Python</a> has both directions.
 *
 * <p>Closing unmaps, when the ends of rings are closed too, and destroys nothing. Names stay until
 * {@link dev.quire.shared.SharedMemory#unlink}; what dead processes left is found by
 * {@link dev.quire.shared.Segments#orphans}. A process that may open memory by name may also truncate it: bulk
 * operations then throw {@link dev.quire.error.MemoryFaultException}. Memory that is sealed against shrinking, as
 * memory without a name is on Linux, cannot fault.
 */
@NullMarked
package dev.quire.shared;

import org.jspecify.annotations.NullMarked;
