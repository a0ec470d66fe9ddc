package dev.quire.shared;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.internal.Faults;
import dev.quire.internal.MapFlags;
import dev.quire.internal.Refusals;
import dev.quire.internal.Region;
import dev.quire.internal.SharedCalls;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.LongSlice;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * Messages of any length from one process to another, in order, through shared memory without a system call a message.
 *
 * {@snippet :
 * SharedMemory memory = SharedMemory.create("orders", MessageRing.byteSize(1 << 20));
 * try (RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.FUTEX)) {
 *     producer.send(message, Duration.ofSeconds(1));
 * }
 * // elsewhere
 * try (RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.FUTEX)) {
 *     byte[] message = consumer.receive(Duration.ofSeconds(1));
 * }
 * }
 *
 * <p>A message is there as a whole or not at all: its length is written last. Sending to a full ring waits or answers
 * false. A message counts as received when the consumer has come back for more, or its handler has returned and the batch
 * has ended: if the consumer dies before, the next one gets it again. What a producer sent before it died is received.
 * One process at a time may have each end; the ends of dead ones are taken over.
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

    /**
     * The sending end, for one thread. Takes over from a producer that died.
     *
     * @param memory {@link #byteSize} bytes that both sides map, zeroes at first, beginning at a multiple of 8 in memory
     * @throws dev.quire.error.FileRefusedException with {@code FILE_BUSY} if a living process has that end
     */
    public static RingProducer producer(ByteSlice memory, WaitStrategy strategy) throws MappingException {
        int capacity = capacity(memory);
        boolean mayFault = mayFault(memory.region());
        claim(memory, AT_PRODUCER, "the producer");
        return made(memory, AT_PRODUCER, () -> new RingProducer(memory, capacity, mayFault, strategy));
    }

    /** The receiving end, for one thread. Takes over from a consumer that died. Errors as for {@link #producer}. */
    public static RingConsumer consumer(ByteSlice memory, WaitStrategy strategy) throws MappingException {
        int capacity = capacity(memory);
        boolean mayFault = mayFault(memory.region());
        claim(memory, AT_CONSUMER, "the consumer");
        return made(memory, AT_CONSUMER, () -> new RingConsumer(memory, capacity, mayFault, strategy));
    }

    /** What cannot be made gives its end back. */
    private static <T> T made(ByteSlice memory, int at, Supplier<T> maker) {
        try {
            return Faults.guarded(memory.region(), maker);
        } catch (RuntimeException e) {
            release(memory, at);
            throw e;
        }
    }

    /** Memory is there for good if it has no file that could be truncated, and is sealed where other processes have it. */
    private static boolean mayFault(Region region) throws MappingException {
        return switch (region.extent().kind()) {
            case MapFlags.KIND_ANONYMOUS_PRIVATE -> false;
            case MapFlags.KIND_ANONYMOUS_SHARED -> (SharedCalls.seals(region) & Seal.SHRINK.bit) == 0;
            default -> true;
        };
    }

    private static int capacity(ByteSlice memory) {
        long capacity = memory.length() - HEADER_BYTES;
        if (capacity > 1 << 30 || memory.length() != byteSize((int) Math.max(0, capacity))) {
            throw new IllegalArgumentException(memory.length() + " bytes are no ring; see byteSize");
        }
        return (int) capacity;
    }

    private static LongSlice words(ByteSlice memory) {
        return memory.slice(0, HEADER_BYTES).longs();
    }

    private static void claim(ByteSlice memory, int at, String end) throws MappingException {
        LongSlice words = words(memory);
        long mine = ProcessIdentity.current().word();
        for (; ; ) {
            long other = Faults.guarded(memory.region(), () -> words.getAcquire(at / 8));
            ProcessIdentity holder = ProcessIdentity.ofWord(other);
            if (other != 0 && holder.isAlive()) {
                String sentence = "process " + holder.pid() + " is " + end + " of this ring";
                throw Refusals.own("attach to", memory.region().subject(), ErrorCode.FILE_BUSY, sentence);
            }
            if (Faults.guarded(memory.region(), () -> words.compareAndSet(at / 8, other, mine))) {
                return;
            }
        }
    }

    static void release(ByteSlice memory, int at) {
        long mine = ProcessIdentity.current().word();
        Faults.guarded(memory.region(), () -> words(memory).compareAndSet(at / 8, mine, 0));
    }

    /** Whether some living process has an end. */
    static boolean isHeld(ByteSlice memory, int at) {
        long word = Faults.guarded(memory.region(), () -> words(memory).getAcquire(at / 8));
        return ProcessIdentity.ofWord(word).isAlive();
    }

    static IllegalStateException damaged(ByteSlice memory, long length, long index) {
        return new IllegalStateException("the ring in "
                + memory.region().subject().text() + " is damaged: a message of " + length + " bytes at " + index);
    }

    static long recordBytes(int length) {
        return RECORD_HEADER + (length + 7L & ~7L);
    }
}
