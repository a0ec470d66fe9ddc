package dev.quire.benchmarks;

import dev.quire.shared.MessageRing;
import dev.quire.shared.SharedMemory;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * Messages from one process to another: Quire's ring, Agrona's over a mapped file, and a pipe, by turns.
 *
 * <p>Latency: one message every {@value #PACE_NANOS} ns, each with the time at which it was due; the other process takes the
 * difference to the time at which its handler was called (both from {@code CLOCK_MONOTONIC}), so that a delay counts for every
 * message it held up. Throughput: {@code bulk} bytes of messages as fast as they go, timed from the first to the last by who
 * receives. Medians of all rounds.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar dev.quire.benchmarks.MessagesMain}
 */
public final class MessagesMain {
    private static final int ROUNDS = Integer.getInteger("rounds", 7);
    private static final int PACED = Integer.getInteger("paced", 100_000);
    private static final long BULK_BYTES = Long.getLong("bulk", 128L << 20);
    private static final long PACE_NANOS = 5_000;

    /** Before the first of the paced messages: the receiver is done with what came before. */
    private static final long SETTLE_NANOS = 50_000_000;

    /** Both rings hand over what is there at once, up to so many messages. */
    private static final int BATCH = 256;

    /**
     * Paced messages of each pass; behind them come as many as go in a go. The last pass counts. At the first change from the
     * one to the other and back the compiler throws away what it has made, on both sides and for every link, and messages
     * wait for the interpreter.
     */
    private static final int[] PASSES = {PACED / 4, PACED / 4, PACED / 4, PACED};

    private static final double[] PERCENTILES = {50, 99, 99.9};
    private static final String[] KINDS = {"quire", "agrona", "pipe"};

    private MessagesMain() {}

    /** Runs all, or with arguments the side that receives. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 0) {
            receive(args[0], Integer.parseInt(args[1]), args[2]);
            return;
        }
        System.out.println(
                "| bytes | by | p50 ns | p99 ns | p99.9 ns | million/s | of Agrona's |\n|--|--|--|--|--|--|--|");
        for (int length : new int[] {32, 1024}) {
            List<List<double[]>> results = new ArrayList<>();
            Arrays.stream(KINDS).forEach(kind -> results.add(new ArrayList<>()));
            for (int round = 0; round < ROUNDS; round++) {
                for (int kind = 0; kind < KINDS.length; kind++) {
                    results.get(kind).add(run(KINDS[kind], length));
                }
            }
            print(length, results);
        }
    }

    private static void print(int length, List<List<double[]>> results) {
        double[] agrona = medians(results.get(1));
        for (int kind = 0; kind < KINDS.length; kind++) {
            double[] row = medians(results.get(kind));
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %s | %.0f | %.0f | %.0f | %.2f | %.2f %.2f %.2f %.2f |%n",
                    length,
                    KINDS[kind],
                    row[0],
                    row[1],
                    row[2],
                    row[3],
                    agrona[0] / row[0],
                    agrona[1] / row[1],
                    agrona[2] / row[2],
                    row[3] / agrona[3]);
        }
    }

    private static double[] medians(List<double[]> rounds) {
        double[] medians = new double[rounds.getFirst().length];
        for (int i = 0; i < medians.length; i++) {
            int column = i;
            double[] sorted =
                    rounds.stream().mapToDouble(row -> row[column]).sorted().toArray();
            medians[i] = sorted[sorted.length / 2];
        }
        return medians;
    }

    /** One pair of processes; what the receiver measured. */
    private static double[] run(String kind, int length) throws IOException, InterruptedException {
        Path file = Files.createTempFile(Path.of("/dev/shm"), "agrona", "");
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(MessageLink.CAPACITY))) {
            Files.write(file, new byte[MessageLink.agronaBytes()]);
            String where = kind.equals("quire") ? memory.handle() : file.toString();
            Process receiver = receiver(kind, length, where);
            send(MessageLink.sender(kind, length, where, receiver.getOutputStream()), length);
            String line = new String(receiver.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (receiver.waitFor() != 0) {
                throw new IOException(kind + " ended with " + receiver.exitValue());
            }
            return Arrays.stream(line.strip().split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } finally {
            Files.delete(file);
        }
    }

    private static Process receiver(String kind, int length, String where) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-Dpaced=" + PACED,
                        "-Dbulk=" + BULK_BYTES,
                        "-cp",
                        System.getProperty("java.class.path"),
                        MessagesMain.class.getName(),
                        kind,
                        Integer.toString(length),
                        where)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    // ---------------------------------------------------------------------------------------------------- two sides

    private static void send(MessageLink.Sender link, int length) throws IOException {
        long bulk = BULK_BYTES / length;
        for (int paced : PASSES) {
            sendPaced(link, paced);
            sendAll(link, bulk);
        }
    }

    private static void sendPaced(MessageLink.Sender link, int count) throws IOException {
        long start = System.nanoTime() + SETTLE_NANOS;
        for (int i = 0; i < count; i++) {
            long due = start + i * PACE_NANOS;
            while (System.nanoTime() < due) {
                Thread.onSpinWait();
            }
            link.send(due);
            link.flush();
        }
    }

    private static void sendAll(MessageLink.Sender link, long count) throws IOException {
        for (long i = 0; i < count; i++) {
            link.send(i);
        }
        link.flush();
    }

    /** What the receiver does with each stamp: the time since then, or nothing but look at it. */
    private static final class Stamps implements LongConsumer {
        private final Histogram histogram = new Histogram(10_000_000_000L, 3);
        private boolean timed;
        private long sum;

        @Override
        public void accept(long stamp) {
            if (timed) {
                histogram.recordValue(Math.max(0, System.nanoTime() - stamp));
            } else {
                sum += stamp;
            }
        }
    }

    private static void receive(String kind, int length, String where) throws IOException {
        Stamps stamps = new Stamps();
        InputStream pipe = new BufferedInputStream(new FileInputStream(FileDescriptor.in));
        MessageLink.Receiver link = MessageLink.receiver(kind, length, where, pipe, stamps);
        long bulk = BULK_BYTES / length;
        double rate = 0;
        for (int paced : PASSES) {
            stamps.histogram.reset();
            stamps.timed = true;
            receive(link, paced);
            stamps.timed = false;
            receive(link, 1);
            long start = System.nanoTime();
            receive(link, bulk - 1);
            rate = (bulk - 1) * 1e3 / (System.nanoTime() - start);
        }
        StringBuilder line = new StringBuilder();
        for (double percentile : PERCENTILES) {
            line.append(stamps.histogram.getValueAtPercentile(percentile)).append(' ');
        }
        System.out.println(line.append(rate));
        if (stamps.sum == 0) {
            throw new IOException("no message arrived");
        }
    }

    private static void receive(MessageLink.Receiver link, long count) throws IOException {
        for (long left = count; left > 0; ) {
            int received = link.receive((int) Math.min(left, BATCH));
            left -= received;
            if (received == 0) {
                Thread.onSpinWait();
            }
        }
    }
}
