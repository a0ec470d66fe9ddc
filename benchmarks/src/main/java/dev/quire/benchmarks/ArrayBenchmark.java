package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.array.ArraySpec;
import dev.quire.array.ArrayView;
import dev.quire.array.MappedArray;
import dev.quire.array.Order;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A 2-d array of doubles element by element beside a plain segment, and its sums, whole and along its axes, beside
 * those of NumPy over the same files in a process of its own.
 *
 * <p>{@code scripts/bench ArrayBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Benchmark)
public class ArrayBenchmark {
    /** Rows. */
    @Param("20000")
    public int rows;

    /** Columns. */
    @Param("5000")
    public int columns;

    private Path folder;
    private MappedArray array;
    private MappedArray fortran;
    private ArrayView strided;
    private MemorySegment segment;

    /** Writes both arrays. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Files.createTempDirectory("quire-arrays");
        ArraySpec spec = ArraySpec.of("f8", rows, columns);
        MappedArray.create(folder.resolve("c.npy"), spec, 1.25).close();
        MappedArray.create(folder.resolve("f.npy"), spec.order(Order.FORTRAN), 1.25)
                .close();
        array = MappedArray.open(folder.resolve("c.npy"), MapMode.READ_ONLY);
        fortran = MappedArray.open(folder.resolve("f.npy"), MapMode.READ_ONLY);
        strided = array.slice("::2, ::2");
        segment = array.segment();
    }

    /** Removes them. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        array.close();
        fortran.close();
        Files.delete(folder.resolve("c.npy"));
        Files.delete(folder.resolve("f.npy"));
        Files.delete(folder);
    }

    /** NumPy, which maps the files too. */
    @State(Scope.Benchmark)
    public static class NumPyArrays {
        private NumPy numpy;

        /** Starts it. */
        @Setup(Level.Trial)
        public void start(ArrayBenchmark all) throws IOException, InterruptedException {
            numpy = new NumPy();
            numpy.run("array = numpy.load('" + all.folder.resolve("c.npy") + "', 'r')");
            numpy.run("fortran = numpy.load('" + all.folder.resolve("f.npy") + "', 'r')");
            numpy.run("strided = array[::2, ::2]");
        }

        /** Ends it. */
        @TearDown(Level.Trial)
        public void end() throws IOException {
            numpy.close();
        }

        int sum(String line) throws IOException {
            numpy.run(line);
            return 0;
        }
    }

    @Benchmark
    public double elements_quire() {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                sum += array.getDouble(i, j);
            }
        }
        return sum;
    }

    @Benchmark
    public double elements_segment() {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                sum += segment.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, ((long) i * columns + j) * Double.BYTES);
            }
        }
        return sum;
    }

    /** The sum of the slice under the array. */
    @Benchmark
    public double sum_slice() {
        return array.bytes().doubles().sum();
    }

    @Benchmark
    public double sum_quire() {
        return array.sum();
    }

    @Benchmark
    public int sum_numpy(NumPyArrays peer) throws IOException {
        return peer.sum("array.sum()");
    }

    @Benchmark
    public double[] sumsOfColumns_quire() {
        return array.along(0).sum();
    }

    @Benchmark
    public int sumsOfColumns_numpy(NumPyArrays peer) throws IOException {
        return peer.sum("array.sum(axis=0)");
    }

    @Benchmark
    public double[] sumsOfRows_quire() {
        return array.along(1).sum();
    }

    @Benchmark
    public int sumsOfRows_numpy(NumPyArrays peer) throws IOException {
        return peer.sum("array.sum(axis=1)");
    }

    @Benchmark
    public double sumOfFortran_quire() {
        return fortran.sum();
    }

    @Benchmark
    public int sumOfFortran_numpy(NumPyArrays peer) throws IOException {
        return peer.sum("fortran.sum()");
    }

    @Benchmark
    public double[] sumsOfFortranColumns_quire() {
        return fortran.along(0).sum();
    }

    @Benchmark
    public int sumsOfFortranColumns_numpy(NumPyArrays peer) throws IOException {
        return peer.sum("fortran.sum(axis=0)");
    }

    @Benchmark
    public double[] sumsOfFortranRows_quire() {
        return fortran.along(1).sum();
    }

    @Benchmark
    public int sumsOfFortranRows_numpy(NumPyArrays peer) throws IOException {
        return peer.sum("fortran.sum(axis=1)");
    }

    @Benchmark
    public double sumOfStrided_quire() {
        return strided.sum();
    }

    @Benchmark
    public int sumOfStrided_numpy(NumPyArrays peer) throws IOException {
        return peer.sum("strided.sum()");
    }

    @Benchmark
    public double[] sumsOfStridedColumns_quire() {
        return strided.along(0).sum();
    }

    @Benchmark
    public int sumsOfStridedColumns_numpy(NumPyArrays peer) throws IOException {
        return peer.sum("strided.sum(axis=0)");
    }

    @Benchmark
    public double[] sumsOfStridedRows_quire() {
        return strided.along(1).sum();
    }

    @Benchmark
    public int sumsOfStridedRows_numpy(NumPyArrays peer) throws IOException {
        return peer.sum("strided.sum(axis=1)");
    }
}
