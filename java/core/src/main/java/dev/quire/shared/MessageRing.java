package dev.quire.shared;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.internal.Refusals;
import dev.quire.slice.LongSlice;
import java.lang.foreign.MemorySegment;

/**
 * Messages of any length from one process to another, in order, through shared memory without a system call a message.
 *
 * {@snippet :
 * SharedMemory memory = SharedMemory.create("orders", MessageRing.byteSize(1 << 20));
 * try (RingProducer producer = MessageRing.producer(memory, WaitStrategy.FUTEX)) {
 *     producer.send(message, Duration.ofSeconds(1));
 * }
 * // elsewhere
 * try (RingConsumer consumer = MessageRing.consumer(memory, WaitStrategy.FUTEX)) {
 *     byte[] message = consumer.receive(Duration.ofSeconds(1));
 * }
 * }
 *
 * <p>A message is there as a whole or not at all: its length is written last. Sending to a full ring waits or answers
 * false. A message counts as received when the consumer has come back for more, or its handler has returned and the batch
 * has ended: if the consumer dies before, the next one gets it again. What a producer sent before it died is received.
 * One process at a time may have each end; the ends of dead ones are taken over.
 *
 * <p>In memory, one cache line pair each: the ends' processes; the words to sleep on; the producer's position; the
 * consumer's; behind them the ring. A record is a 64-bit number, its length + 1, or -1 for "go on at the beginning", and the
 * message, rounded up to 8 bytes. Behind the last record stands a 0.
 */
public final class MessageRing {
    static final int AT_PRODUCER = 0;
    static final int AT_CONSUMER = 8;
    static final int AT_DATA_WAITER = 128;
    static final int AT_SPACE_WAITER = 256;
    static final int AT_TAIL = 384;
    static final int AT_HEAD = 512;
    static final int HEADER_BYTES = 640;

    /** Before each message. */
    static final int RECORD_HEADER = 8;

    static final int SKIP = -1;

    private static final int LEAST_CAPACITY = 1024;

    private MessageRing() {}

    /** Who gets messages. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Called for each message, which is at an offset of a read-only segment and valid until it returns. If it throws,
         * the message counts as not received.
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
            throw new IllegalArgumentException("capacity " + capacity + " is no power of two from 1024 on");
        }
        return HEADER_BYTES + (long) capacity;
    }

    /** The sending end, for one thread. Takes over from a producer that died. */
    public static RingProducer producer(SharedMemory memory, WaitStrategy strategy) throws MappingException {
        claim(memory, AT_PRODUCER, "the producer");
        return new RingProducer(memory, capacity(memory), strategy);
    }

    /** The receiving end, for one thread. Takes over from a consumer that died. */
    public static RingConsumer consumer(SharedMemory memory, WaitStrategy strategy) throws MappingException {
        claim(memory, AT_CONSUMER, "the consumer");
        return new RingConsumer(memory, capacity(memory), strategy);
    }

    private static int capacity(SharedMemory memory) {
        long capacity = memory.bytes().length() - HEADER_BYTES;
        if (capacity > 1 << 30 || memory.bytes().length() != byteSize((int) Math.max(0, capacity))) {
            throw new IllegalArgumentException(memory.bytes().length() + " bytes are no ring; see byteSize");
        }
        return (int) capacity;
    }

    private static LongSlice words(SharedMemory memory) {
        capacity(memory);
        return memory.bytes().slice(0, HEADER_BYTES).longs();
    }

    private static void claim(SharedMemory memory, int at, String end) throws MappingException {
        LongSlice words = words(memory);
        long mine = ProcessIdentity.current().word();
        for (; ; ) {
            long other = words.getAcquire(at / 8);
            ProcessIdentity holder = ProcessIdentity.ofWord(other);
            if (other != 0 && holder.isAlive()) {
                String sentence = "process " + holder.pid() + " is " + end + " of this ring";
                throw Refusals.own("attach to", memory.region().subject(), ErrorCode.FILE_BUSY, sentence);
            }
            if (words.compareAndSet(at / 8, other, mine)) {
                return;
            }
        }
    }

    static void release(SharedMemory memory, int at) {
        words(memory).compareAndSet(at / 8, ProcessIdentity.current().word(), 0);
    }

    /** Whether some living process has an end. */
    static boolean isHeld(SharedMemory memory, int at) {
        return ProcessIdentity.ofWord(words(memory).getAcquire(at / 8)).isAlive();
    }

    static long recordBytes(int length) {
        return RECORD_HEADER + (length + 7L & ~7L);
    }
}
