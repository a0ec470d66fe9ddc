package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.scan.Batch;
import dev.quire.scan.ReadOptions;
import dev.quire.scan.ReadWay;
import dev.quire.scan.Reads;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads 20,000 records of 4 KiB at random over 8 files of 128 MiB, in batches of 64, per record: cold, and when all is
 * in memory.
 *
 * <p>{@code scripts/bench ReadsBenchmark}. For a limited group of processes, start it in one.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 7)
@Fork(1)
@State(Scope.Benchmark)
public class ReadsBenchmark {
    private static final int RECORD = 4 << 10;
    private static final int COUNT = 20_000;
    private static final int BATCH = 64;
    private static final int FILES = 8;
    private static final int FILE_BYTES = 128 << 20;

    /** Whether the files are in memory. */
    @Param({"cold", "warm"})
    public String state = "cold";

    private final long[] offsets = new Random(3)
            .longs(COUNT, 0, FILE_BYTES / RECORD)
            .map(i -> i * RECORD)
            .toArray();
    private final List<Path> paths = new ArrayList<>();
    private final List<Mapping> maps = new ArrayList<>();
    private MemorySegment cPaths;
    private MemorySegment cOffsets;
    private MethodHandle readBatches;

    /** Writes and maps the files, and compiles the C side. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < FILES; i++) {
            Path path = Files.createTempFile("quire-reads", ".bin");
            byte[] bytes = new byte[FILE_BYTES];
            new Random(i).nextBytes(bytes);
            Files.write(path, bytes);
            paths.add(path);
            maps.add(Mapping.open(path, MapMode.READ_ONLY));
            names.append(path).append('\0');
        }
        cPaths = Arena.global().allocateFrom(names.toString(), StandardCharsets.UTF_8);
        cOffsets = Arena.global().allocateFrom(ValueLayout.JAVA_LONG, offsets);
        readBatches = new CBaseline("direct")
                .function(
                        "read_batches",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));
    }

    /** Drops the files from memory, or brings them in. */
    @Setup(Level.Invocation)
    public void bring() throws IOException {
        for (int i = 0; i < FILES; i++) {
            if (state.equals("warm")) {
                maps.get(i).populate();
            } else {
                try (FileChannel channel = FileChannel.open(paths.get(i), StandardOpenOption.WRITE)) {
                    channel.force(false);
                }
                maps.get(i).evict();
            }
        }
    }

    /** Removes the files. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        maps.forEach(Mapping::close);
        for (Path path : paths) {
            Files.delete(path);
        }
    }

    /** The device's own speed: {@code io_uring} and {@code O_DIRECT}, without a library. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long batches_cDirect() throws Throwable {
        long failed = (long) readBatches.invokeExact(cPaths, (long) FILES, cOffsets, (long) COUNT, (long) BATCH);
        if (failed != 0) {
            throw new IOException(failed + " reads failed");
        }
        return failed;
    }

    /** The way that fits. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long batches_quireAuto() throws IOException {
        return batches(ReadWay.AUTO);
    }

    /** Past the page cache. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long batches_quireDirect() throws IOException {
        return batches(ReadWay.DIRECT);
    }

    /** In place. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long batches_quireMapped() throws IOException {
        return batches(ReadWay.MAPPED);
    }

    /** By a pool of threads. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long batches_quireBuffered() throws IOException {
        return batches(ReadWay.BUFFERED);
    }

    private long batches(ReadWay way) throws IOException {
        long[] sum = new long[1];
        try (Batch batch = Reads.batch(new ReadOptions(way, BATCH))) {
            for (int from = 0; from < COUNT; from += BATCH) {
                for (int i = from; i < Math.min(COUNT, from + BATCH); i++) {
                    batch.add(maps.get(i % FILES), offsets[i], RECORD);
                }
                batch.run((_, record) -> sum[0] += sum(record.segment(), 0));
            }
        }
        return sum[0];
    }

    /** One after the other, where they are mapped. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long batches_readingInPlace() {
        long sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += sum(maps.get(i % FILES).segment(), offsets[i]);
        }
        return sum;
    }

    /** One positioned read at a time. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long batches_jdkRead() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(RECORD);
        MemorySegment bytes = MemorySegment.ofBuffer(buffer);
        long sum = 0;
        List<FileChannel> channels = new ArrayList<>();
        for (Path path : paths) {
            channels.add(FileChannel.open(path));
        }
        for (int i = 0; i < COUNT; i++) {
            channels.get(i % FILES).read(buffer.clear(), offsets[i]);
            sum += sum(bytes, 0);
        }
        for (FileChannel channel : channels) {
            channel.close();
        }
        return sum;
    }

    private static long sum(MemorySegment bytes, long from) {
        long sum = 0;
        for (long at = from; at < from + RECORD; at += Long.BYTES) {
            sum += bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
        }
        return sum;
    }
}
