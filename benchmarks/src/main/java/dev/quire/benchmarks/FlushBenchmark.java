package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.hint.Durability;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Changes every page of a range of a mapped file and writes it to the device, beside {@code msync} by a bare downcall
 * and the JDK's {@code force}.
 *
 * <p>{@code scripts/bench FlushBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class FlushBenchmark {
    private static final int PAGE = 4 << 10;
    private static final int SYNC = 4;

    /** How much. */
    @Param({"4096", "1048576"})
    public int bytes;

    private Path path;
    private Mapping map;
    private MemorySegment segment;
    private MemorySegment jdkSegment;
    private MethodHandle msync;
    private byte value;

    /** Maps a file with all its blocks. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        path = Files.createTempFile("quire-flush", ".bin");
        Files.write(path, new byte[bytes]);
        map = Mapping.open(path, MapMode.READ_WRITE);
        segment = map.segment();
        Linker linker = Linker.nativeLinker();
        msync = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("msync"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            jdkSegment = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.global());
        }
    }

    /** Unmaps and removes it. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        map.close();
        Files.delete(path);
    }

    @Benchmark
    public int flush_bareDowncall() throws Throwable {
        change(segment);
        return (int) msync.invokeExact(segment, (long) bytes, SYNC);
    }

    @Benchmark
    public void flush_quire() throws IOException {
        change(segment);
        map.flush(0, bytes, Durability.DEVICE);
    }

    @Benchmark
    public void flush_jdkForce() {
        change(jdkSegment);
        jdkSegment.force();
    }

    private void change(MemorySegment memory) {
        value++;
        for (long at = 0; at < bytes; at += PAGE) {
            memory.set(ValueLayout.JAVA_BYTE, at, value);
        }
    }
}
