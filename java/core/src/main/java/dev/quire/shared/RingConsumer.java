package dev.quire.shared;

import dev.quire.error.MappingException;
import dev.quire.internal.Faults;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of a {@link MessageRing}, for one thread at a time. Methods that meet memory that cannot be had, because
 * somebody truncated it, throw {@link dev.quire.error.MemoryFaultException} before they hand out anything; memory that is
 * sealed against that, as {@link SharedMemory#anonymous} is on Linux, costs no check.
 */
public final class RingConsumer implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final ByteSlice memory;
    private final MemorySegment control;
    private final MemorySegment ring;
    private final MemorySegment readable;
    private final long capacity;
    private final boolean mayFault;
    private final Waiter space;
    private final Waiter data;
    private byte[] scratch = new byte[0];
    private MemorySegment copied = MemorySegment.NULL;
    private long head;
    private boolean closed;
    private byte @Nullable [] received;

    RingConsumer(ByteSlice memory, int capacity, boolean mayFault, WaitStrategy strategy) {
        this.memory = memory;
        this.control = memory.segment().asSlice(0, MessageRing.HEADER_BYTES);
        this.ring = memory.segment().asSlice(MessageRing.HEADER_BYTES, capacity);
        this.readable = ring.asReadOnly();
        this.capacity = capacity;
        this.mayFault = mayFault;
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
        try {
            return deliver(handler, limit);
        } catch (InternalError e) {
            throw Faults.of(e, memory.region(), memory.offset(), memory.length());
        }
    }

    private int deliver(MessageRing.Handler handler, int limit) throws MappingException {
        long at = head;
        int count = 0;
        try {
            while (count < limit) {
                long index = at & capacity - 1;
                long mark = (long) LONG.getAcquire(ring, index);
                if (mark > 0) {
                    deliver(handler, index, mark - 1);
                    at += MessageRing.recordBytes((int) mark - 1);
                    count++;
                } else if (mark == 0) {
                    break;
                } else {
                    at += skipped(index, mark);
                }
            }
        } finally {
            if (at != head) {
                head = at;
                LONG.setRelease(control, (long) MessageRing.AT_HEAD, at);
                space.wake();
            }
            if (mayFault) {
                Faults.barrier();
            }
        }
        return count;
    }

    private long skipped(long index, long mark) {
        if (mayFault) {
            Faults.barrier();
        }
        if (mark != MessageRing.SKIP || index == 0) {
            throw MessageRing.damaged(memory, mark - 1, index);
        }
        return capacity - index;
    }

    private void deliver(MessageRing.Handler handler, long index, long length) {
        long at = index + MessageRing.RECORD_HEADER;
        if (length > capacity / 4 || at + length > capacity) {
            if (mayFault) {
                Faults.barrier();
            }
            throw MessageRing.damaged(memory, length, index);
        }
        if (mayFault) {
            copy(at, (int) length);
            handler.onMessage(copied, 0, (int) length);
        } else {
            handler.onMessage(readable, at, (int) length);
        }
    }

    /** Memory that may shrink is copied, so that no garbage is handed out. */
    private void copy(long at, int length) {
        if (length > scratch.length) {
            scratch = new byte[(int) Math.min(capacity / 4, 2L * length)];
        }
        MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, at, scratch, 0, length);
        Faults.barrier();
        if (copied.byteSize() != length) {
            copied = MemorySegment.ofArray(scratch).asSlice(0, length).asReadOnly();
        }
    }

    /** Waits for messages and hands them over; 0 if there was none in that time. */
    public int poll(MessageRing.Handler handler, int limit, Duration patience) throws MappingException {
        int count = poll(handler, limit);
        return count == 0 && hasMessage(patience) ? poll(handler, limit) : count;
    }

    private boolean hasMessage(Duration patience) throws MappingException {
        try {
            boolean has = data.await(this::hasMessage, patience.toNanos());
            if (mayFault) {
                Faults.barrier();
            }
            return has;
        } catch (InternalError e) {
            throw Faults.of(e, memory.region(), memory.offset(), memory.length());
        }
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
