package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.hint.Hint;
import dev.quire.scan.Gather;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.store.DataAccessHint;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.RandomAccessInput;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads 20,000 records of 4 KiB at random from a cold file of 2 GiB, per record; the unhinted JDK map, which is the
 * slowest by far, reads 2,000.
 *
 * <p>{@code scripts/bench GatherBenchmark}
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@Fork(1)
@State(Scope.Benchmark)
public class GatherBenchmark {
    private static final int RECORD = 4 << 10;
    private static final int COUNT = 20_000;
    private static final int FEW = 2_000;
    private static final int BATCH = 128;

    private final long[] offsets = new Random(2)
            .longs(COUNT, 0, ColdFile.BYTES / RECORD)
            .map(i -> i * RECORD)
            .toArray();
    private MethodHandle readRecords;
    private MemorySegment cOffsets;

    /** Compiles the C side. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        cOffsets = Arena.global().allocateFrom(ValueLayout.JAVA_LONG, offsets);
        readRecords = new CBaseline("random")
                .function(
                        "read_records",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));
    }

    /** The device's own speed: 64 reads under way at any time, past the page cache. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long random_cDevice(ColdFile file) throws Throwable {
        long failed = (long) readRecords.invokeExact(file.cPath, cOffsets, (long) COUNT, 64L);
        if (failed != 0) {
            throw new IOException(failed + " reads of " + file.path + " failed");
        }
        return failed;
    }

    /** Lucene's, told that reads come at random, with prefetches in batches. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long random_lucenePrefetch(ColdFile file) throws IOException {
        long sum = 0;
        try (Directory folder = new MMapDirectory(file.path.getParent());
                IndexInput in = folder.openInput(
                        file.path.getFileName().toString(), IOContext.DEFAULT.withHints(DataAccessHint.RANDOM))) {
            RandomAccessInput bytes = in.randomAccessSlice(0, ColdFile.BYTES);
            for (int from = 0; from < COUNT; from += BATCH) {
                int to = Math.min(from + BATCH, COUNT);
                for (int i = from; i < to; i++) {
                    bytes.prefetch(offsets[i], RECORD);
                }
                for (int i = from; i < to; i++) {
                    sum += bytes.readByte(offsets[i]);
                }
            }
        }
        return sum;
    }

    /** In the order asked for. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long random_quireGather(ColdFile file) throws IOException {
        long[] sum = new long[1];
        try (Mapping map = Mapping.open(file.path, MapMode.READ_ONLY)) {
            Gather.of(map.bytes()).forEach(offsets, RECORD, (_, record) -> sum[0] += record.get(0));
        }
        return sum[0];
    }

    /** As they come. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long random_quireGatherAsTheyCome(ColdFile file) throws IOException {
        long[] sum = new long[1];
        try (Mapping map = Mapping.open(file.path, MapMode.READ_ONLY)) {
            Gather.of(map.bytes()).forEachAsTheyCome(offsets, RECORD, (_, record) -> sum[0] += record.get(0));
        }
        return sum[0];
    }

    /** One at a time, with RANDOM. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long random_quireRandom(ColdFile file) throws IOException {
        try (Mapping map = Mapping.open(file.path, MapMode.READ_ONLY)) {
            map.advise(Hint.RANDOM);
            return sum(map.segment(), COUNT);
        }
    }

    /** One positioned read at a time. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long random_jdkRead(ColdFile file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(RECORD);
        long sum = 0;
        try (FileChannel channel = FileChannel.open(file.path)) {
            for (long offset : offsets) {
                channel.read(buffer.clear(), offset);
                sum += buffer.get(0);
            }
        }
        return sum;
    }

    /** The JDK's mapping, without a hint. */
    @Benchmark
    @OperationsPerInvocation(FEW)
    public long random_jdkMap(ColdFile file) throws IOException {
        try (FileChannel channel = FileChannel.open(file.path);
                Arena arena = Arena.ofConfined()) {
            return sum(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), FEW);
        }
    }

    /** The JDK's buffer, without a hint; it reaches the first half. */
    @Benchmark
    @OperationsPerInvocation(FEW)
    public long random_jdkBuffer(ColdFile file) throws IOException {
        try (FileChannel channel = FileChannel.open(file.path)) {
            ByteBuffer half = channel.map(FileChannel.MapMode.READ_ONLY, 0, ColdFile.BYTES / 2);
            long sum = 0;
            for (int i = 0; i < FEW; i++) {
                sum += half.get((int) (offsets[i] / 2));
            }
            return sum;
        }
    }

    private long sum(MemorySegment all, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += all.get(ValueLayout.JAVA_BYTE, offsets[i]);
        }
        return sum;
    }
}
