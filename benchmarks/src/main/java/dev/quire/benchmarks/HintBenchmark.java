package dev.quire.benchmarks;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.hint.Hint;
import dev.quire.hint.Outcome;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Hints on memory that has them already and is resident, beside the bare system call by a downcall of its own.
 *
 * <p>{@code scripts/bench HintBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class HintBenchmark {
    static final int BYTES = 1 << 20;

    /** A constant, as everybody has it who calls the system often. */
    private static final MethodHandle MADVISE = madvise();

    /** The hint. */
    @Param({"NORMAL", "SEQUENTIAL", "RANDOM", "WILLNEED", "COLD", "HUGEPAGE"})
    public Hint hint = Hint.NORMAL;

    private Path path;
    private Mapping map;
    private MemorySegment segment;
    private int number;

    /** Maps a file and brings it in. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        path = Files.createTempFile("quire-hint", ".bin");
        Files.write(path, new byte[BYTES]);
        map = Mapping.open(path, MapMode.READ_ONLY);
        map.populate();
        segment = map.segment();
        number = number(hint);
    }

    /** The system's own function. */
    static MethodHandle madvise() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("madvise"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    }

    /** As Linux numbers them (asm-generic/mman-common.h). */
    private static int number(Hint hint) {
        return switch (hint) {
            case NORMAL -> 0;
            case RANDOM -> 1;
            case SEQUENTIAL -> 2;
            case WILLNEED -> 3;
            case DONTFORK -> 10;
            case DOFORK -> 11;
            case HUGEPAGE -> 14;
            case NOHUGEPAGE -> 15;
            case DONTDUMP -> 16;
            case DODUMP -> 17;
            case COLD -> 20;
            default -> throw new IllegalArgumentException(hint + " has no number here");
        };
    }

    /** Unmaps and removes it. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        map.close();
        Files.delete(path);
    }

    @Benchmark
    public int hint_bareDowncall() throws Throwable {
        return (int) MADVISE.invokeExact(segment, (long) BYTES, number);
    }

    @Benchmark
    public Outcome hint_quire() {
        return map.advise(0, BYTES, hint);
    }
}
