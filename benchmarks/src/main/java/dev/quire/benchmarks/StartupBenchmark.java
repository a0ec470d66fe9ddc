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
 * The first mapping of a process: one call in each of 20 fresh JVMs, beside the JDK's own. The library lies in the user's
 * cache already, except on a machine's very first run. What JMH itself has loaded by then is the same for both.
 *
 * <p>{@code scripts/bench StartupBenchmark}
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(20)
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

    /** Loads the native library, maps, reads a byte, and closes. */
    @Benchmark
    public byte quire() throws IOException {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
            return map.segment().get(ValueLayout.JAVA_BYTE, 0);
        }
    }

    /** The JDK's way, also with an arena that any thread may use. */
    @Benchmark
    public byte fileChannel() throws IOException {
        try (FileChannel channel = FileChannel.open(path);
                Arena arena = Arena.ofShared()) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)
                    .get(ValueLayout.JAVA_BYTE, 0);
        }
    }
}
