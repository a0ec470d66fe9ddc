package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.Mapping;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole process whose only work is to map one file, read a byte and close, from the start of its JVM to its end; the
 * same with the JDK's own mapping, and with no mapping at all. The library lies in the user's cache already, except on
 * a machine's very first run.
 *
 * <p>{@code scripts/bench StartupBenchmark}
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 20)
@Fork(2)
@State(Scope.Benchmark)
public class StartupBenchmark {
    private Path path;

    /** Makes the file. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        path = Files.createTempFile("quire-startup", ".bin");
        Files.write(path, new byte[64 << 10]);
    }

    /** Removes the file. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        Files.delete(path);
    }

    /** Loads the native library and maps. */
    @Benchmark
    public int quire() throws IOException, InterruptedException {
        return process("quire");
    }

    /** The JDK's way, also with an arena that any thread may use. */
    @Benchmark
    public int fileChannel() throws IOException, InterruptedException {
        return process("fileChannel");
    }

    /** What a JVM takes by itself. */
    @Benchmark
    public int nothing() throws IOException, InterruptedException {
        return process("nothing");
    }

    private int process(String peer) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        First.class.getName(),
                        peer,
                        path.toString())
                .inheritIO()
                .start();
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException(peer + " ended with " + status);
        }
        return status;
    }

    /**
     * The process. A third argument makes it print how long mapping and reading took by themselves, in microseconds.
     */
    static final class First {
        private First() {}

        public static void main(String[] arguments) throws IOException {
            long start = System.nanoTime();
            Path path = Path.of(arguments[1]);
            byte first = switch (arguments[0]) {
                case "quire" -> quire(path);
                case "fileChannel" -> fileChannel(path);
                default -> 0;
            };
            long nanos = System.nanoTime() - start;
            if (arguments.length > 2) {
                System.out.println(nanos / 1000 + first);
            }
        }

        private static byte quire(Path path) throws IOException {
            try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
                return map.segment().get(ValueLayout.JAVA_BYTE, 0);
            }
        }

        private static byte fileChannel(Path path) throws IOException {
            try (FileChannel channel = FileChannel.open(path);
                    Arena arena = Arena.ofShared()) {
                return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)
                        .get(ValueLayout.JAVA_BYTE, 0);
            }
        }
    }
}
