package dev.quire.shared;

import dev.quire.error.MappingException;
import dev.quire.internal.Faults;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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

    private static final int NONE = -1;

    /** Of this thread, for messages that are written in place. */
    private Arena arena = Arena.global();

    private MemorySegment records = MemorySegment.NULL;

    /** The length that was asked for, or {@link #NONE}. */
    private int claimed = NONE;

    /** Bytes before the end of the ring that the claimed record does not fit into. */
    private long claimSkips;

    private long claimLosses;

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

    @Override
    void taken() {
        arena = Arena.ofConfined();
        records = memory.room(arena);
        claimed = NONE; // of a thread that has ended
    }

    @Override
    void givenUp() {
        arena.close();
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
     * @throws IllegalStateException if a message is claimed
     */
    public boolean offer(MemorySegment source, long offset, int length) throws MappingException {
        enter();
        requireUnclaimed();
        requireSendable(length);
        long before = memory.losses();
        return memory.guarded(() -> {
            boolean sent = append(source, offset, length, before);
            memory.requireThere(before);
            return sent;
        });
    }

    private void requireUnclaimed() {
        if (claimed != NONE) {
            throw new IllegalStateException(
                    "a message is claimed in the ring in " + memory.text() + ": commit or abort it first");
        }
    }

    /**
     * Room for a message that is written in place, if there is some; never waits. Nobody sees the message before
     * {@link #commit}; if this process dies, it never was. There is one claim at a time.
     *
     * @param length the most that it may have
     * @return for this thread, until commit or abort; what stands in it is what the ring was last used for. Null if the
     *     consumer has to catch up first
     * @throws IllegalArgumentException if it is longer than {@link #maxMessageBytes()}
     * @throws IllegalStateException if a message is claimed already
     */
    public @Nullable MemorySegment claim(int length) throws MappingException {
        enter();
        requireUnclaimed();
        requireSendable(length);
        long before = memory.losses();
        long record = MessageRing.recordBytes(length);
        long skips = skippedBefore(record);
        boolean hasRoom = memory.guarded(() -> {
            boolean has = hasRoom(skips + record);
            memory.requireThere(before);
            return has;
        });
        return hasRoom ? claimed(length, skips, before) : null;
    }

    private MemorySegment claimed(int length, long skips, long before) {
        claimed = length;
        claimSkips = skips;
        claimLosses = before;
        return records.asSlice((tail + skips & mask) + MessageRing.RECORD_HEADER, length);
    }

    /**
     * Room for a message that is written in place, waiting for it.
     *
     * @return as from {@link #claim(int)}; null if there was none in that time
     */
    public @Nullable MemorySegment claim(int length, Duration timeout) throws MappingException {
        MemorySegment room = claim(length);
        if (room == null) {
            memory.guarded(() -> space.await(() -> hasRoomFor(length), timeout));
            room = claim(length);
        }
        return room;
    }

    /**
     * Sends the message that was claimed. Its segment is the ring's from now on: a store to it changes what the
     * consumer reads.
     *
     * @param length what the message has; no more than was claimed
     * @throws IllegalStateException if none is claimed
     * @throws dev.quire.error.MemoryFaultException if bytes of the ring are lost: nothing is sent, and it stays claimed
     */
    public void commit(int length) throws MappingException {
        enter();
        requireClaimed();
        if (length < 0 || length > claimed) {
            throw new IllegalArgumentException("a message of " + length + " bytes; " + claimed + " are claimed");
        }
        memory.guarded(() -> {
            long index = tail + claimSkips & mask;
            long record = MessageRing.recordBytes(length);
            RingMemory.LONG.set(all(), ring + (index + record & mask), 0L);
            memory.requireThere(claimLosses);
            claimed = NONE;
            if (claimSkips == 0) {
                publish(index, length + 1L, record);
            } else {
                publishAround(length, claimSkips + record);
            }
            return this;
        });
    }

    private void requireClaimed() {
        if (claimed == NONE) {
            throw new IllegalStateException("no message is claimed in the ring in " + memory.text());
        }
    }

    /**
     * Gives the room back; the message never was. {@link #close()} does so too.
     *
     * @throws IllegalStateException if no message is claimed
     */
    public void abort() {
        enter();
        requireClaimed();
        claimed = NONE;
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
        publishAround(length, skipped + record);
        return true;
    }

    /** The message stands at the beginning of the ring, and its jump is told last. */
    private void publishAround(int length, long bytes) throws MappingException {
        RingMemory.LONG.set(all(), ring, length + 1L);
        publish(tail & mask, MessageRing.SKIP, bytes);
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
