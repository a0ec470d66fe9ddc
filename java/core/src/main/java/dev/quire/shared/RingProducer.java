package dev.quire.shared;

import dev.quire.error.MappingException;
import dev.quire.internal.Faults;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * The sending end of a {@link MessageRing}, for the one thread that uses it first, until that has ended: methods called
 * by another throw {@link WrongThreadException}, and {@link IllegalStateException} after {@link #close()}. Methods
 * throw {@link dev.quire.error.MemoryFaultException} if bytes of the ring or of the message are lost; no message is
 * made of them.
 */
public final class RingProducer extends RingEnd {
    private final Waiter space;
    private final Waiter data;
    private long tail;

    /** Up to where there was room when the consumer's position was looked at, the 0 behind the last record left out. */
    private long limit;

    RingProducer(RingMemory memory, WaitStrategy strategy) {
        super(memory, MessageRing.AT_PRODUCER, MessageRing.PRODUCER);
        this.space = new Waiter(memory, MessageRing.AT_SPACE_WAITER, strategy);
        this.data = new Waiter(memory, MessageRing.AT_DATA_WAITER, strategy);
        long head = sharedHead();
        this.limit = limit(head);
        this.tail = end(head);
        space.enable();
    }

    private long limit(long head) {
        return head + mask + 1 - MessageRing.RECORD_HEADER;
    }

    /** What a producer sent before lies, complete, between the consumer's position and the first 0 after it. */
    private long end(long from) {
        memory.requirePosition(from);
        long at = from;
        for (long seen = 0; seen <= mask; seen = at - from) {
            long index = at & mask;
            long mark = mark(index);
            if (mark == 0) {
                break;
            }
            at += mark == MessageRing.SKIP ? skipped(index) : record(mark, index);
        }
        return at;
    }

    private long skipped(long index) {
        return mask + 1 - index;
    }

    private long record(long mark, long index) {
        if (mark < 0 || mark - 1 > maxMessage || MessageRing.recordBytes((int) mark - 1) > mask + 1 - index) {
            throw memory.damaged(mark - 1, index);
        }
        return MessageRing.recordBytes((int) mark - 1);
    }

    /** The longest message in bytes: a quarter of the ring. Any thread may ask. */
    public int maxMessageBytes() {
        return maxMessage;
    }

    /**
     * Sends a message if there is room; never waits.
     *
     * @return false if the consumer has to catch up first
     * @throws IllegalArgumentException if it is longer than {@link #maxMessageBytes()}
     */
    public boolean offer(MemorySegment source, long offset, int length) throws MappingException {
        enter();
        requireSendable(length);
        long before = memory.losses();
        return memory.guarded(() -> {
            boolean sent = append(source, offset, length, before);
            memory.requireThere(before);
            return sent;
        });
    }

    private void requireSendable(int length) {
        if (length < 0 || length > maxMessage) {
            throw new IllegalArgumentException("a message of " + length + " bytes; the most is " + maxMessage);
        }
    }

    /** The usual case: there is room, and no need to look whether there is. */
    private boolean append(MemorySegment source, long offset, int length, long before) throws MappingException {
        long record = MessageRing.recordBytes(length);
        long index = tail & mask;
        if (index + record > mask + 1 || limit - tail < record) {
            return appendAround(source, offset, length, before);
        }
        write(source, offset, length, index, before);
        publish(index, length + 1L, record);
        return true;
    }

    private boolean appendAround(MemorySegment source, long offset, int length, long before) throws MappingException {
        long record = MessageRing.recordBytes(length);
        long skipped = skippedBefore(record);
        if (!hasRoom(skipped + record)) {
            return false;
        }
        if (skipped == 0) {
            return append(source, offset, length, before);
        }
        write(source, offset, length, 0, before);
        RingMemory.LONG.set(all(), ring, length + 1L);
        publish(tail & mask, MessageRing.SKIP, skipped + record);
        return true;
    }

    /** The message and the 0 behind its record; nobody sees them yet. */
    private void write(MemorySegment source, long offset, int length, long index, long before) {
        MemorySegment.copy(source, offset, all(), ring + index + MessageRing.RECORD_HEADER, length);
        RingMemory.LONG.set(all(), ring + (index + MessageRing.recordBytes(length) & mask), 0L);
        memory.requireThere(before);
        if (source.isNative() && length > 0) {
            Faults.checkAnywhere(source.asSlice(offset, length), "the message");
        }
    }

    /** The one store that makes the message be there: its mark, or that of the jump to it. */
    private void publish(long index, long mark, long bytes) throws MappingException {
        RingMemory.LONG.setRelease(all(), ring + index, mark);
        tail += bytes;
        data.wake();
    }

    /** Room for so many bytes of records. */
    private boolean hasRoom(long bytes) {
        if (limit - tail >= bytes) {
            return true;
        }
        limit = limit(sharedHead());
        return limit - tail >= bytes;
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
    public boolean send(byte[] message, Duration timeout) throws MappingException {
        return send(MemorySegment.ofArray(message), 0, message.length, timeout);
    }

    /** Sends a message that lies in a segment, and waits for room as long as the timeout says. */
    public boolean send(MemorySegment source, long offset, int length, Duration timeout) throws MappingException {
        if (offer(source, offset, length)) {
            return true;
        }
        memory.guarded(() -> space.await(() -> hasRoomFor(length), timeout));
        return offer(source, offset, length);
    }

    private boolean hasRoomFor(int length) {
        long record = MessageRing.recordBytes(length);
        return hasRoom(skippedBefore(record) + record);
    }

    /**
     * A record lies in one piece: what is left of the ring before its beginning is skipped, if it does not fit there.
     */
    private long skippedBefore(long record) {
        long left = mask + 1 - (tail & mask);
        return record > left ? left : 0;
    }

    /**
     * Whether a living process has the other end: some 50 microseconds. Any thread may ask while the memory is open,
     * and the one that this end belongs to until it closes it.
     */
    public boolean isConsumerAlive() {
        return isHeld(MessageRing.AT_CONSUMER);
    }

    /** How many bytes of records the consumer has not acknowledged. */
    public long pendingBytes() {
        enter();
        return Faults.guarded(memory.region(), () -> tail - sharedHead());
    }
}
