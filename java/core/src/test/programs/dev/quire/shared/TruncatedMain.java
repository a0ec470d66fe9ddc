package dev.quire.shared;

import dev.quire.MapMode;
import dev.quire.Platform;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.internal.Region;
import dev.quire.internal.backing.MapFlags;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/** Named memory is truncated by somebody while it is used: every method ends with the fault, and the process lives. */
final class TruncatedMain {
    private static final int CAPACITY = 1 << 17;
    private static final int ROUNDS = 30;

    private TruncatedMain() {}

    private interface Use {
        void run() throws MappingException;
    }

    /** What is tried on truncated memory, and whether it has to be noticed there and then. */
    private record Try(String what, boolean always, Use use) {
        void run() {
            try {
                use.run();
                if (always) {
                    throw new AssertionError(what + " noticed nothing");
                }
            } catch (MemoryFaultException expected) {
                if (!expected.getMessage().contains("shared memory")) {
                    throw new AssertionError(what, expected);
                }
            } catch (MappingException e) {
                throw new AssertionError(what, e);
            }
        }
    }

    static void main(String name) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            round(name, round % 2 == 0 ? 0 : Platform.pageSize());
        }
    }

    private static void round(String name, long length) throws IOException {
        Duration shortly = Duration.ofMillis(1);
        byte[] message = new byte[512];
        byte[] value = new byte[8192];
        try (SharedMemory memory = SharedMemory.create(name, MessageRing.byteSize(CAPACITY));
                SharedMemory other = SharedMemory.create(name + "-words", SequenceLock.HEADER_BYTES + value.length)) {
            RingProducer producer = MessageRing.producer(memory.bytes(), WaitStrategy.FUTEX);
            RingConsumer consumer = MessageRing.consumer(memory.bytes(), WaitStrategy.FUTEX);
            SequenceLock lock = new SequenceLock(other.bytes(), WaitStrategy.PARK);
            while (producer.offer(message)) {
                lock.write(value);
                lock.read(value, shortly);
            }
            consumer.poll((segment, at, size) -> {}, 3);
            Region begun = Region.ofSegment(Creation.subject(name), Creation.systemName(name), MapFlags.READ_ONLY);
            truncate(name, length);
            truncate(name + "-words", 0);
            boolean gone = length == 0;
            Try[] tries = {
                new Try("poll", true, () -> consumer.poll((segment, at, size) -> {}, 1000)),
                new Try("poll with timeout", true, () -> consumer.poll((segment, at, size) -> {}, 1000, shortly)),
                new Try("receive", true, () -> consumer.receive(shortly)),
                new Try("offer", gone, () -> producer.offer(message)),
                new Try("send", gone, () -> producer.send(message, shortly)),
                new Try("pending", gone, producer::pendingBytes),
                new Try("alive", gone, producer::isConsumerAlive),
                new Try("claim", gone, () -> taken(memory)),
                new Try("write", true, () -> lock.write(value)),
                new Try("read", true, () -> lock.read(value, shortly)),
                new Try("close the producer", gone, producer::close),
                new Try("close the consumer", gone, consumer::close)
            };
            for (Try each : tries) {
                each.run();
            }
            listed(begun, gone);
            refuse(name, gone);
        } finally {
            SharedMemory.unlink(name);
            SharedMemory.unlink(name + "-words");
        }
    }

    /** As a list has it that opened the memory before. */
    private static void listed(Region begun, boolean gone) {
        Segments.Segment found = Segments.inside(begun, "x", Instant.now());
        if (found.header().isPresent() == gone || found.creator().isPresent() == gone) {
            throw new AssertionError(found);
        }
        begun.close();
    }

    private static void taken(SharedMemory memory) throws MappingException {
        try {
            MessageRing.consumer(memory.bytes(), WaitStrategy.PARK);
        } catch (MappingException busy) {
            if (memory.region().isClosed()) {
                throw busy;
            }
        }
    }

    /** Who comes now is told that it is not complete, or not as long as it says. */
    private static void refuse(String name, boolean gone) {
        try {
            SharedMemory.open(name, MapMode.READ_WRITE, Duration.ofMillis(2)).close();
            throw new AssertionError("opened");
        } catch (MappingException e) {
            String expected = gone ? "TIMED_OUT" : "NOT_MAPPABLE";
            if (!e.code().name().equals(expected)) {
                throw new AssertionError(e);
            }
        }
    }

    private static void truncate(String name, long length) throws IOException {
        Path file = Path.of("/dev/shm", Creation.systemName(name));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }
}
