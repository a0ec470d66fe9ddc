package dev.quire.shared;

import dev.quire.internal.Faults;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One end of a ring, and whose it is. The ring is accessed without the checks that a mapping's views make; three things
 * stand for them. The end has a lease: the memory stays. The lease ends in the thread that makes the accesses, which is
 * one until it has ended: none comes too late. And every access is at {@link #ring} plus an index that lies in it,
 * whatever another process writes there: a position that was masked, a length that was compared.
 */
abstract sealed class RingEnd implements AutoCloseable permits RingProducer, RingConsumer {
    final RingMemory memory;
    /** Where records begin in {@link #all}. */
    final long ring;
    /** Makes an index of a position. */
    final long mask;

    final int maxMessage;
    final boolean mayFault;

    /** Whether the thread is in a handler, and closing waits until it has returned. */
    boolean delivering;

    boolean closing;

    private final int at;
    private final String name;

    /** Read without a lock: a thread finds itself here only if it came here itself and has not left. */
    private @Nullable Thread owner;

    private boolean closed;

    RingEnd(RingMemory memory, int at, String name) {
        this.memory = memory;
        this.ring = memory.base() + MessageRing.HEADER_BYTES;
        this.mask = memory.capacity() - 1L;
        this.maxMessage = memory.capacity() / 4;
        this.mayFault = memory.mayFault();
        this.at = at;
        this.name = name;
    }

    /** What was made is there as a whole, or gives everything back. */
    static <E extends RingEnd> E made(RingMemory memory, int at, Supplier<E> maker) {
        try {
            return Faults.guarded(memory.region(), maker::get);
        } catch (Throwable e) {
            memory.release(at);
            throw e;
        }
    }

    final MemorySegment all() {
        return memory.all();
    }

    /** The mark at an index: read once, for another process may change it at any time. */
    final long mark(long index) {
        return (long) RingMemory.LONG.getAcquire(all(), ring + index);
    }

    /** The consumer's position. */
    final long sharedHead() {
        return (long) RingMemory.LONG.getAcquire(all(), memory.base() + MessageRing.AT_HEAD);
    }

    @SuppressWarnings("ReferenceEquality") // threads are who they are
    private boolean isMine() {
        return owner == Thread.currentThread();
    }

    /** Refuses every thread but the one that this end belongs to. */
    final void enter() {
        if (!isMine() && !adopt()) {
            throw new IllegalStateException("closed: " + name + " of the ring in " + memory.text());
        }
    }

    /** Whether a living process has an end of the ring. The owner may ask though the memory is closed, others not. */
    final boolean isHeld(int end) {
        return isMine() ? memory.isHeld(end) : memory.isSeenHeld(end);
    }

    /** Gives the end to this thread if it is nobody's, or that of a thread that has ended; false if it is closed. */
    private synchronized boolean adopt() {
        Thread current = Thread.currentThread();
        Thread before = owner;
        if (closed) {
            return false;
        }
        if (before != null && before.isAlive()) {
            throw new WrongThreadException(name + " of the ring in " + memory.text() + " belongs to " + before
                    + " until that has ended or closed it; this is " + current);
        }
        taken();
        owner = current;
        return true;
    }

    /** What the new owner's thread has to make for itself. */
    void taken() {}

    /** What it has to undo. */
    void givenUp() {}

    /**
     * Gives the end back, and the memory if it was closed meanwhile: the last end then unmaps it. What was sent and not
     * received stays. Called by a handler it takes effect when the handler has returned. Closing again does nothing.
     *
     * @throws WrongThreadException if the end belongs to another thread that has not ended
     * @throws dev.quire.error.MemoryFaultException if its memory is lost; the end is closed all the same
     */
    @Override
    public void close() {
        if (!isMine() && !adopt()) {
            return;
        }
        if (delivering) {
            closing = true;
        } else {
            end();
        }
    }

    /** In the owner, behind its last access. */
    final void end() {
        givenUp();
        leave();
        memory.release(at);
    }

    private synchronized void leave() {
        owner = null;
        closed = true;
    }
}
