package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.array.MappedArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
 * Opens a {@code .npy} file, reads its last element and closes it: a small one, and a sparse one of 100 GiB.
 *
 * <p>{@code scripts/bench OpeningBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class OpeningBenchmark {
    /** What {@code numpy.save} writes before the data of a small array. */
    private static final int HEADER_BYTES = 128;

    /** How many doubles: 1 KiB, 100 GiB. */
    @Param({"128", "13421772800"})
    public long count;

    private Path file;

    /** Writes a header, and a byte at the end. */
    @Setup(Level.Trial)
    public void create() throws IOException {
        file = Files.createTempFile("quire-opening", ".npy");
        String text = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + count + ",), }";
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, HEADER_BYTES - 10, 0});
        header.put(text.getBytes(StandardCharsets.US_ASCII));
        while (header.remaining() > 1) {
            header.put((byte) ' ');
        }
        header.put((byte) '\n').flip();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(header, 0);
            channel.write(ByteBuffer.allocate(1), HEADER_BYTES + count * Double.BYTES - 1);
        }
    }

    /** Removes it. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Files.delete(file);
    }

    /** Opens, reads and closes. */
    @Benchmark
    public double open() throws IOException {
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            return array.getDouble(count - 1);
        }
    }
}
