package dev.quire.shared;

import dev.quire.MapMode;
import dev.quire.error.MappingException;
import dev.quire.slice.LongSlice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;

/**
 * One end of a ring in a process that will be killed. What it has done stands in words beside the ring. A message
 * begins with its stamp: its number, and which producer sent it, counted from 1.
 */
final class EndsMain {
    /** The number of the last message that was sent, and how many producers have begun. */
    static final int SENT = 0;

    static final int PRODUCERS = 1;

    /** The stamp of the last message that was handed over, and of the last that was acknowledged. */
    static final int RECEIVED = 2;

    static final int ACKNOWLEDGED = 3;
    static final int STOP = 4;
    static final int WORDS = 5;

    private static final int SEQUENCE = 3;
    private static final int TORN = 4;
    private static final int NUMBER_BITS = 40;

    private EndsMain() {}

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] args) throws Exception {
        SharedMemory memory = args[1].contains("-")
                ? SharedMemory.attach(args[1], MapMode.READ_WRITE, SharedMain.PATIENCE)
                : SharedMemory.open(args[1], MapMode.READ_WRITE, SharedMain.PATIENCE);
        LongSlice words = SharedMemory.open(args[2], MapMode.READ_WRITE, SharedMain.PATIENCE)
                .bytes()
                .longs();
        if (args[0].equals("produce")) {
            produce(memory, words);
        } else {
            System.exit(new Receiving(words).consume(memory));
        }
    }

    static long number(long stamp) {
        return stamp & (1L << NUMBER_BITS) - 1;
    }

    private static long producer(long stamp) {
        return stamp >>> NUMBER_BITS;
    }

    private static byte[] message(long stamp) {
        byte[] message = SharedMain.message(number(stamp));
        MemorySegment.ofArray(message).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, stamp);
        return message;
    }

    private static void produce(SharedMemory memory, LongSlice words) throws MappingException {
        try (RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.FUTEX)) {
            long mine = words.getAndAdd(PRODUCERS, 1) + 1 << NUMBER_BITS;
            while (words.getAcquire(STOP) == 0) {
                long next = words.getAcquire(SENT) + 1;
                if (producer.send(message(mine | next), Duration.ofMillis(100))) {
                    words.setRelease(SENT, next);
                }
            }
        }
    }

    private static final class Receiving {
        private final LongSlice words;
        private long last;
        private boolean isFirst = true;
        private int fault;

        Receiving(LongSlice words) {
            this.words = words;
        }

        int consume(SharedMemory memory) throws MappingException {
            try (RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.FUTEX)) {
                while (fault == 0) {
                    if (consumer.poll(this::handle, 16, Duration.ofMillis(100)) != 0) {
                        words.setRelease(ACKNOWLEDGED, last);
                    } else if (words.getAcquire(STOP) == 2) {
                        return 0;
                    }
                }
                return fault;
            }
        }

        private void handle(MemorySegment segment, long at, int length) {
            byte[] message = segment.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
            long stamp = MemorySegment.ofArray(message).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
            if (!Arrays.equals(message, message(stamp))) {
                fault = TORN;
            } else if (!isNext(stamp)) {
                System.out.println("after " + last + " or " + words.get(ACKNOWLEDGED) + " came " + stamp);
                fault = SEQUENCE;
            }
            isFirst = false;
            last = stamp;
            words.setRelease(RECEIVED, stamp);
        }

        /** A batch that the last consumer had in hand comes again as a whole, or not at all if it was acknowledged. */
        private boolean isNext(long stamp) {
            return isFirst
                    ? follows(words.getAcquire(ACKNOWLEDGED), stamp) || follows(words.getAcquire(RECEIVED), stamp)
                    : follows(last, stamp);
        }

        /** A producer that was killed may have sent what it did not note: the next one sends it again, at once. */
        private static boolean follows(long before, long stamp) {
            return number(stamp) == number(before) + 1
                    ? producer(stamp) >= producer(before)
                    : number(stamp) == number(before) && producer(stamp) > producer(before);
        }
    }
}
