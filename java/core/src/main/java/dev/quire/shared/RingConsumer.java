package dev.quire.shared;

import dev.quire.error.MappingException;
import dev.quire.internal.Faults;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The receiving end of a {@link MessageRing}, for one thread at a time. */
public final class RingConsumer implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final SharedMemory memory;
    private final MemorySegment control;
    private final MemorySegment ring;
    private final MemorySegment readable;
    private final long capacity;
    private final boolean mayFault;
    private final Waiter space;
    private final Waiter data;
    private long head;
    private boolean closed;
    private byte @Nullable [] received;

    RingConsumer(SharedMemory memory, int capacity, WaitStrategy strategy) {
        this.memory = memory;
        this.control = memory.bytes().segment().asSlice(0, MessageRing.HEADER_BYTES);
        this.ring = memory.bytes().segment().asSlice(MessageRing.HEADER_BYTES, capacity);
        this.readable = ring.asReadOnly();
        this.capacity = capacity;
        this.mayFault = !memory.cannotShrink();
        this.space = new Waiter(memory, MessageRing.AT_SPACE_WAITER, strategy);
        this.data = new Waiter(memory, MessageRing.AT_DATA_WAITER, strategy);
        this.head = (long) LONG.getAcquire(control, (long) MessageRing.AT_HEAD);
        data.enable();
    }

    /**
     * Hands over what is there, up to a number of messages; never waits. All of them are acknowledged together when it
     * returns; if the handler throws, those before.
     *
     * @return how many there were
     * @throws IllegalStateException if the ring is damaged
     */
    public int poll(MessageRing.Handler handler, int limit) throws MappingException {
        long at = head;
        int count = 0;
        try {
            while (count < limit) {
                long index = at & capacity - 1;
                long mark = (long) LONG.getAcquire(ring, index);
                if (mark == 0) {
                    break;
                }
                if (mark == MessageRing.SKIP) {
                    at += capacity - index;
                    continue;
                }
                deliver(handler, index, mark - 1);
                at += MessageRing.recordBytes((int) mark - 1);
                count++;
            }
        } finally {
            if (at != head) {
                head = at;
                LONG.setRelease(control, (long) MessageRing.AT_HEAD, at);
                space.wake();
            }
        }
        return count;
    }

    private void deliver(MessageRing.Handler handler, long index, long length) {
        long at = index + MessageRing.RECORD_HEADER;
        if (mayFault) {
            Faults.barrier();
        }
        if (length < 0 || length > capacity / 4 || at + length > capacity) {
            throw new IllegalStateException("the ring in "
                    + memory.region().subject().text() + " is damaged: a message of " + length + " bytes at " + index);
        }
        if (mayFault) {
            byte[] copy = copy(at, (int) length);
            handler.onMessage(MemorySegment.ofArray(copy).asReadOnly(), 0, copy.length);
        } else {
            handler.onMessage(readable, at, (int) length);
        }
    }

    /** Memory that may shrink is copied, so that no garbage is handed out. */
    private byte[] copy(long at, int length) {
        byte[] copy = new byte[length];
        try {
            MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, at, copy, 0, length);
            Faults.barrier();
        } catch (InternalError e) {
            throw Faults.of(e, memory.region(), 0, memory.region().length());
        }
        return copy;
    }

    /** Waits for messages and hands them over; 0 if there was none in that time. */
    public int poll(MessageRing.Handler handler, int limit, Duration patience) throws MappingException {
        int count = poll(handler, limit);
        if (count == 0 && data.await(this::hasMessage, patience.toNanos())) {
            count = poll(handler, limit);
        }
        return count;
    }

    private boolean hasMessage() {
        return (long) LONG.getAcquire(ring, head & capacity - 1) != 0;
    }

    /**
     * Waits for a message. It is acknowledged when this returns.
     *
     * @return a copy; null if there was none in that time: {@link #isProducerAlive()} may tell why
     */
    public byte @Nullable [] receive(Duration patience) throws MappingException {
        received = null;
        poll(
                (segment, at, length) -> received = segment.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE),
                1,
                patience);
        return received;
    }

    /** Whether a living process has the other end: some 50 microseconds. */
    public boolean isProducerAlive() {
        return MessageRing.isHeld(memory, MessageRing.AT_PRODUCER);
    }

    /** Gives the end back. The memory is the caller's. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            MessageRing.release(memory, MessageRing.AT_CONSUMER);
        }
    }
}
