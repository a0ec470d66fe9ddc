package dev.quire.benchmarks;

import dev.quire.shared.MessageRing;
import dev.quire.shared.RingConsumer;
import dev.quire.shared.RingProducer;
import dev.quire.shared.SharedMemory;
import dev.quire.shared.WaitStrategy;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A message sent and received by one thread: what the ring costs without another process. {@link MessagesMain} has two.
 *
 * <p>{@code scripts/bench MessageRingBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@SuppressWarnings("NullAway.Init")
public class MessageRingBenchmark {
    @Param({"32", "1024"})
    private int length;

    private MemorySegment message;
    private UnsafeBuffer agronaMessage;
    private SharedMemory anonymous;
    private SharedMemory named;
    private RingProducer[] producers;
    private RingConsumer[] consumers;
    private Path file;
    private OneToOneRingBuffer agrona;
    private long seen;

    private final MessageRing.Handler handler = (segment, at, size) -> seen += segment.get(LONG, at) + size;
    private final MessageHandler agronaHandler = (type, buffer, at, size) -> seen += buffer.getLong(at) + size;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** Makes a ring in memory that cannot shrink, one in memory that might, and Agrona's. */
    @Setup
    public void open() throws IOException {
        byte[] bytes = new byte[length];
        message = MemorySegment.ofArray(bytes);
        agronaMessage = new UnsafeBuffer(bytes);
        anonymous = SharedMemory.anonymous(MessageRing.byteSize(MessageLink.CAPACITY));
        named = SharedMemory.create(MessageRing.byteSize(MessageLink.CAPACITY));
        producers = new RingProducer[] {
            MessageRing.producer(anonymous.bytes(), WaitStrategy.SPIN),
            MessageRing.producer(named.bytes(), WaitStrategy.SPIN)
        };
        consumers = new RingConsumer[] {
            MessageRing.consumer(anonymous.bytes(), WaitStrategy.SPIN),
            MessageRing.consumer(named.bytes(), WaitStrategy.SPIN)
        };
        file = Files.createTempFile(Path.of("/dev/shm"), "agrona", "");
        Files.write(file, new byte[MessageLink.agronaBytes()]);
        agrona = MessageLink.agrona(file.toString());
    }

    /** Removes them. */
    @TearDown
    public void close() throws IOException {
        for (int i = 0; i < producers.length; i++) {
            producers[i].close();
            consumers[i].close();
        }
        anonymous.close();
        named.close();
        SharedMemory.unlink(named.name().orElseThrow());
        Files.delete(file);
    }

    /** Quire's ring in anonymous memory, sealed against shrinking. */
    @Benchmark
    public long send_quire() throws IOException {
        return through(0);
    }

    /**
     * Quire's ring in named memory, which somebody could truncate: messages are copied out, and every step is checked.
     */
    @Benchmark
    public long send_quireNamed() throws IOException {
        return through(1);
    }

    private long through(int ring) throws IOException {
        producers[ring].offer(message, 0, length);
        consumers[ring].poll(handler, 1);
        return seen;
    }

    /** Agrona's ring in a mapped file. */
    @Benchmark
    public long send_agrona() {
        agrona.write(1, agronaMessage, 0, length);
        agrona.read(agronaHandler, 1);
        return seen;
    }
}
