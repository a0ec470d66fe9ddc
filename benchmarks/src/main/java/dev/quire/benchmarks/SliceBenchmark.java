package dev.quire.benchmarks;

import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.DoubleSlice;
import dev.quire.slice.IntSlice;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Loops over the elements of a slice, and bulk copies, each beside the same over a plain {@link MemorySegment}: nanoseconds
 * an element for the loops, a copy of 64 KiB for the copies.
 *
 * <p>{@code scripts/bench SliceBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class SliceBenchmark {
    /** Doubles that fit the first-level cache of most machines, so that the loop shows and not the memory. */
    private static final int COUNT = 2048;

    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfDouble BIG_DOUBLE = DOUBLE.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final byte[] array = new byte[64 << 10];
    private final int[] places = new int[COUNT];

    private Mapping map;
    private MemorySegment segment;
    private MemorySegment block;
    private ByteSlice bytes;
    private DoubleSlice doubles;
    private DoubleSlice bigDoubles;
    private IntSlice ints;

    /** Maps the memory. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        map = Mapping.anonymous(array.length);
        block = map.segment();
        segment = block.asSlice(0, COUNT * 8L);
        bytes = map.bytes();
        doubles = bytes.slice(0, COUNT * 8L).doubles();
        bigDoubles = bytes.slice(0, COUNT * 8L).doubles(ByteOrder.BIG_ENDIAN);
        ints = bytes.slice(0, COUNT * 4L).ints();
        for (int i = 0; i < COUNT; i++) {
            doubles.set(i, 0.5);
            places[i] = (i * 1237) % COUNT;
        }
    }

    /** Unmaps it. */
    @TearDown(Level.Trial)
    public void remove() {
        map.close();
    }

    /** The baseline. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public double getDoubles_segment() {
        double sum = 0;
        for (long i = 0; i < COUNT; i++) {
            sum += segment.get(DOUBLE, i * 8);
        }
        return sum;
    }

    /** Quire's. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public double getDoubles_quire() {
        double sum = 0;
        for (long i = 0; i < COUNT; i++) {
            sum += doubles.get(i);
        }
        return sum;
    }

    /** The baseline in the other byte order. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public double getBigDoubles_segment() {
        double sum = 0;
        for (long i = 0; i < COUNT; i++) {
            sum += segment.get(BIG_DOUBLE, i * 8);
        }
        return sum;
    }

    /** Quire's. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public double getBigDoubles_quire() {
        double sum = 0;
        for (long i = 0; i < COUNT; i++) {
            sum += bigDoubles.get(i);
        }
        return sum;
    }

    /** The baseline, in no order. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public double getDoublesAtRandom_segment() {
        double sum = 0;
        for (int place : places) {
            sum += segment.get(DOUBLE, place * 8L);
        }
        return sum;
    }

    /** Quire's. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public double getDoublesAtRandom_quire() {
        double sum = 0;
        for (int place : places) {
            sum += doubles.get(place);
        }
        return sum;
    }

    /** The baseline for a loop that the compiler makes vector code of. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int getInts_segment() {
        int sum = 0;
        for (long i = 0; i < COUNT; i++) {
            sum += segment.get(INT, i * 4);
        }
        return sum;
    }

    /** Quire's. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int getInts_quire() {
        int sum = 0;
        for (long i = 0; i < COUNT; i++) {
            sum += ints.get(i);
        }
        return sum;
    }

    /** The baseline. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int getBytes_segment() {
        int sum = 0;
        for (long i = 0; i < COUNT; i++) {
            sum += segment.get(ValueLayout.JAVA_BYTE, i);
        }
        return sum;
    }

    /** Quire's, which does not trust the range of a byte that faulted: see {@code Slice.zero}. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int getBytes_quire() {
        int sum = 0;
        for (long i = 0; i < COUNT; i++) {
            sum += bytes.get(i);
        }
        return sum;
    }

    /** The baseline. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void setDoubles_segment() {
        for (long i = 0; i < COUNT; i++) {
            segment.set(DOUBLE, i * 8, 0.5);
        }
    }

    /** Quire's. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void setDoubles_quire() {
        for (long i = 0; i < COUNT; i++) {
            doubles.set(i, 0.5);
        }
    }

    /** The baseline. */
    @Benchmark
    public void copyToArray_segment() {
        MemorySegment.copy(block, ValueLayout.JAVA_BYTE, 0, array, 0, array.length);
    }

    /** Quire's. */
    @Benchmark
    public void copyToArray_quire() {
        bytes.copyTo(0, array, 0, array.length);
    }

    /** The baseline. */
    @Benchmark
    public void copyFromArray_segment() {
        MemorySegment.copy(array, 0, block, ValueLayout.JAVA_BYTE, 0, array.length);
    }

    /** Quire's. */
    @Benchmark
    public void copyFromArray_quire() {
        bytes.copyFrom(0, array, 0, array.length);
    }
}
