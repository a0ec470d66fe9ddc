package dev.quire.benchmarks;

import dev.quire.Lifetime;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * The first touch of 256 MiB of anonymous memory, one store a page of 4 KiB, with the mapping and the unmapping: with
 * small pages and with huge ones, touched or populated, beside C and a segment of the JDK's.
 *
 * <p>{@code scripts/bench FirstTouchBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class FirstTouchBenchmark {
    private static final long BYTES = 256L << 20;
    private static final int STEP = 4 << 10;

    private MethodHandle touch;

    /** Compiles the C side. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        touch = new CBaseline("touch")
                .function(
                        "map_touch_unmap",
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    }

    @Benchmark
    public int smallPages_c() throws Throwable {
        return (int) touch.invokeExact(BYTES, 0);
    }

    @Benchmark
    public void smallPages_quire() throws IOException {
        try (Mapping map = Mapping.anonymous(BYTES, Lifetime.CONFINED)) {
            touch(map.bytes());
        }
    }

    @Benchmark
    public void smallPages_quirePopulated() throws IOException {
        try (Mapping map = Mapping.anonymous(BYTES, Lifetime.CONFINED)) {
            map.populateForWriting(0, BYTES);
        }
    }

    /** Which fills it with zeroes before it hands it out. */
    @Benchmark
    public void smallPages_jdkArena() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(BYTES);
            for (long at = 0; at < BYTES; at += STEP) {
                memory.set(ValueLayout.JAVA_BYTE, at, (byte) 1);
            }
        }
    }

    @Benchmark
    public int hugePages_c() throws Throwable {
        return (int) touch.invokeExact(BYTES, 1);
    }

    @Benchmark
    public void hugePages_quire() throws IOException {
        try (Mapping map = huge()) {
            touch(map.bytes());
        }
    }

    @Benchmark
    public void hugePages_quirePopulated() throws IOException {
        try (Mapping map = huge()) {
            map.populateForWriting(0, BYTES);
        }
    }

    private static Mapping huge() throws IOException {
        return Mapping.anonymous(BYTES, Lifetime.CONFINED, MapOptions.DEFAULT.with(MapOptions.Option.HUGE_PAGES));
    }

    private static void touch(ByteSlice bytes) {
        for (long at = 0; at < BYTES; at += STEP) {
            bytes.set(at, (byte) 1);
        }
    }
}
