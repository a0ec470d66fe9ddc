package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.shared.MessageRing;
import dev.quire.shared.RingConsumer;
import dev.quire.shared.RingProducer;
import dev.quire.shared.SharedMemory;
import dev.quire.shared.WaitStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Messages from one process to another: Quire's ring, Agrona's over a mapped file, and a pipe. One process sends and gets
 * each message back for the latency, of which half a round trip is shown; for the throughput it sends one way.
 *
 * <p>{@code MessagesMain} alone runs everything, rounds of the kinds by turns, and prints a table.
 */
public final class MessagesMain {
    private static final int CAPACITY = 1 << 20;
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int TRIPS = Integer.getInteger("trips", 200_000);
    private static final int WARM_TRIPS = TRIPS / 2;
    private static final long BULK_BYTES = Long.getLong("bulk", 256L << 20);
    private static final double[] QUANTILES = {0.5, 0.99, 0.999};

    private MessagesMain() {}

    /** One direction. */
    private interface Link {
        void send(ByteBuffer message) throws IOException;

        /** Waits for one message at least; how many there were. */
        int receive(int length) throws IOException;

        /** Before the other side's answer is waited for. */
        default void flush() throws IOException {}
    }

    private record Quire(RingProducer producer, RingConsumer consumer) implements Link {
        @Override
        public void send(ByteBuffer message) throws IOException {
            MemorySegment segment = MemorySegment.ofArray(message.array());
            while (!producer.offer(segment, 0, message.capacity())) {
                Thread.onSpinWait();
            }
        }

        @Override
        public int receive(int length) throws IOException {
            int count;
            while ((count = consumer.poll(MessagesMain::look, 256)) == 0) {
                Thread.onSpinWait();
            }
            return count;
        }
    }

    private static long sum;

    private static void look(MemorySegment segment, long at, int length) {
        sum += segment.get(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, at) + length;
    }

    private record Agrona(OneToOneRingBuffer out, OneToOneRingBuffer in) implements Link {
        @Override
        public void send(ByteBuffer message) {
            UnsafeBuffer buffer = BUFFERS.get(message);
            while (!out.write(1, buffer, 0, message.capacity())) {
                Thread.onSpinWait();
            }
        }

        @Override
        public int receive(int length) {
            int count;
            while ((count = in.read((type, buffer, at, size) -> sum += buffer.getLong(at) + size, 256)) == 0) {
                Thread.onSpinWait();
            }
            return count;
        }
    }

    /** The one message of a run as Agrona wants it. */
    private static final class BUFFERS {
        private static ByteBuffer of;
        private static UnsafeBuffer buffer;

        static UnsafeBuffer get(ByteBuffer message) {
            if (of != message) {
                of = message;
                buffer = new UnsafeBuffer(message.array());
            }
            return buffer;
        }
    }

    private record Pipe(InputStream in, OutputStream out, byte[] bytes) implements Link {
        @Override
        public void send(ByteBuffer message) throws IOException {
            out.write(message.array());
        }

        @Override
        public int receive(int length) throws IOException {
            if (in.readNBytes(bytes, 0, length) < length) {
                throw new IOException("the other side is gone");
            }
            sum += ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(0) + length;
            return 1;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    private static Link link(String kind, String there, String back, boolean first, InputStream in, OutputStream out)
            throws IOException {
        return switch (kind) {
            case "quire" -> quire(there, back, first);
            case "agrona" -> new Agrona(agrona(first ? there : back), agrona(first ? back : there));
            default -> new Pipe(in, out, new byte[1024]);
        };
    }

    private static Link quire(String there, String back, boolean first) throws IOException {
        SharedMemory out = SharedMemory.attach(first ? there : back, MapMode.READ_WRITE, Duration.ofSeconds(5));
        SharedMemory in = SharedMemory.attach(first ? back : there, MapMode.READ_WRITE, Duration.ofSeconds(5));
        return new Quire(MessageRing.producer(out, WaitStrategy.SPIN), MessageRing.consumer(in, WaitStrategy.SPIN));
    }

    private static OneToOneRingBuffer agrona(String file) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer map =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, CAPACITY + RingBufferDescriptor.TRAILER_LENGTH);
            return new OneToOneRingBuffer(new UnsafeBuffer(map));
        }
    }

    private static void expect(Link link, int length, long messages) throws IOException {
        for (long left = messages; left > 0; ) {
            left -= link.receive(length);
        }
    }

    /** The side that answers. */
    private static void echo(Link link, int length) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(length);
        for (int i = 0; i < WARM_TRIPS + TRIPS; i++) {
            expect(link, length, 1);
            link.send(message);
            link.flush();
        }
        for (int i = 0; i < 2; i++) {
            expect(link, length, BULK_BYTES / length);
            link.send(message);
            link.flush();
        }
    }

    /** Median, 99th, 99.9th of half a round trip in nanoseconds, and millions of messages a second. */
    private static double[] measure(Link link, int length) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(length);
        long[] trips = new long[TRIPS];
        for (int i = -WARM_TRIPS; i < TRIPS; i++) {
            long start = System.nanoTime();
            link.send(message);
            link.flush();
            expect(link, length, 1);
            if (i >= 0) {
                trips[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(trips);
        double[] results = new double[QUANTILES.length + 1];
        for (int i = 0; i < QUANTILES.length; i++) {
            results[i] = trips[(int) (QUANTILES[i] * (TRIPS - 1))] / 2.0;
        }
        for (int i = 0; i < 2; i++) {
            long count = BULK_BYTES / length;
            long start = System.nanoTime();
            for (long n = 0; n < count; n++) {
                link.send(message);
            }
            link.flush();
            expect(link, length, 1);
            results[QUANTILES.length] = count * 1e3 / (System.nanoTime() - start);
        }
        return results;
    }

    private static double[] run(String kind, int length) throws IOException, InterruptedException {
        List<Path> files = new ArrayList<>();
        try (SharedMemory there = SharedMemory.anonymous(MessageRing.byteSize(CAPACITY));
                SharedMemory back = SharedMemory.anonymous(MessageRing.byteSize(CAPACITY))) {
            String[] names = {there.handle(), back.handle()};
            if (kind.equals("agrona")) {
                for (int i = 0; i < 2; i++) {
                    files.add(Files.createTempFile(Path.of("/dev/shm"), "agrona", ""));
                    names[i] = files.get(i).toString();
                    Files.write(files.get(i), new byte[CAPACITY + RingBufferDescriptor.TRAILER_LENGTH]);
                }
            }
            Process other = child(kind, length, names);
            double[] results = measure(
                    link(kind, names[0], names[1], true, other.getInputStream(), other.getOutputStream()), length);
            if (other.waitFor() != 0) {
                throw new IOException(kind + " ended with " + other.exitValue());
            }
            return results;
        } finally {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static Process child(String kind, int length, String[] names) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-Dtrips=" + TRIPS,
                        "-Dbulk=" + BULK_BYTES,
                        "-Ddev.quire.library=" + System.getProperty("dev.quire.library", ""),
                        "-cp",
                        System.getProperty("java.class.path"),
                        MessagesMain.class.getName(),
                        kind,
                        Integer.toString(length),
                        names[0],
                        names[1])
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static double median(List<double[]> rounds, int column) {
        double[] values =
                rounds.stream().mapToDouble(row -> row[column]).sorted().toArray();
        return values[values.length / 2];
    }

    /** Runs all, or with arguments the side that answers. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 0) {
            echo(link(args[0], args[2], args[3], false, System.in, System.out), Integer.parseInt(args[1]));
            return;
        }
        String[] kinds = {"quire", "agrona", "pipe"};
        System.out.println("| bytes | by | p50 ns | p99 ns | p99.9 ns | million/s |\n|--|--|--|--|--|--|");
        for (int length : new int[] {32, 1024}) {
            List<List<double[]>> results = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round < ROUNDS; round++) {
                for (int kind = 0; kind < kinds.length; kind++) {
                    results.get(kind).add(run(kinds[kind], length));
                }
            }
            for (int kind = 0; kind < kinds.length; kind++) {
                List<double[]> rows = results.get(kind);
                System.out.printf(
                        Locale.ROOT,
                        "| %d | %s | %.0f | %.0f | %.0f | %.2f |%n",
                        length,
                        kinds[kind],
                        median(rows, 0),
                        median(rows, 1),
                        median(rows, 2),
                        median(rows, 3));
            }
        }
    }
}
