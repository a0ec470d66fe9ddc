package dev.quire.benchmarks;

import dev.quire.lucene.PrefetchBatch;
import dev.quire.lucene.QuireDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.VectorUtil;
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
 * Ranks 1,000 candidates again by their vectors of 768 floats, which lie anywhere in a cold file of 4 GiB.
 *
 * <p>{@code scripts/bench LuceneRerankBenchmark}
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 7)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Benchmark)
public class LuceneRerankBenchmark {
    private static final int DIMENSIONS = 768;
    private static final int BYTES = DIMENSIONS * Float.BYTES;
    private static final int CANDIDATES = 1_000;

    private final long[] positions = new Random(3)
            .longs(CANDIDATES, 0, 2 * ColdFile.BYTES / BYTES)
            .map(ordinal -> ordinal * BYTES)
            .toArray();
    private final float[] query = LuceneIndex.vector(new Random(4), DIMENSIONS);

    /** One read after the other. */
    @Benchmark
    public float rerank_mmap(ColdFile.Large file) throws IOException {
        try (Directory directory = new MMapDirectory(folder(file));
                IndexInput vectors = open(directory, file)) {
            return rank(vectors);
        }
    }

    /** Lucene's prefetch of each before the first is read. */
    @Benchmark
    public float rerank_mmapPrefetch(ColdFile.Large file) throws IOException {
        try (Directory directory = new MMapDirectory(folder(file));
                IndexInput vectors = open(directory, file)) {
            for (long position : positions) {
                vectors.prefetch(position, BYTES);
            }
            return rank(vectors);
        }
    }

    /** One read after the other, through Quire. */
    @Benchmark
    public float rerank_quire(ColdFile.Large file) throws IOException {
        try (Directory directory = new QuireDirectory(folder(file));
                IndexInput vectors = open(directory, file)) {
            return rank(vectors);
        }
    }

    /** All asked for at once. */
    @Benchmark
    public float rerank_quireBatch(ColdFile.Large file) throws IOException {
        try (Directory directory = new QuireDirectory(folder(file));
                IndexInput vectors = open(directory, file)) {
            PrefetchBatch batch = new PrefetchBatch();
            for (long position : positions) {
                batch.add(vectors, position, BYTES);
            }
            batch.run();
            return rank(vectors);
        }
    }

    private static Path folder(ColdFile file) {
        return file.path.resolveSibling("");
    }

    private static IndexInput open(Directory directory, ColdFile file) throws IOException {
        return directory.openInput(file.path.getFileName().toString(), IOContext.DEFAULT);
    }

    private float rank(IndexInput vectors) throws IOException {
        float[] vector = new float[DIMENSIONS];
        float best = Float.NEGATIVE_INFINITY;
        for (long position : positions) {
            vectors.seek(position);
            vectors.readFloats(vector, 0, DIMENSIONS);
            best = Math.max(best, VectorUtil.dotProduct(query, vector));
        }
        return best;
    }
}
