package dev.quire.benchmarks;

import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
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
 * Copies of a few bytes from mapped memory to an array, where the call counts: in a method of its own, as in most
 * programs, and inlined into a loop. Each copy begins 8 bytes behind the one before, up to 64: how long one takes
 * depends on where the array lies, which differs from fork to fork.
 *
 * <p>{@code scripts/bench SmallCopyBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class SmallCopyBenchmark {
    /** How much at once. */
    @Param({"16", "64", "256", "1024", "4096"})
    public int bytes;

    private static final int STEP = 8;
    private static final int LINE = 64;

    private byte[] array;
    private int at;
    private Mapping map;
    private MemorySegment segment;
    private ByteSlice slice;

    /** Maps the memory and brings it in. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        array = new byte[bytes + LINE];
        map = Mapping.anonymous(8192);
        slice = map.bytes();
        slice.fill((byte) 1);
        segment = slice.segment();
    }

    /** Unmaps it. */
    @TearDown(Level.Trial)
    public void remove() {
        map.close();
    }

    private int next() {
        at = at + STEP & LINE - STEP;
        return at;
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static void copy(MemorySegment from, byte[] to, int at, int count) {
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, to, at, count);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static void copy(ByteSlice from, byte[] to, int at, int count) {
        from.copyTo(0, to, at, count);
    }

    /** A method that copies from a segment. */
    @Benchmark
    public void called_segment() {
        copy(segment, array, next(), bytes);
    }

    /** A method that copies from a slice. */
    @Benchmark
    public void called_quire() {
        copy(slice, array, next(), bytes);
    }

    /** A copy from a segment, inlined. */
    @Benchmark
    public void inlined_segment() {
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 0, array, next(), bytes);
    }

    /** A copy from a slice, inlined. */
    @Benchmark
    public void inlined_quire() {
        slice.copyTo(0, array, next(), bytes);
    }
}
