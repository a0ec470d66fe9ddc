package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.scan.Scan;
import dev.quire.scan.ScanOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.RandomAccessInput;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Sums the 64-bit words of a cold file of 2 GiB, once through: a scan within 128 MiB, and one that keeps everything,
 * beside C, the JDK and Lucene. The file's pages are dropped before every invocation.
 *
 * <p>{@code scripts/bench ScanBenchmark}
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@Fork(1)
@State(Scope.Benchmark)
public class ScanBenchmark {
    private static final int CHUNK = 1 << 20;
    private static final long BUDGET = 128L << 20;

    /** The baseline: C with {@code read}. */
    @Benchmark
    public long sequential_cRead(ColdFile file) throws Throwable {
        return (long) file.sumByRead.invokeExact(file.cPath, (long) CHUNK);
    }

    /** C with {@code mmap} and SEQUENTIAL. */
    @Benchmark
    public long sequential_cMapSequential(ColdFile file) throws Throwable {
        return (long) file.sumByMap.invokeExact(file.cPath);
    }

    /** A scan that drops what is behind. */
    @Benchmark
    public long sequential_quireScan(ColdFile file) throws IOException {
        return scan(file, ScanOptions.DEFAULT.budget(BUDGET));
    }

    /** A scan that drops nothing. */
    @Benchmark
    public long sequential_quireKeeping(ColdFile file) throws IOException {
        return scan(file, ScanOptions.DEFAULT.keeping());
    }

    /** The JDK's {@code read} into a direct buffer. */
    @Benchmark
    public long sequential_jdkRead(ColdFile file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        MemorySegment segment = MemorySegment.ofBuffer(buffer);
        long sum = 0;
        try (FileChannel channel = FileChannel.open(file.path)) {
            while (channel.read(buffer) > 0) {
                sum += sum(segment.asSlice(0, buffer.position()));
                buffer.clear();
            }
        }
        return sum;
    }

    /** The JDK's mapping, without a hint. */
    @Benchmark
    public long sequential_jdkMap(ColdFile file) throws IOException {
        try (FileChannel channel = FileChannel.open(file.path);
                Arena arena = Arena.ofConfined()) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long sum = 0;
            for (long at = 0; at < all.byteSize(); at += CHUNK) {
                sum += sum(all.asSlice(at, CHUNK));
            }
            return sum;
        }
    }

    /** The JDK's buffers, without a hint: one maps less than 2 GiB. */
    @Benchmark
    public long sequential_jdkBuffer(ColdFile file) throws IOException {
        int half = (int) (ColdFile.BYTES / 2);
        long sum = 0;
        try (FileChannel channel = FileChannel.open(file.path)) {
            for (long from = 0; from < ColdFile.BYTES; from += half) {
                ByteBuffer buffer = channel.map(FileChannel.MapMode.READ_ONLY, from, half);
                buffer.order(ByteOrder.nativeOrder());
                for (int at = 0; at < half; at += Long.BYTES) {
                    sum += buffer.getLong(at);
                }
            }
        }
        return sum;
    }

    /** Lucene's, told that it is read once. */
    @Benchmark
    public long sequential_lucene(ColdFile file) throws IOException {
        try (Directory folder = new MMapDirectory(file.path.getParent());
                IndexInput in = folder.openInput(file.path.getFileName().toString(), IOContext.READONCE)) {
            RandomAccessInput words = in.randomAccessSlice(0, ColdFile.BYTES);
            long sum = 0;
            for (long at = 0; at < ColdFile.BYTES; at += Long.BYTES) {
                sum += words.readLong(at);
            }
            return sum;
        }
    }

    /** 4 GiB within 128 MiB. */
    @Benchmark
    public long bounded_quireScan(ColdFile.Large file) throws IOException {
        return scan(file, ScanOptions.DEFAULT.budget(BUDGET));
    }

    /** 4 GiB, kept in memory. */
    @Benchmark
    public long bounded_quireKeeping(ColdFile.Large file) throws IOException {
        return scan(file, ScanOptions.DEFAULT.keeping());
    }

    private static long scan(ColdFile file, ScanOptions options) throws IOException {
        long[] sum = new long[1];
        try (Mapping map = Mapping.open(file.path, MapMode.READ_ONLY);
                Scan scan = Scan.of(map.bytes(), options)) {
            scan.forEach(chunk -> sum[0] += sum(chunk.segment()));
        }
        return sum[0];
    }

    private static long sum(MemorySegment words) {
        long sum = 0;
        for (long at = 0; at < words.byteSize(); at += Long.BYTES) {
            sum += words.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
        }
        return sum;
    }
}
