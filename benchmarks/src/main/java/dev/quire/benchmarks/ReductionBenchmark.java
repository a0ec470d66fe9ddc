package dev.quire.benchmarks;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.slice.DoubleSlice;
import dev.quire.slice.IntegerSummary;
import dev.quire.slice.Summary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
 * Reduces 1 GiB of doubles in a warm mapping, beside C loops over the same mapping, NumPy over the same file in a
 * process of its own, and a plain Java loop. {@link ReductionStart} has the first call of a process.
 *
 * <p>{@code scripts/bench ReductionBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class ReductionBenchmark {
    private static final long BYTES = 1L << 30;

    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private Path path;
    private Mapping map;
    private DoubleSlice values;
    private ArrayView parallel;
    private MemorySegment segment;
    private MemorySegment results;
    private MethodHandle cSum;
    private MethodHandle cSumBy;
    private MethodHandle cMin;
    private MethodHandle cMax;
    private MethodHandle cSummary;

    /** Makes the file, brings it into memory and compiles the C side. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        path = Files.createTempFile("quire-reduction", ".bin");
        map = Mapping.open(
                path,
                MapMode.READ_WRITE,
                Lifetime.SHARED,
                MapOptions.DEFAULT.length(BYTES).with(MapOptions.Option.EXTEND));
        values = map.doubles();
        for (long i = 0; i < values.length(); i++) {
            values.set(i, (double) ((i * 2654435761L & 0xFFFFFFFFL) % 1000003) / 1000);
        }
        map.populate();
        segment = map.segment();
        parallel = ArrayView.over(map.bytes(), DType.parse("f8"), Shape.of(values.length()), Order.C)
                .parallel(THREADS);
        results = Arena.global().allocate(ValueLayout.JAVA_DOUBLE, 3);
        CBaseline c = new CBaseline("reduce");
        ValueLayout.OfDouble number = ValueLayout.JAVA_DOUBLE;
        cSum = c.function("sum_doubles", FunctionDescriptor.of(number, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        cSumBy = c.function(
                "sum_doubles_by",
                FunctionDescriptor.of(number, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        cMin = c.function("min_doubles", FunctionDescriptor.of(number, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        cMax = c.function("max_doubles", FunctionDescriptor.of(number, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        cSummary = c.function(
                "summary_doubles",
                FunctionDescriptor.of(
                        number,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS));
    }

    /** Removes the file. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        map.close();
        Files.delete(path);
    }

    /** NumPy, which maps the file too. */
    @State(Scope.Benchmark)
    public static class NumPyValues {
        private NumPy numpy;

        /** Starts it. */
        @Setup(Level.Trial)
        public void start(ReductionBenchmark all) throws IOException, InterruptedException {
            numpy = new NumPy();
            numpy.run("values = numpy.memmap('" + all.path + "', 'f8', 'r')");
        }

        /** Ends it. */
        @TearDown(Level.Trial)
        public void end() throws IOException {
            numpy.close();
        }

        int reduce(String line) throws IOException {
            numpy.run(line);
            return 0;
        }
    }

    /** The baseline. */
    @Benchmark
    public double sum_c() throws Throwable {
        return (double) cSum.invokeExact(segment, values.length());
    }

    /** Quire's. */
    @Benchmark
    public double sum_quire() {
        return values.sum();
    }

    /** NumPy's. */
    @Benchmark
    public int sum_numpy(NumPyValues peer) throws IOException {
        return peer.reduce("values.sum()");
    }

    /** The baseline by as many threads as there are processors. */
    @Benchmark
    public double sumParallel_c() throws Throwable {
        return (double) cSumBy.invokeExact(segment, values.length(), THREADS);
    }

    /** Quire's by as many. */
    @Benchmark
    public double sumParallel_quire() {
        return parallel.sum();
    }

    /** Sum, deviation and extremes by as many. */
    @Benchmark
    public Summary summaryParallel_quire() {
        return parallel.summary();
    }

    /** The baseline. */
    @Benchmark
    public double mean_c() throws Throwable {
        return (double) cSum.invokeExact(segment, values.length()) / values.length();
    }

    /** Quire's. */
    @Benchmark
    public double mean_quire() {
        return values.mean();
    }

    /** NumPy's. */
    @Benchmark
    public int mean_numpy(NumPyValues peer) throws IOException {
        return peer.reduce("values.mean()");
    }

    /** The baseline: the loop that has the others too, for none is quicker. */
    @Benchmark
    public double std_c() throws Throwable {
        return summary_c();
    }

    /** Quire's. */
    @Benchmark
    public double std_quire() {
        return values.std();
    }

    /** NumPy's. */
    @Benchmark
    public int std_numpy(NumPyValues peer) throws IOException {
        return peer.reduce("values.std()");
    }

    /** The baseline of the extremes. */
    @Benchmark
    public double min_c() throws Throwable {
        return (double) cMin.invokeExact(segment, values.length());
    }

    /** Quire's. */
    @Benchmark
    public double min_quire() {
        return values.min();
    }

    /** NumPy's. */
    @Benchmark
    public int min_numpy(NumPyValues peer) throws IOException {
        return peer.reduce("values.min()");
    }

    /** The baseline. */
    @Benchmark
    public double max_c() throws Throwable {
        return (double) cMax.invokeExact(segment, values.length());
    }

    /** Quire's. */
    @Benchmark
    public double max_quire() {
        return values.max();
    }

    /** NumPy's. */
    @Benchmark
    public int max_numpy(NumPyValues peer) throws IOException {
        return peer.reduce("values.max()");
    }

    /** The bytes of the file as floats. */
    @Benchmark
    public Summary summaryFloats_quire() {
        return map.floats().summary();
    }

    /** The bytes of the file as integers of 8 bytes. */
    @Benchmark
    public IntegerSummary summaryLongs_quire() {
        return map.longs().summary();
    }

    /** The bytes of the file as integers of 4 bytes. */
    @Benchmark
    public IntegerSummary summaryInts_quire() {
        return map.ints().summary();
    }

    /** The bytes of the file as integers of 2 bytes. */
    @Benchmark
    public IntegerSummary summaryShorts_quire() {
        return map.shorts().summary();
    }

    /** The bytes of the file as integers of one byte. */
    @Benchmark
    public IntegerSummary summaryBytes_quire() {
        return map.bytes().summary();
    }

    /** What a loop over the slice does. */
    @Benchmark
    public double sum_javaLoop() {
        double sum = 0;
        for (long i = 0; i < values.length(); i++) {
            sum += values.get(i);
        }
        return sum;
    }

    /** The baseline for everything in one pass. */
    @Benchmark
    public double summary_c() throws Throwable {
        return (double)
                cSummary.invokeExact(segment, values.length(), results, results.asSlice(8), results.asSlice(16));
    }

    /** Quire's. */
    @Benchmark
    public Summary summary_quire() {
        return values.summary();
    }
}
