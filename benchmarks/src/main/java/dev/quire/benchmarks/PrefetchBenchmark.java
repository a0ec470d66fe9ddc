package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Outcome;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to ask for pages that are resident: 1,000 ranges of 4 KiB in one call, beside one system call for each,
 * in C and by downcalls; and 1 MiB populated, beside the bare system call and the JDK's {@code load}.
 *
 * <p>{@code scripts/bench PrefetchBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class PrefetchBenchmark {
    private static final MethodHandle MADVISE = HintBenchmark.madvise();
    private static final long BYTES = 64L << 20;
    private static final int RANGES = 1_000;
    private static final int LENGTH = 4 << 10;
    private static final long BLOCK = 1 << 20;
    private static final int WILLNEED = 3;
    private static final int POPULATE_READ = 22;

    private final List<ByteRange> ranges = new ArrayList<>();
    private Path path;
    private Mapping map;
    private MemorySegment segment;
    private MemorySegment jdkSegment;
    private MemorySegment offsets;
    private MethodHandle prefetch;

    /** Maps a file and brings it in. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        path = Files.createTempFile("quire-prefetch", ".bin");
        Files.write(path, new byte[(int) BYTES]);
        map = Mapping.open(path, MapMode.READ_ONLY);
        map.populate();
        segment = map.segment();
        long[] places = new Random(3)
                .longs(RANGES, 0, BYTES / LENGTH)
                .map(i -> i * LENGTH)
                .toArray();
        for (long offset : places) {
            ranges.add(new ByteRange(offset, LENGTH));
        }
        offsets = Arena.global().allocateFrom(ValueLayout.JAVA_LONG, places);
        prefetch = new CBaseline("prefetch")
                .function(
                        "prefetch",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));
        try (FileChannel channel = FileChannel.open(path)) {
            jdkSegment = channel.map(FileChannel.MapMode.READ_ONLY, 0, BLOCK, Arena.global());
        }
    }

    /** Unmaps and removes it. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        map.close();
        Files.delete(path);
    }

    @Benchmark
    public long manyRanges_c() throws Throwable {
        return (long) prefetch.invokeExact(segment, offsets, (long) RANGES, (long) LENGTH);
    }

    @Benchmark
    public int manyRanges_downcallEach() throws Throwable {
        int failed = 0;
        for (ByteRange range : ranges) {
            MemorySegment part = segment.asSlice(range.offset(), LENGTH);
            failed |= (int) MADVISE.invokeExact(part, (long) LENGTH, WILLNEED);
        }
        return failed;
    }

    @Benchmark
    public Outcome manyRanges_quire() {
        return map.prefetch(ranges);
    }

    @Benchmark
    public int populate_bareDowncall() throws Throwable {
        return (int) MADVISE.invokeExact(segment, BLOCK, POPULATE_READ);
    }

    @Benchmark
    public Outcome populate_quire() throws IOException {
        return map.populate(0, BLOCK);
    }

    @Benchmark
    public void populate_jdkLoad() {
        jdkSegment.load();
    }
}
