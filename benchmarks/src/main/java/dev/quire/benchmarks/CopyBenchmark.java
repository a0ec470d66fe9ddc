package dev.quire.benchmarks;

import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.DoubleSlice;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
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
 * Copies in bulk between mapped memory and arrays, and from mapped memory to mapped memory, beside a plain
 * {@link MemorySegment} and Agrona.
 *
 * <p>{@code scripts/bench CopyBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class CopyBenchmark {
    /** How much at once: what the second-level cache holds, and what no cache does. */
    @Param({"65536", "67108864"})
    public int bytes;

    private byte[] array;
    private double[] doubleArray;
    private Mapping map;
    private MemorySegment from;
    private MemorySegment to;
    private ByteSlice slice;
    private ByteSlice target;
    private DoubleSlice doubles;

    /** Memory of Agrona's. */
    @State(Scope.Benchmark)
    public static class Agrona {
        private UnsafeBuffer buffer;
        private UnsafeBuffer target;

        /** Lays the buffers over the mapping. */
        @Setup(Level.Trial)
        public void prepare(CopyBenchmark memory) {
            buffer = new UnsafeBuffer(memory.from.address(), memory.bytes);
            target = new UnsafeBuffer(memory.to.address(), memory.bytes);
        }
    }

    /** Maps the memory and brings it in. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        array = new byte[bytes];
        doubleArray = new double[bytes / 8];
        map = Mapping.anonymous(2L * bytes);
        map.populateForWriting(0, map.byteSize());
        slice = map.bytes().slice(0, bytes);
        target = map.bytes().slice(bytes, bytes);
        doubles = slice.doubles();
        from = slice.segment();
        to = target.segment();
    }

    /** Unmaps it. */
    @TearDown(Level.Trial)
    public void remove() {
        map.close();
    }

    @Benchmark
    public void toArray_segment() {
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, array, 0, bytes);
    }

    @Benchmark
    public void toArray_quire() {
        slice.copyTo(0, array, 0, bytes);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void toArray_agrona(Agrona agrona) {
        agrona.buffer.getBytes(0, array, 0, bytes);
    }

    @Benchmark
    public void fromArray_segment() {
        MemorySegment.copy(array, 0, from, ValueLayout.JAVA_BYTE, 0, bytes);
    }

    @Benchmark
    public void fromArray_quire() {
        slice.copyFrom(0, array, 0, bytes);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void fromArray_agrona(Agrona agrona) {
        agrona.buffer.putBytes(0, array, 0, bytes);
    }

    @Benchmark
    public void across_segment() {
        MemorySegment.copy(from, 0, to, 0, bytes);
    }

    @Benchmark
    public void across_quire() {
        slice.copyTo(0, target, 0, bytes);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void across_agrona(Agrona agrona) {
        agrona.target.putBytes(0, agrona.buffer, 0, bytes);
    }

    @Benchmark
    public void doublesToArray_segment() {
        MemorySegment.copy(from, ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, doubleArray, 0, doubleArray.length);
    }

    @Benchmark
    public void doublesToArray_quire() {
        doubles.copyTo(0, doubleArray, 0, doubleArray.length);
    }
}
