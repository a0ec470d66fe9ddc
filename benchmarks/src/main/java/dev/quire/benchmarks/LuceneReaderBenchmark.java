package dev.quire.benchmarks;

import dev.quire.lucene.QuireDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
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
 * Opens and closes a reader of ten segments without compound files, beside idle threads. Lucene's own directory groups
 * the files of a segment too.
 *
 * <p>{@code scripts/bench LuceneReaderBenchmark -p idle=0,300}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
@Fork(3)
@State(Scope.Benchmark)
public class LuceneReaderBenchmark {
    private static final int SEGMENTS = 10;

    private Path folder;
    private Directory mapped;
    private Directory quire;

    /** Writes the index. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        folder = LuceneIndex.write(1_000 * SEGMENTS, SEGMENTS);
        mapped = new MMapDirectory(folder);
        quire = new QuireDirectory(folder);
    }

    /** Removes it. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        mapped.close();
        quire.close();
        LuceneIndex.remove(folder);
    }

    /** Lucene's own directory. */
    @Benchmark
    public int reader_mmap(IdleThreads threads) throws IOException {
        return open(mapped);
    }

    /** Quire's. */
    @Benchmark
    public int reader_quire(IdleThreads threads) throws IOException {
        return open(quire);
    }

    private static int open(Directory directory) throws IOException {
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            return reader.numDocs();
        }
    }
}
