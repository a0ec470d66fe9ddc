package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.hint.Hint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.channels.FileChannel;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * How long a safepoint takes while another thread reads pages of a cold file at random: over a JDK map, and over one of
 * Quire's that populates each page before it reads it, with the hint for such reads and without. The operation, a
 * search for deadlocked threads, needs a safepoint and next to nothing else: see {@code safepoint_idle}, where nobody
 * reads.
 *
 * <p>{@code scripts/bench SafepointBenchmark}
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 1, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Benchmark)
public class SafepointBenchmark {
    /** So few that the file is still cold at the end; then its pages are dropped again. */
    private static final int READS = 1_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    interface Reader {
        long read(ColdFile file, SplittableRandom random) throws IOException;
    }

    /** A thread that reads until it is told to end. */
    public abstract static class Reading {
        private volatile boolean ended;
        private @Nullable Thread thread;

        final void start(ColdFile file, Reader reader) {
            thread = Thread.ofPlatform().daemon().start(() -> {
                SplittableRandom random = new SplittableRandom(4);
                while (!ended) {
                    again(file, reader, random);
                }
            });
        }

        private static void again(ColdFile file, Reader reader, SplittableRandom random) {
            try {
                file.makeCold();
                reader.read(file, random);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        final void end() throws InterruptedException {
            ended = true;
            if (thread != null) {
                thread.join();
            }
        }
    }

    /** Over a JDK map. */
    @State(Scope.Benchmark)
    public static class JdkReading extends Reading {
        /** Starts it. */
        @Setup(Level.Trial)
        public void begin(ColdFile file) {
            start(file, SafepointBenchmark::readJdk);
        }

        /** Ends it. */
        @TearDown(Level.Trial)
        public void stop() throws InterruptedException {
            end();
        }
    }

    /** Over one of Quire's, populated before each read. */
    @State(Scope.Benchmark)
    public static class QuireReading extends Reading {
        /** Starts it. */
        @Setup(Level.Trial)
        public void begin(ColdFile file) {
            start(file, (cold, random) -> readQuire(cold, Hint.NORMAL, random));
        }

        /** Ends it. */
        @TearDown(Level.Trial)
        public void stop() throws InterruptedException {
            end();
        }
    }

    /** Reads a mapping with RANDOM: no page is read that nobody asked for. */
    @State(Scope.Benchmark)
    public static class QuireRandomReading extends Reading {
        /** Starts it. */
        @Setup(Level.Trial)
        public void begin(ColdFile file) {
            start(file, (cold, random) -> readQuire(cold, Hint.RANDOM, random));
        }

        /** Ends it. */
        @TearDown(Level.Trial)
        public void stop() throws InterruptedException {
            end();
        }
    }

    @Benchmark
    public long[] safepoint_jdkMap(JdkReading reading) {
        return THREADS.findDeadlockedThreads();
    }

    @Benchmark
    public long[] safepoint_quirePopulated(QuireReading reading) {
        return THREADS.findDeadlockedThreads();
    }

    @Benchmark
    public long[] safepoint_quireRandomPopulated(QuireRandomReading reading) {
        return THREADS.findDeadlockedThreads();
    }

    @Benchmark
    public long[] safepoint_idle() {
        return THREADS.findDeadlockedThreads();
    }

    private static long readJdk(ColdFile file, SplittableRandom random) throws IOException {
        long sum = 0;
        try (FileChannel channel = FileChannel.open(file.path);
                Arena arena = Arena.ofConfined()) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            for (int i = 0; i < READS; i++) {
                sum += all.get(ValueLayout.JAVA_BYTE, random.nextLong(ColdFile.BYTES));
            }
        }
        return sum;
    }

    private static long readQuire(ColdFile file, Hint hint, SplittableRandom random) throws IOException {
        long sum = 0;
        try (Mapping map = Mapping.open(file.path, MapMode.READ_ONLY)) {
            map.advise(hint);
            for (int i = 0; i < READS; i++) {
                long at = random.nextLong(ColdFile.BYTES);
                map.populate(at, 1);
                sum += map.bytes().get(at);
            }
        }
        return sum;
    }
}
