package dev.quire.shared;

import dev.quire.error.MappingException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of a {@link MessageRing}, for the one thread that uses it first, until that has ended: methods
 * called by another throw {@link WrongThreadException}, and {@link IllegalStateException} after {@link #close()}.
 * Methods throw {@link dev.quire.error.MemoryFaultException} before they hand out anything if bytes of the ring are
 * lost, because somebody truncated it; memory that is sealed against that, as {@link SharedMemory#anonymous} is on
 * Linux, costs no check.
 */
public final class RingConsumer extends RingEnd {
    private final Waiter space;
    private final Waiter data;
    private Arena arena = Arena.global();
    private MemorySegment readable = MemorySegment.NULL;
    private byte[] scratch = new byte[0];
    private MemorySegment copied = MemorySegment.NULL;
    private long head;
    private byte @Nullable [] received;

    RingConsumer(RingMemory memory, WaitStrategy strategy) {
        super(memory, MessageRing.AT_CONSUMER, MessageRing.CONSUMER);
        this.space = new Waiter(memory, MessageRing.AT_SPACE_WAITER, strategy);
        this.data = new Waiter(memory, MessageRing.AT_DATA_WAITER, strategy);
        this.head = sharedHead();
        memory.requirePosition(head);
        data.enable();
    }

    /** What handlers see is this thread's alone, and goes with the end: a thread that has ended can use it no more. */
    @Override
    void taken() {
        arena = Arena.ofConfined();
        readable = memory.records(arena);
    }

    @Override
    void givenUp() {
        arena.close();
    }

    /**
     * Hands over what is there, up to a number of messages; never waits. All of them are acknowledged together when it
     * returns; if the handler throws, those before; if it closes this end, the message it has is the last.
     *
     * @return how many there were
     * @throws IllegalStateException if the ring is damaged, or a handler of this end calls
     */
    public int poll(MessageRing.Handler handler, int limit) throws MappingException {
        enter();
        if (delivering) {
            throw new IllegalStateException("a handler polls the ring that it is called for: " + memory.text());
        }
        delivering = true;
        try {
            return memory.guarded(() -> deliver(handler, limit));
        } finally {
            delivering = false;
            if (closing) {
                end();
            }
        }
    }

    private int deliver(MessageRing.Handler handler, int limit) throws MappingException {
        long start = head;
        long at = start;
        int count = 0;
        long before = memory.losses();
        try {
            while (count < limit && !closing) {
                long index = at & mask;
                long mark = mark(index);
                if (mark > 0) {
                    deliver(handler, index, mark - 1, before);
                    at += MessageRing.recordBytes((int) mark - 1);
                    count++;
                } else if (mark == 0) {
                    break;
                } else {
                    at += skipped(index, mark, before);
                }
            }
        } finally {
            if (at != start) {
                acknowledge(at);
            }
        }
        memory.requireThere(before);
        return count;
    }

    private void acknowledge(long position) throws MappingException {
        head = position;
        RingMemory.LONG.setRelease(all(), memory.base() + MessageRing.AT_HEAD, position);
        space.wake();
    }

    private long skipped(long index, long mark, long before) {
        if (mark != MessageRing.SKIP || index == 0) {
            throw damaged(mark - 1, index, before);
        }
        memory.requireThere(before);
        return mask + 1 - index;
    }

    private void deliver(MessageRing.Handler handler, long index, long length, long before) {
        long at = index + MessageRing.RECORD_HEADER;
        if (length > maxMessage || at + length > mask + 1) {
            throw damaged(length, index, before);
        }
        if (mayFault) {
            copy(at, (int) length, before);
            handler.onMessage(copied, 0, (int) length);
        } else {
            handler.onMessage(readable, at, (int) length);
        }
    }

    /** Lost bytes, which read as zeros, come first. */
    private IllegalStateException damaged(long length, long index, long before) {
        memory.requireThere(before);
        return memory.damaged(length, index);
    }

    /** Memory that may shrink is copied, so that no lost bytes are handed out. */
    private void copy(long at, int length, long before) {
        if (length > scratch.length) {
            scratch = new byte[(int) Math.min(maxMessage, 2L * length)];
        }
        MemorySegment.copy(readable, ValueLayout.JAVA_BYTE, at, scratch, 0, length);
        memory.requireThere(before);
        if (copied.byteSize() != length) {
            copied = MemorySegment.ofArray(scratch).asSlice(0, length).asReadOnly();
        }
    }

    /** Waits for messages and hands them over; 0 if there was none in that time. */
    public int poll(MessageRing.Handler handler, int limit, Duration timeout) throws MappingException {
        int count = poll(handler, limit);
        return count == 0 && hasMessage(timeout) ? poll(handler, limit) : count;
    }

    private boolean hasMessage(Duration timeout) throws MappingException {
        long before = memory.losses();
        return memory.guarded(() -> {
            boolean has = data.await(() -> mark(head & mask) != 0, timeout);
            memory.requireThere(before);
            return has;
        });
    }

    /**
     * Waits for a message. It is acknowledged when this returns.
     *
     * @return a copy; null if there was none in that time: {@link #isProducerAlive()} may tell why
     */
    public byte @Nullable [] receive(Duration timeout) throws MappingException {
        enter();
        received = null;
        poll(
                (segment, at, length) -> received = segment.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE),
                1,
                timeout);
        return received;
    }

    /**
     * Whether a living process has the other end: some 50 microseconds. Any thread may ask while the memory is open,
     * and the one that this end belongs to until it closes it.
     */
    public boolean isProducerAlive() {
        return isHeld(MessageRing.AT_PRODUCER);
    }
}
