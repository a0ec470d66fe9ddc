package dev.quire.shared;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.slice.LongSlice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** What could kill a JVM that uses a ring, in a JVM of its own. */
final class RingMain {
    private static final int CAPACITY = 1024;
    private static final int HEAD = MessageRing.AT_HEAD / 8;
    private static final int RECORDS = MessageRing.HEADER_BYTES / 8;
    private static final int LONGEST = CAPACITY / 4;
    private static final long[] MARKS = {
        1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -2, LONGEST + 2, Integer.MAX_VALUE, 1L << 32, MessageRing.SKIP
    };

    private RingMain() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "damage" -> {
                marks();
                positions();
                garbage();
            }
            case "source" -> source(Path.of(args[1]));
            default -> closing();
        }
    }

    private interface Call {
        void run() throws MappingException;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static void damaged(Call call) throws MappingException {
        try {
            call.run();
        } catch (IllegalStateException e) {
            check(e.getMessage().contains("is damaged"), e.toString());
            return;
        }
        throw new AssertionError("not noticed");
    }

    private static int poll(RingConsumer consumer, long[] bytes) throws MappingException {
        return consumer.poll(
                (segment, at, length) -> {
                    check(length >= 0 && length <= LONGEST, "length " + length);
                    bytes[0] += length == 0 ? 0 : segment.get(ValueLayout.JAVA_BYTE, at + length - 1);
                },
                8);
    }

    /** A mark that no producer writes, at the beginning, and one that is too long where it stands. */
    private static void marks() throws MappingException {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(CAPACITY))) {
            LongSlice words = memory.bytes().longs();
            for (long mark : MARKS) {
                mark(memory, words, 0, mark);
            }
            mark(memory, words, CAPACITY - 16, 10);
            mark(memory, words, CAPACITY - 8, 2);
        }
    }

    private static void mark(SharedMemory memory, LongSlice words, int index, long mark) throws MappingException {
        words.set(HEAD, index);
        try (RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN)) {
            words.set(RECORDS + index / 8, mark);
            damaged(() -> poll(consumer, new long[1]));
        }
        if (mark != MessageRing.SKIP) {
            damaged(() -> MessageRing.producer(memory.bytes(), WaitStrategy.SPIN));
        }
        words.set(RECORDS + index / 8, 0);
        MessageRing.producer(memory.bytes(), WaitStrategy.SPIN).close();
    }

    private static void positions() throws MappingException {
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(CAPACITY))) {
            for (long head : new long[] {3, -8, Long.MIN_VALUE, Long.MAX_VALUE}) {
                memory.bytes().longs().set(HEAD, head);
                damaged(() -> MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN));
                damaged(() -> MessageRing.producer(memory.bytes(), WaitStrategy.SPIN));
            }
        }
    }

    /** Somebody writes anything anywhere while the ends are at work. */
    private static void garbage() throws Exception {
        int[] noticed = new int[1];
        long[] bytes = new long[1];
        long received = 0;
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(CAPACITY))) {
            Thread vandal = vandal(memory.bytes().longs());
            for (int round = 0; round < 300; round++) {
                received += round(memory, noticed, bytes);
            }
            vandal.interrupt();
            vandal.join();
        }
        check(noticed[0] > 0 && received > 0, noticed[0] + " noticed, " + received + " received");
    }

    private static long round(SharedMemory memory, int[] noticed, long[] bytes) throws MappingException {
        byte[] message = new byte[LONGEST];
        long received = 0;
        memory.bytes().longs().set(HEAD, 0);
        memory.bytes().longs().set(RECORDS, 0);
        try (RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.SPIN);
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN)) {
            for (int i = 0; i < 10_000; i++) {
                producer.offer(MemorySegment.ofArray(message), 0, i % message.length);
                received += poll(consumer, bytes);
            }
        } catch (IllegalStateException damaged) {
            check(damaged.getMessage().contains("is damaged"), damaged.toString());
            noticed[0]++;
        }
        return received;
    }

    /** Everywhere but in the words that say whose the ends are. */
    private static Thread vandal(LongSlice words) {
        Random random = new Random(7);
        return Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                long mark = MARKS[random.nextInt(MARKS.length)];
                long value = random.nextInt(4) == 0 ? mark : random.nextInt(LONGEST + 20);
                words.setOpaque(MessageRing.AT_DATA_WAITER / 8 + random.nextInt((int) words.length() - 16), value);
                for (int i = random.nextInt(2000); i > 0; i--) {
                    Thread.onSpinWait();
                }
            }
        });
    }

    /** The ring cannot fault: what is sent does, and what a handler reads. */
    private static void source(Path path) throws Exception {
        Files.write(path, new byte[1 << 16]);
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(CAPACITY));
                Mapping mapping = Mapping.open(path, MapMode.READ_ONLY);
                RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.SPIN);
                RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.SPIN)) {
            check(producer.offer(new byte[8]), "full");
            MemorySegment source = mapping.bytes().segment();
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
            for (int i = 0; i < 20_000; i++) {
                blamed(() -> producer.offer(source, 1 << 15, 100));
            }
            blamed(() -> consumer.poll(
                    (segment, at, length) -> {
                        check(source.get(ValueLayout.JAVA_BYTE, 1 << 15) == 0, "garbage");
                        mapping.guarded(() -> {});
                    },
                    1));
            check(
                    consumer.poll((segment, at, length) -> check(length == 8, "message"), 8) == 1,
                    "a message of a fault");
        }
    }

    private static void blamed(Call call) throws MappingException {
        try {
            call.run();
        } catch (MemoryFaultException e) {
            check(!e.getMessage().contains("anonymous shared memory"), e.toString());
            return;
        }
        throw new AssertionError("not noticed");
    }

    /** Another thread closes the memory, and tries to close the ends, while messages go through. */
    private static void closing() throws Exception {
        Random random = new Random(3);
        long sent = 0;
        for (int round = 0; round < 100; round++) {
            SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(1 << 16));
            RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.FUTEX);
            RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.FUTEX);
            check(producer.offer(new byte[8]) && consumer.poll((segment, at, length) -> {}, 1) == 1, "used");
            CountDownLatch closed = new CountDownLatch(1);
            int delay = random.nextInt(1000);
            Thread closer = Thread.ofPlatform().start(() -> {
                sleep(delay);
                memory.close();
                refused(producer::close);
                refused(consumer::close);
                closed.countDown();
            });
            for (int after = 0; after < 10_000; after += closed.getCount() == 0 ? 1 : 0) {
                send(producer, consumer, sent++);
            }
            producer.close();
            consumer.close();
            closer.join();
            check(memory.region().isClosed(), "open");
        }
        check(sent > 1_000_000, sent + " sent");
    }

    private static void sleep(int micros) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < micros * 1000L) {
            Thread.onSpinWait();
        }
    }

    private static void refused(Runnable close) {
        try {
            close.run();
        } catch (WrongThreadException expected) {
            return;
        }
        Runtime.getRuntime().halt(7);
    }

    private static void send(RingProducer producer, RingConsumer consumer, long number) throws MappingException {
        byte[] message = SharedMain.message(number);
        check(producer.offer(message), "full");
        int count = consumer.poll(
                (segment, at, length) -> check(
                        length == message.length && segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at) == number, "torn"),
                1);
        check(count == 1, "received " + count);
    }
}
