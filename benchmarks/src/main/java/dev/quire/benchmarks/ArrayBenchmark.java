package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.array.ArraySpec;
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
 * A 2-d array of doubles element by element beside a plain segment, summed beside a slice, and summed along its axes: the last
 * beside NumPy with {@code src/main/python/array_sums.py}, which takes the same rows and columns.
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
    /** Rows; NumPy is compared at 20,000. */
    @Param("2000")
    public int rows;

    /** Columns. */
    @Param("5000")
    public int columns;

    private Path folder;
    private MappedArray array;
    private MappedArray fortran;
    private MappedArray strided;
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

    /** Element by element. */
    @Benchmark
    public double elementsOfArray() {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                sum += array.getDouble(i, j);
            }
        }
        return sum;
    }

    /** The same loop over a plain segment. */
    @Benchmark
    public double elementsOfSegment() {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                sum += segment.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, ((long) i * columns + j) * Double.BYTES);
            }
        }
        return sum;
    }

    /** The sum of the array. */
    @Benchmark
    public double sumOfArray() {
        return array.sum();
    }

    /** The sum of the slice under it. */
    @Benchmark
    public double sumOfSlice() {
        return array.bytes().doubles().sum();
    }

    /** The sum in Fortran order. */
    @Benchmark
    public double sumOfFortran() {
        return fortran.sum();
    }

    /** The sum of every other row and column. */
    @Benchmark
    public double sumOfStrided() {
        return strided.sum();
    }

    /** One sum a column. */
    @Benchmark
    public double[] sumsOfColumns() {
        return array.along(0).sum();
    }

    /** One sum a row. */
    @Benchmark
    public double[] sumsOfRows() {
        return array.along(1).sum();
    }

    /** One sum a column, in Fortran order. */
    @Benchmark
    public double[] sumsOfFortranColumns() {
        return fortran.along(0).sum();
    }

    /** One sum a row, in Fortran order. */
    @Benchmark
    public double[] sumsOfFortranRows() {
        return fortran.along(1).sum();
    }

    /** One sum a column, of every other row and column. */
    @Benchmark
    public double[] sumsOfStridedColumns() {
        return strided.along(0).sum();
    }

    /** One sum a row, of every other row and column. */
    @Benchmark
    public double[] sumsOfStridedRows() {
        return strided.along(1).sum();
    }
}
