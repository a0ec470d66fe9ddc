package dev.quire.benchmarks;

import dev.quire.Lease;
import dev.quire.LeasedMapping;
import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.MappedBytes;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.RandomAccessInput;
import org.mapdb.volume.MappedFileVolSingle;
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
 * Opens a file of 64 KiB, maps it, touches every page, and closes it, beside the same calls in C, by the JDK and by
 * other libraries.
 *
 * <p>{@code scripts/bench LifecycleBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class LifecycleBenchmark {
    private static final int BYTES = 64 << 10;

    private Path path;
    private MemorySegment cPath;
    private MethodHandle openMapTouchClose;
    private long page;
    private LeasedMapping leased;

    /** Makes the file and compiles the C side. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        path = Files.createTempFile("quire-lifecycle", ".bin");
        Files.write(path, new byte[BYTES]);
        page = Platform.pageSize();
        cPath = Arena.global().allocateFrom(path.toString());
        openMapTouchClose = new CBaseline("lifecycle")
                .function(
                        "open_map_touch_close",
                        FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        leased = Mapping.open(path, MapMode.READ_ONLY, Lifetime.LEASED);
    }

    /** Removes the file. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        leased.close();
        Files.delete(path);
    }

    /** The baseline. */
    @Benchmark
    public long file_c(IdleThreads threads) throws Throwable {
        return (long) openMapTouchClose.invokeExact(cPath, page);
    }

    /** One thread's mapping. */
    @Benchmark
    public long file_quireConfined(IdleThreads threads) throws IOException {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY, Lifetime.CONFINED)) {
            return touch(map.bytes());
        }
    }

    /** Every thread's mapping, whose close asks them all. */
    @Benchmark
    public long file_quireShared(IdleThreads threads) throws IOException {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
            return touch(map.bytes());
        }
    }

    /** Every thread's mapping, by lease. */
    @Benchmark
    public long file_quireLeased(IdleThreads threads) throws IOException {
        try (LeasedMapping map = Mapping.open(path, MapMode.READ_ONLY, Lifetime.LEASED);
                Lease lease = map.lease()) {
            return touch(lease.bytes());
        }
    }

    /** Every thread's mapping, left to the collector as the JDK's buffer is. */
    @Benchmark
    public long file_quireAuto(IdleThreads threads) throws IOException {
        return touch(Mapping.open(path, MapMode.READ_ONLY, Lifetime.AUTO).bytes());
    }

    /** A lease alone, of a mapping that stays open. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public long lease_quire() {
        try (Lease lease = leased.lease()) {
            return lease.bytes().get(0);
        }
    }

    /** The JDK's mapping, confined. */
    @Benchmark
    public long file_jdkConfined(IdleThreads threads) throws IOException {
        try (FileChannel channel = FileChannel.open(path);
                Arena arena = Arena.ofConfined()) {
            return touch(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    /** The JDK's mapping, shared. */
    @Benchmark
    public long file_jdkShared(IdleThreads threads) throws IOException {
        try (FileChannel channel = FileChannel.open(path);
                Arena arena = Arena.ofShared()) {
            return touch(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    /** The JDK's buffer, which nobody can close: the collector does that some day. */
    @Benchmark
    public long file_jdkBuffer(IdleThreads threads) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            long sum = 0;
            for (int at = 0; at < bytes.capacity(); at += (int) page) {
                sum += bytes.get(at);
            }
            return sum;
        }
    }

    /** Agrona's, which unmaps while others may still read. */
    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public long file_agrona(IdleThreads threads) {
        MappedByteBuffer map = IoUtil.mapExistingFile(path.toFile(), FileChannel.MapMode.READ_ONLY, "lifecycle");
        UnsafeBuffer bytes = new UnsafeBuffer(map);
        long sum = 0;
        for (int at = 0; at < bytes.capacity(); at += (int) page) {
            sum += bytes.getByte(at);
        }
        IoUtil.unmap(map);
        return sum;
    }

    /** Chronicle's, with reference counts. */
    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {
                Peers.AGRONA,
                Peers.OPEN_NIO,
                Peers.OPEN_CHANNELS,
                Peers.OPEN_REFLECTION,
                Peers.OPEN_LANG,
                Peers.OPEN_IO,
                Peers.UNSAFE
            })
    public long file_chronicle(IdleThreads threads) throws IOException {
        MappedBytes bytes = MappedBytes.singleMappedBytes(path.toFile(), BYTES, true);
        long sum = 0;
        for (long at = 0; at < BYTES; at += page) {
            sum += bytes.readByte(at);
        }
        bytes.releaseLast();
        return sum;
    }

    /** Lucene's, with a shared arena. */
    @Benchmark
    public long file_lucene(IdleThreads threads, LuceneFolder folder) throws IOException {
        try (IndexInput in = folder.directory.openInput(path.getFileName().toString(), IOContext.DEFAULT)) {
            RandomAccessInput bytes = in.randomAccessSlice(0, BYTES);
            long sum = 0;
            for (long at = 0; at < BYTES; at += page) {
                sum += bytes.readByte(at);
            }
            return sum;
        }
    }

    /** MapDB's, which unmaps at once where it is told to, and only what was opened for writing. */
    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Peers.OPEN_NIO, Peers.OPEN_CHANNELS, Peers.UNSAFE})
    public long file_mapdb(IdleThreads threads) {
        MappedFileVolSingle bytes = new MappedFileVolSingle(path.toFile(), false, 0, BYTES, true);
        long sum = 0;
        for (long at = 0; at < BYTES; at += page) {
            sum += bytes.getByte(at);
        }
        bytes.close();
        return sum;
    }

    /** The file's folder, as Lucene sees it. */
    @State(Scope.Benchmark)
    public static class LuceneFolder {
        private MMapDirectory directory;

        /** Opens it. */
        @Setup(Level.Trial)
        public void open(LifecycleBenchmark benchmark) throws IOException {
            directory = new MMapDirectory(benchmark.path.getParent());
        }

        /** Closes it. */
        @TearDown(Level.Trial)
        public void close() throws IOException {
            directory.close();
        }
    }

    /** Memory without a file, untouched: what is left is mapping and closing. */
    @Benchmark
    public long anonymous_quireLeased(IdleThreads threads) throws IOException {
        try (LeasedMapping map = Mapping.anonymous(BYTES, Lifetime.LEASED)) {
            return map.byteSize();
        }
    }

    /** Memory without a file, untouched, open to every thread. */
    @Benchmark
    public long anonymous_quireShared(IdleThreads threads) throws IOException {
        try (Mapping map = Mapping.anonymous(BYTES)) {
            return map.byteSize();
        }
    }

    /** A shared arena with nothing in it: the handshake alone. */
    @Benchmark
    public boolean anonymous_jdkSharedArenaAlone(IdleThreads threads) {
        try (Arena arena = Arena.ofShared()) {
            return arena.scope().isAlive();
        }
    }

    private long touch(ByteSlice bytes) {
        long sum = 0;
        for (long at = 0; at < bytes.length(); at += page) {
            sum += bytes.get(at);
        }
        return sum;
    }

    private long touch(MemorySegment bytes) {
        long sum = 0;
        for (long at = 0; at < bytes.byteSize(); at += page) {
            sum += bytes.get(ValueLayout.JAVA_BYTE, at);
        }
        return sum;
    }
}
