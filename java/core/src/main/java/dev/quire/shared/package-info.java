/**
 * Memory between processes of one user on one machine: {@link dev.quire.shared.SharedMemory} with or without a name,
 * {@link dev.quire.shared.SharedArray} with a type and a shape, and two building blocks: {@link
 * dev.quire.shared.SequenceLock} for snapshots of a record, {@link dev.quire.shared.MessageRing} for messages from one
 * process to another.
 *
 * <p>Counters and flags need no more than the atomic operations of the slices: they order memory between processes as
 * they do between threads.
 */
@NullMarked
package dev.quire.shared;

import org.jspecify.annotations.NullMarked;
