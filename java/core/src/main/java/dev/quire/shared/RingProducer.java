package dev.quire.shared;

import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.internal.Faults;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * The sending end of a {@link MessageRing}, for one thread at a time. Methods that meet memory that cannot be had, the ring's
 * or the message's, throw {@link dev.quire.error.MemoryFaultException}; no message is made of it.
 */
public final class RingProducer implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final ByteSlice memory;
    private final MemorySegment control;
    private final MemorySegment ring;
    private final long capacity;
    private final boolean mayFault;
    private final Waiter space;
    private final Waiter data;
    private long tail;
    private long head;
    private boolean closed;

    RingProducer(ByteSlice memory, int capacity, boolean mayFault, WaitStrategy strategy) {
        this.memory = memory;
        this.control = memory.segment().asSlice(0, MessageRing.HEADER_BYTES);
        this.ring = memory.segment().asSlice(MessageRing.HEADER_BYTES, capacity);
        this.capacity = capacity;
        this.mayFault = mayFault;
        this.space = new Waiter(memory, MessageRing.AT_SPACE_WAITER, strategy);
        this.data = new Waiter(memory, MessageRing.AT_DATA_WAITER, strategy);
        this.head = (long) LONG.getAcquire(control, (long) MessageRing.AT_HEAD);
        this.tail = end(head);
        space.enable();
    }

    /** What a producer sent before lies, complete, between the consumer's position and the first 0 after it. */
    private long end(long from) {
        long at = from;
        for (long seen = 0; seen < capacity; seen = at - from) {
            long index = at & capacity - 1;
            long mark = (long) LONG.getAcquire(ring, index);
            if (mark == 0) {
                break;
            }
            if (mark < MessageRing.SKIP || mark > capacity / 4 + 1) {
                throw MessageRing.damaged(memory, mark - 1, index);
            }
            at += mark == MessageRing.SKIP ? capacity - index : MessageRing.recordBytes((int) mark - 1);
        }
        return at;
    }

    /** The longest message in bytes: a quarter of the ring. */
    public int maxMessageBytes() {
        return (int) capacity / 4;
    }

    /**
     * Sends a message if there is room; never waits.
     *
     * @return false if the consumer has to catch up first
     * @throws IllegalArgumentException if it is longer than {@link #maxMessageBytes()}
     */
    public boolean offer(MemorySegment source, long offset, int length) throws MappingException {
        requireSendable(length);
        try {
            boolean sent = append(source, offset, length);
            if (mayFault) {
                Faults.barrier();
            }
            return sent;
        } catch (InternalError e) {
            throw fault(e);
        }
    }

    private void requireSendable(int length) {
        if (length < 0 || length > capacity / 4) {
            throw new IllegalArgumentException("a message of " + length + " bytes; the most is " + maxMessageBytes());
        }
    }

    private boolean append(MemorySegment source, long offset, int length) throws MappingException {
        long record = MessageRing.recordBytes(length);
        long index = tail & capacity - 1;
        long skipped = skippedBefore(record);
        if (!hasRoom(skipped + record)) {
            return false;
        }
        long at = skipped == 0 ? index : 0;
        MemorySegment.copy(source, offset, ring, at + MessageRing.RECORD_HEADER, length);
        ring.set(ValueLayout.JAVA_LONG, at + record & capacity - 1, 0);
        if (mayFault || source.isNative()) {
            Faults.barrier();
        }
        publish(index, at, length + 1L);
        tail += skipped + record;
        data.wake();
        return true;
    }

    private MemoryFaultException fault(InternalError e) {
        return Faults.of(e, memory.region(), memory.offset(), memory.length());
    }

    /** The one store that makes the message be there: its mark, or that of the jump to it. */
    private void publish(long index, long at, long mark) {
        if (at == index) {
            LONG.setRelease(ring, index, mark);
        } else {
            ring.set(ValueLayout.JAVA_LONG, at, mark);
            LONG.setRelease(ring, index, (long) MessageRing.SKIP);
        }
    }

    /** Room for the record and the 0 behind it. */
    private boolean hasRoom(long bytes) {
        long needed = bytes + MessageRing.RECORD_HEADER;
        if (capacity - (tail - head) >= needed) {
            return true;
        }
        head = (long) LONG.getAcquire(control, (long) MessageRing.AT_HEAD);
        return capacity - (tail - head) >= needed;
    }

    /** Sends a message if there is room. */
    public boolean offer(byte[] message) throws MappingException {
        return offer(MemorySegment.ofArray(message), 0, message.length);
    }

    /**
     * Sends a message, waiting for room.
     *
     * @return false if there was none in that time; {@link #isConsumerAlive()} may tell why
     */
    public boolean send(byte[] message, Duration patience) throws MappingException {
        return send(MemorySegment.ofArray(message), 0, message.length, patience);
    }

    /** The same for a message in a segment. */
    public boolean send(MemorySegment source, long offset, int length, Duration patience) throws MappingException {
        if (offer(source, offset, length)) {
            return true;
        }
        try {
            space.await(() -> hasRoomFor(length), patience.toNanos());
        } catch (InternalError e) {
            throw fault(e);
        }
        return offer(source, offset, length);
    }

    /** A record lies in one piece: what is left of the ring before its beginning is skipped, if it does not fit there. */
    private boolean hasRoomFor(int length) {
        long record = MessageRing.recordBytes(length);
        return hasRoom(skippedBefore(record) + record);
    }

    private long skippedBefore(long record) {
        long left = capacity - (tail & capacity - 1);
        return record > left ? left : 0;
    }

    /** Whether a living process has the other end: some 50 microseconds. */
    public boolean isConsumerAlive() {
        return MessageRing.isHeld(memory, MessageRing.AT_CONSUMER);
    }

    /** How many bytes of records the consumer has not acknowledged. */
    public long pendingBytes() {
        return Faults.guarded(memory.region(), () -> {
            head = (long) LONG.getAcquire(control, (long) MessageRing.AT_HEAD);
            return tail - head;
        });
    }

    /** Gives the end back; what was sent stays to be received. The memory is the caller's. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            MessageRing.release(memory, MessageRing.AT_PRODUCER);
        }
    }
}
