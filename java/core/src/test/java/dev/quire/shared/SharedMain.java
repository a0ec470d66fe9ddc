package dev.quire.shared;

import dev.quire.MapMode;
import dev.quire.error.MappingException;
import dev.quire.internal.SharedCalls;
import dev.quire.slice.LongSlice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;

/** The other process of the tests. */
final class SharedMain {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Of the words beside a ring. */
    static final int SENT = 0;

    static final int RECEIVED = 1;
    static final int STOP = 2;

    private static final int GAP = 3;
    private static final int TORN = 4;

    private SharedMain() {}

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] args) throws Exception {
        String name = args[1];
        switch (args[0]) {
            case "answer" -> answer(SharedMemory.open(name, MapMode.READ_WRITE, PATIENCE));
            case "answer-handle" -> answer(SharedMemory.attach(name, MapMode.READ_WRITE, PATIENCE));
            case "count" -> count(name, Long.parseLong(args[2]));
            case "die-empty" -> {
                SharedCalls.create(Creation.subject(name), Creation.systemName(name), 4096);
                Runtime.getRuntime().halt(9);
            }
            case "die-complete" -> {
                SharedMemory.create(name, 100);
                Runtime.getRuntime().halt(9);
            }
            case "die-kept" -> {
                SharedMemory.create(name, 100).keep();
                Runtime.getRuntime().halt(9);
            }
            case "limit" -> limit(name, Long.parseLong(args[2]));
            case "produce" -> produce(name);
            case "consume" -> System.exit(consume(name));
            case "truncate" -> TruncatedMain.main(name);
            case "record" -> record(name, Integer.parseInt(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Sees 42 in the first element, and lets the other see 7 in the second. */
    private static void answer(SharedMemory memory) {
        LongSlice words = memory.bytes().longs();
        while (words.getAcquire(0) != 42) {
            Thread.onSpinWait();
        }
        words.setRelease(1, 7);
        memory.close();
    }

    private static void count(String name, long times) throws MappingException {
        try (SharedMemory memory = SharedMemory.open(name, MapMode.READ_WRITE, PATIENCE)) {
            LongSlice words = memory.bytes().longs();
            for (long i = 0; i < times; i++) {
                words.getAndAdd(0, 1);
            }
        }
    }

    private static void limit(String name, long bytes) {
        try (SharedMemory memory = SharedMemory.create(name, bytes)) {
            System.out.println("created " + memory.bytes().length());
        } catch (MappingException e) {
            System.out.println(e.code());
        }
    }

    /** Message n: n, then n % 600 bytes that follow from it. */
    static byte[] message(long number) {
        byte[] message = new byte[8 + (int) (number % 600)];
        Arrays.fill(message, (byte) (number * 31));
        MemorySegment.ofArray(message).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
        return message;
    }

    private static void produce(String name) throws MappingException {
        SharedMemory memory = SharedMemory.open(name, MapMode.READ_WRITE, PATIENCE);
        SharedMemory beside = SharedMemory.open(name + "-words", MapMode.READ_WRITE, PATIENCE);
        LongSlice words = beside.bytes().longs();
        try (RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.FUTEX)) {
            while (words.getAcquire(STOP) == 0) {
                long next = words.getAcquire(SENT) + 1;
                if (producer.send(message(next), Duration.ofMillis(100))) {
                    words.setRelease(SENT, next);
                }
            }
        }
    }

    /** Every number comes, in order; again only what was not acknowledged when the last consumer or producer died. */
    private static int consume(String name) throws MappingException {
        SharedMemory memory = SharedMemory.open(name, MapMode.READ_WRITE, PATIENCE);
        SharedMemory beside = SharedMemory.open(name + "-words", MapMode.READ_WRITE, PATIENCE);
        LongSlice words = beside.bytes().longs();
        int[] fault = new int[1];
        MessageRing.Handler check = (segment, at, length) -> {
            byte[] message = segment.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
            long number = MemorySegment.ofArray(message).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
            long received = words.getAcquire(RECEIVED);
            if (!Arrays.equals(message, message(number))) {
                fault[0] = TORN;
            } else if (number > received + 1) {
                fault[0] = GAP;
            }
            words.setRelease(RECEIVED, Math.max(number, received));
        };
        try (RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.FUTEX)) {
            while (fault[0] == 0) {
                if (consumer.poll(check, 16, Duration.ofMillis(100)) == 0 && words.getAcquire(STOP) == 2) {
                    return 0;
                }
            }
            return fault[0];
        }
    }

    /** Writes records whose bytes are all alike. */
    private static void record(String name, int rounds) throws MappingException {
        try (SharedMemory memory = SharedMemory.open(name, MapMode.READ_WRITE, PATIENCE)) {
            SequenceLock lock = new SequenceLock(memory.bytes(), WaitStrategy.PARK);
            byte[] value = new byte[lock.recordBytes()];
            for (int i = 0; i < rounds; i++) {
                Arrays.fill(value, (byte) i);
                lock.write(value);
            }
        }
    }
}
