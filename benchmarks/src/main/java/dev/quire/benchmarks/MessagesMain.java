package dev.quire.benchmarks;

import dev.quire.shared.MessageRing;
import dev.quire.shared.SharedMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * Messages from one process to another: Quire's ring, Agrona's over a mapped file, and a pipe. Each has two processes
 * of its own, which stay for all rounds and sleep while the others have their turn: what the machine does meanwhile
 * meets all three.
 *
 * <p>Latency: one message every {@value #PACE_NANOS} ns, each with the time at which it was due; the receiver takes the
 * difference to the time at which its handler was called (both from {@code CLOCK_MONOTONIC}), so that a delay counts
 * for every message it held up. Throughput: {@code bulk} bytes of messages as fast as they go, timed from the first to
 * the last by who receives. Medians of all rounds, their quartiles, and how each compares with Agrona's of the same
 * round.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar dev.quire.benchmarks.MessagesMain}
 */
public final class MessagesMain {
    private static final int ROUNDS = Integer.getInteger("rounds", 41);

    /** Not counted: the compiler is at work, anew at the first changes between the two ways of sending. */
    private static final int WARM_UP = Integer.getInteger("warmup", 8);

    private static final int PACED = Integer.getInteger("paced", 50_000);
    private static final long BULK_BYTES = Long.getLong("bulk", 128L << 20);
    private static final long PACE_NANOS = 5_000;

    /** Before the first of the paced messages: the receiver looks by then. */
    private static final long SETTLE_NANOS = 20_000_000;

    /** Both rings hand over what is there at once, up to so many messages. */
    private static final int BATCH = 256;

    private static final double[] PERCENTILES = {50, 99, 99.9};
    private static final String[] KINDS = {"quire", "agrona", "pipe"};
    private static final String[] FIGURES = {"p50 ns", "p99 ns", "p99.9 ns", "million/s"};

    private MessagesMain() {}

    /** Runs all, or with arguments one side. */
    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            System.out.println(
                    "| bytes | by | " + String.join(" | ", FIGURES) + " | of Agrona's |\n|--|--|--|--|--|--|--|");
            measure(32);
            measure(1024);
        } else if (args[0].equals("send")) {
            send(args[1], Integer.parseInt(args[2]), args[3]);
        } else {
            receive(args[1], Integer.parseInt(args[2]), args[3]);
        }
    }

    // ---------------------------------------------------------------------------------------------------- all rounds

    private static void measure(int length) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        try {
            for (String kind : KINDS) {
                pairs.add(new Pair(kind, length));
            }
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                for (Pair pair : pairs) {
                    pair.run(round >= 0);
                }
            }
            List<double[]> agrona = pairs.get(1).rounds;
            pairs.forEach(pair -> System.out.println(pair.row(agrona)));
        } finally {
            for (Pair pair : pairs) {
                pair.close();
            }
        }
    }

    /** Two processes and what connects them. */
    private static final class Pair implements AutoCloseable {
        private final String kind;
        private final int length;
        private final SharedMemory memory;
        private final Path file;
        private final List<double[]> rounds = new ArrayList<>();
        private final Process receiver;
        private final Process sender;
        private final Writer toReceiver;
        private final Writer toSender;
        private final BufferedReader results;

        Pair(String kind, int length) throws IOException {
            this.kind = kind;
            this.length = length;
            this.memory = SharedMemory.anonymous(MessageRing.byteSize(MessageLink.CAPACITY));
            this.file = MessageLink.file(kind);
            String where = kind.equals("quire") ? memory.handle() : file.toString();
            this.receiver = start("receive", where);
            this.sender = start("send", where);
            this.toReceiver = receiver.outputWriter(StandardCharsets.UTF_8);
            this.toSender = sender.outputWriter(StandardCharsets.UTF_8);
            this.results = receiver.inputReader(StandardCharsets.UTF_8);
        }

        private Process start(String side, String where) throws IOException {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                            "-Dpaced=" + PACED,
                            "-Dbulk=" + BULK_BYTES,
                            "-cp",
                            System.getProperty("java.class.path"),
                            MessagesMain.class.getName(),
                            side,
                            kind,
                            Integer.toString(length),
                            where)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        void run(boolean counts) throws IOException {
            go(toReceiver);
            go(toSender);
            String line = results.readLine();
            if (line == null) {
                throw new IOException("the receiver of " + kind + " ended");
            }
            if (counts) {
                rounds.add(Arrays.stream(line.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray());
            }
        }

        private static void go(Writer writer) throws IOException {
            writer.write("\n");
            writer.flush();
        }

        String row(List<double[]> agrona) {
            StringBuilder row = new StringBuilder("| " + length + " | " + kind);
            StringBuilder ratios = new StringBuilder();
            for (int i = 0; i < FIGURES.length; i++) {
                int figure = i;
                boolean isRate = figure == FIGURES.length - 1;
                row.append(" | ").append(quartiles(rounds, round -> round[figure], isRate ? "%.1f" : "%.0f"));
                double[] ratio = new double[rounds.size()];
                for (int k = 0; k < ratio.length; k++) {
                    double ours = rounds.get(k)[figure];
                    double theirs = agrona.get(k)[figure];
                    ratio[k] = isRate ? ours / theirs : theirs / ours;
                }
                Arrays.sort(ratio);
                ratios.append(String.format(Locale.ROOT, " %.2f", ratio[ratio.length / 2]));
            }
            return row + " |" + ratios + " |";
        }

        private static String quartiles(List<double[]> rounds, ToDoubleFunction<double[]> figure, String format) {
            double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
            return String.format(
                    Locale.ROOT,
                    format + " (" + format + " to " + format + ")",
                    sorted[sorted.length / 2],
                    sorted[sorted.length / 4],
                    sorted[sorted.length * 3 / 4]);
        }

        @Override
        public void close() throws IOException {
            toSender.close();
            toReceiver.close();
            sender.destroy();
            receiver.destroy();
            memory.close();
            Files.delete(file);
        }
    }

    // ---------------------------------------------------------------------------------------------------- two sides

    /** For each line that says so. */
    private static BufferedReader turns() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    private static void send(String kind, int length, String where) throws IOException {
        MessageLink.Sender link = MessageLink.sender(kind, length, where);
        BufferedReader turns = turns();
        while (turns.readLine() != null) {
            sendPaced(link);
            sendAll(link, BULK_BYTES / length);
        }
    }

    private static void sendPaced(MessageLink.Sender link) throws IOException {
        long start = System.nanoTime() + SETTLE_NANOS;
        for (int i = 0; i < PACED; i++) {
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
        MessageLink.Receiver link = MessageLink.receiver(kind, length, where, stamps);
        long bulk = BULK_BYTES / length;
        BufferedReader turns = turns();
        while (turns.readLine() != null) {
            stamps.histogram.reset();
            stamps.sum = 0;
            stamps.timed = true;
            receive(link, PACED);
            stamps.timed = false;
            receive(link, 1);
            long start = System.nanoTime();
            receive(link, bulk - 1);
            double rate = (bulk - 1) * 1e3 / (System.nanoTime() - start);
            if (stamps.sum != bulk * (bulk - 1) / 2) {
                throw new IOException(kind + " lost or changed messages");
            }
            StringBuilder line = new StringBuilder();
            for (double percentile : PERCENTILES) {
                line.append(stamps.histogram.getValueAtPercentile(percentile)).append(' ');
            }
            System.out.println(line.append(rate));
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
