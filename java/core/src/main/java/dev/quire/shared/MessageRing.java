package dev.quire.shared;

import dev.quire.error.MappingException;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.MemorySegment;

/**
 * Messages of any length from one process to another, in order, through shared memory without a system call a message.
 *
 * {@snippet :
 * // one process
 * try (SharedMemory memory = SharedMemory.create("orders", MessageRing.byteSize(1 << 20));
 *         RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.FUTEX)) {
 *     producer.send(message, Duration.ofSeconds(1));
 * }
 * // another one; both ends write
 * try (SharedMemory memory = SharedMemory.open("orders", MapMode.READ_WRITE, Duration.ofSeconds(1));
 *         RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.FUTEX)) {
 *     byte[] message = consumer.receive(Duration.ofSeconds(1));
 * }
 * SharedMemory.unlink("orders"); // the name stays until then
 * }
 *
 * <p>A message is there as a whole or not at all: its length is written last. Sending to a full ring waits or answers
 * false. A message counts as received when the consumer has come back for more, or its handler has returned and the
 * batch has ended: if the consumer dies before, the next one gets it again. What a producer sent before it died is
 * received. Each end belongs to one process at a time; the ends of dead ones are taken over. Both processes have to see
 * each other: one in another container, whose processes have numbers of their own, looks dead, and its end is taken
 * over while it lives.
 *
 * <p>A producer may write a message in place: {@link RingProducer#claim} gives it room, {@link RingProducer#commit}
 * sends it, {@link RingProducer#abort} gives the room back.
 *
 * <p>In its process an end belongs to one thread: the first that calls it, which need not be the one that made it.
 * Calls of others throw {@link WrongThreadException}, closing included, until that thread has ended; then the next one
 * that calls has it. To pass an end on, close it and make another. An end keeps the memory mapped, where it is and
 * writable until it is closed: the memory may be closed before, which then takes effect with the last end's close;
 * until then what would move it or make it read-only gives up. An end that is never closed keeps the memory for good.
 *
 * <p>In memory, one cache line pair each: the ends' processes; the words to sleep on; the consumer's position;
 * behind them the ring. A record is a 64-bit number, its length + 1, or -1 for "go on at the beginning", and the
 * message, rounded up to 8 bytes. Behind the last record stands a 0.
 */
public final class MessageRing {
    static final int AT_PRODUCER = 0;
    static final int AT_CONSUMER = 8;
    static final int AT_DATA_WAITER = 128;
    static final int AT_SPACE_WAITER = 256;
    static final int AT_HEAD = 384;
    static final int HEADER_BYTES = 512;

    /** Before each message. */
    static final int RECORD_HEADER = 8;

    static final int SKIP = -1;

    static final String PRODUCER = "the producer";
    static final String CONSUMER = "the consumer";

    private static final int LEAST_CAPACITY = 1024;

    private MessageRing() {}

    /** Who gets messages. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Called for each message, which is at an offset of a read-only segment and valid, in this thread, until it
         * returns. If it throws, the message counts as not received. It may close the consumer, but not poll it.
         */
        void onMessage(MemorySegment segment, long offset, int length);
    }

    /**
     * How much shared memory a ring takes.
     *
     * @param capacity of the ring, a power of two, at least 1,024; a message may have a quarter of it
     */
    public static long byteSize(int capacity) {
        if (capacity < LEAST_CAPACITY || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is not a power of two of at least 1024");
        }
        return HEADER_BYTES + (long) capacity;
    }

    /**
     * The sending end. Takes over from a producer that died.
     *
     * @param memory {@link #byteSize} bytes that both sides map, zeroes at first, beginning at a multiple of 8 in
     *     memory
     * @throws dev.quire.error.FileRefusedException with {@code FILE_BUSY} if a living process has that end
     * @throws dev.quire.error.ReadOnlyMemoryException if the memory may not be written
     * @throws IllegalArgumentException if the memory has no such size, or is mapped
     *     {@link dev.quire.MapMode#COPY_ON_WRITE}: nobody else would see what is sent
     * @throws IllegalStateException if the memory is closed, or the ring is damaged
     */
    public static RingProducer producer(ByteSlice memory, WaitStrategy strategy) throws MappingException {
        RingMemory leased = RingMemory.leased(memory, AT_PRODUCER, PRODUCER);
        return RingEnd.made(leased, AT_PRODUCER, () -> new RingProducer(leased, strategy));
    }

    /** The receiving end. Takes over from a consumer that died. Errors as for {@link #producer}. */
    public static RingConsumer consumer(ByteSlice memory, WaitStrategy strategy) throws MappingException {
        RingMemory leased = RingMemory.leased(memory, AT_CONSUMER, CONSUMER);
        return RingEnd.made(leased, AT_CONSUMER, () -> new RingConsumer(leased, strategy));
    }

    static int capacity(ByteSlice memory) {
        long capacity = memory.length() - HEADER_BYTES;
        if (capacity > 1 << 30 || memory.length() != byteSize((int) Math.max(0, capacity))) {
            throw new IllegalArgumentException(memory.length() + " bytes are no ring; see byteSize");
        }
        return (int) capacity;
    }

    static long recordBytes(int length) {
        return RECORD_HEADER + (length + 7L & ~7L);
    }
}
