package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.shared.MessageRing;
import dev.quire.shared.RingConsumer;
import dev.quire.shared.RingProducer;
import dev.quire.shared.SharedMemory;
import dev.quire.shared.WaitStrategy;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * One way for messages from one process to another. Each message begins with a 64-bit stamp; waiting is spinning for
 * all.
 */
interface MessageLink {
    /** Of each ring, in bytes. */
    int CAPACITY = 1 << 20;

    /** The sending end. */
    interface Sender extends MessageLink {
        /** Sends a message whose first 8 bytes are the stamp. */
        void send(long stamp) throws IOException;

        /** Makes what was sent visible; the rings need nothing. */
        default void flush() throws IOException {}
    }

    /** The receiving end. */
    interface Receiver extends MessageLink {
        /** Hands over the stamps of what is there, up to so many; how many there were. */
        int receive(int limit) throws IOException;
    }

    /** The sender of a kind: "quire", "agrona" or "pipe". */
    static Sender sender(String kind, int length, String where) throws IOException {
        return switch (kind) {
            case "quire" ->
                new QuireSender(MessageRing.producer(memory(where).bytes(), WaitStrategy.SPIN), new byte[length]);
            case "agrona" -> new AgronaSender(agrona(where), new UnsafeBuffer(new byte[length]));
            default -> new PipeSender(new BufferedOutputStream(new FileOutputStream(where)), length);
        };
    }

    /** The receiver of a kind. */
    static Receiver receiver(String kind, int length, String where, LongConsumer stamps) throws IOException {
        return switch (kind) {
            case "quire" -> {
                MessageRing.Handler handler =
                        (segment, at, size) -> stamps.accept(segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
                yield new QuireReceiver(MessageRing.consumer(memory(where).bytes(), WaitStrategy.SPIN), handler);
            }
            case "agrona" -> {
                MessageHandler handler = (type, buffer, at, size) -> stamps.accept(buffer.getLong(at));
                yield new AgronaReceiver(agrona(where), handler);
            }
            default -> new PipeReceiver(new BufferedInputStream(new FileInputStream(where)), length, stamps);
        };
    }

    /** What connects the two ends: for a pipe one with a name, for Agrona's ring a file of its size in memory. */
    static Path file(String kind) throws IOException {
        Path file = Files.createTempFile(Path.of("/dev/shm"), "quire-" + kind, "");
        if (!kind.equals("pipe")) {
            return Files.write(file, new byte[agronaBytes()]);
        }
        Files.delete(file);
        try {
            if (new ProcessBuilder("mkfifo", file.toString())
                            .inheritIO()
                            .start()
                            .waitFor()
                    != 0) {
                throw new IOException("mkfifo made no pipe " + file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while making a pipe", e);
        }
        return file;
    }

    private static SharedMemory memory(String handle) throws IOException {
        return SharedMemory.attach(handle, MapMode.READ_WRITE, Duration.ofSeconds(5));
    }

    /** Agrona's ring over a mapped file, which has {@link #agronaBytes} zeroes at first. */
    static OneToOneRingBuffer agrona(String file) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, agronaBytes());
            return new OneToOneRingBuffer(new UnsafeBuffer(map));
        }
    }

    static int agronaBytes() {
        return CAPACITY + RingBufferDescriptor.TRAILER_LENGTH;
    }

    /** Quire's ring. */
    record QuireSender(RingProducer producer, MemorySegment message) implements Sender {
        QuireSender(RingProducer producer, byte[] message) {
            this(producer, MemorySegment.ofArray(message));
        }

        @Override
        public void send(long stamp) throws IOException {
            message.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, stamp);
            while (!producer.offer(message, 0, (int) message.byteSize())) {
                Thread.onSpinWait();
            }
        }
    }

    /** Quire's ring, the other end. */
    record QuireReceiver(RingConsumer consumer, MessageRing.Handler handler) implements Receiver {
        @Override
        public int receive(int limit) throws IOException {
            return consumer.poll(handler, limit);
        }
    }

    /** Agrona's ring. */
    record AgronaSender(OneToOneRingBuffer ring, UnsafeBuffer message) implements Sender {
        @Override
        public void send(long stamp) {
            message.putLong(0, stamp);
            while (!ring.write(1, message, 0, message.capacity())) {
                Thread.onSpinWait();
            }
        }
    }

    /** Agrona's ring, the other end. */
    record AgronaReceiver(OneToOneRingBuffer ring, MessageHandler handler) implements Receiver {
        @Override
        public int receive(int limit) {
            return ring.read(handler, limit);
        }
    }

    /** A pipe, buffered as {@link Process#getOutputStream} is. */
    final class PipeSender implements Sender {
        private final OutputStream out;
        private final byte[] bytes;
        private final MemorySegment message;

        PipeSender(OutputStream out, int length) {
            this.out = out;
            this.bytes = new byte[length];
            this.message = MemorySegment.ofArray(bytes);
        }

        @Override
        public void send(long stamp) throws IOException {
            message.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, stamp);
            out.write(bytes);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    /** The pipe's other end. */
    final class PipeReceiver implements Receiver {
        private final InputStream in;
        private final byte[] bytes;
        private final MemorySegment message;
        private final LongConsumer stamps;

        PipeReceiver(InputStream in, int length, LongConsumer stamps) {
            this.in = in;
            this.bytes = new byte[length];
            this.message = MemorySegment.ofArray(bytes);
            this.stamps = stamps;
        }

        @Override
        public int receive(int limit) throws IOException {
            if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                throw new IOException("the other side is gone");
            }
            stamps.accept(message.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
            return 1;
        }
    }
}
