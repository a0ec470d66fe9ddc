package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.MappingGroup;
import dev.quire.Platform;
import dev.quire.Views;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * Opens files of 64 KiB for every thread, touches every page of them, and closes them all: as a group, one by one, and
 * by the JDK in one shared arena.
 *
 * <p>{@code scripts/bench GroupBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class GroupBenchmark {
    private static final int BYTES = 64 << 10;

    /** Files: 14 are a segment of a search index. */
    @Param({"1", "14", "140"})
    private int files;

    private Path folder;
    private List<Path> paths;
    private long page;

    /** Makes the files. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        folder = Files.createTempDirectory("quire-group");
        paths = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            paths.add(Files.write(folder.resolve("file" + i), new byte[BYTES]));
        }
        page = Platform.pageSize();
    }

    /** Removes them. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        for (Path path : paths) {
            Files.delete(path);
        }
        Files.delete(folder);
    }

    /** One handshake. */
    @Benchmark
    public long files_quireGroup(IdleThreads threads) throws IOException {
        long sum = 0;
        try (MappingGroup group = new MappingGroup()) {
            for (Path path : paths) {
                sum += touch(group.open(path, MapMode.READ_ONLY));
            }
        }
        return sum;
    }

    /** A handshake for each. */
    @Benchmark
    public long files_quireOneByOne(IdleThreads threads) throws IOException {
        List<Mapping> maps = new ArrayList<>();
        long sum = 0;
        for (Path path : paths) {
            Mapping map = Mapping.open(path, MapMode.READ_ONLY);
            maps.add(map);
            sum += touch(map);
        }
        maps.forEach(Mapping::close);
        return sum;
    }

    /** One handshake, of the arena. */
    @Benchmark
    public long files_jdkArena(IdleThreads threads) throws IOException {
        long sum = 0;
        try (Arena arena = Arena.ofShared()) {
            for (Path path : paths) {
                try (FileChannel channel = FileChannel.open(path)) {
                    sum += touch(channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES, arena));
                }
            }
        }
        return sum;
    }

    private long touch(Views views) {
        return touch(views.segment());
    }

    private long touch(MemorySegment bytes) {
        long sum = 0;
        for (long at = 0; at < BYTES; at += page) {
            sum += bytes.get(ValueLayout.JAVA_BYTE, at);
        }
        return sum;
    }
}
