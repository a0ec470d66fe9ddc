package dev.quire.benchmarks;

import dev.quire.lucene.QuireDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.document.LongField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
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
 * Queries of one kind over an index that is in memory, through Lucene's own directory and through Quire's, per query.
 *
 * <p>{@code scripts/bench LuceneQueryBenchmark}; {@code -p documents=1000000} for a larger index
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Benchmark)
public class LuceneQueryBenchmark {
    private static final int QUERIES = 50;

    /** How many there are to search. */
    @Param("200000")
    public int documents;

    /** What is asked. */
    @Param({"term", "and", "phrase", "sort", "range", "knn"})
    public String kind = "term";

    private Path folder;
    private final List<Query> queries = new ArrayList<>();
    private Sort sort;

    /** Writes the index. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        folder = LuceneIndex.write(documents, 4);
        Random random = new Random(2);
        for (int i = 0; i < QUERIES; i++) {
            queries.add(query(random));
        }
        sort = kind.equals("sort")
                ? new Sort(new SortedNumericSortField("number", SortField.Type.LONG))
                : Sort.RELEVANCE;
    }

    private Query query(Random random) {
        long from = random.nextLong(900_000);
        return switch (kind) {
            case "term", "sort" -> term(random);
            case "and" ->
                new BooleanQuery.Builder()
                        .add(term(random), Occur.MUST)
                        .add(term(random), Occur.MUST)
                        .build();
            case "phrase" -> new PhraseQuery("text", "w" + random.nextInt(50), "w" + random.nextInt(50));
            case "range" -> LongField.newRangeQuery("number", from, from + 50_000);
            case "knn" -> new KnnFloatVectorQuery("vector", LuceneIndex.vector(random), 10);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Query term(Random random) {
        return new TermQuery(new Term("text", LuceneIndex.word(random)));
    }

    /** Removes the index. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        LuceneIndex.remove(folder);
    }

    /** A reader of Lucene's directory. */
    @State(Scope.Benchmark)
    public static class Mapped {
        private Directory directory;
        private DirectoryReader reader;
        IndexSearcher searcher;

        /** Opens it. */
        @Setup(Level.Trial)
        public void open(LuceneQueryBenchmark index) throws IOException {
            open(new MMapDirectory(index.folder));
        }

        final void open(Directory opened) throws IOException {
            directory = opened;
            reader = DirectoryReader.open(opened);
            searcher = new IndexSearcher(reader);
            searcher.setQueryCache(null);
        }

        /** Closes it. */
        @TearDown(Level.Trial)
        public void close() throws IOException {
            reader.close();
            directory.close();
        }
    }

    /** A reader of Quire's. */
    @State(Scope.Benchmark)
    public static class Quire extends Mapped {
        @Override
        @Setup(Level.Trial)
        public void open(LuceneQueryBenchmark index) throws IOException {
            open(new QuireDirectory(index.folder));
        }
    }

    /** Lucene's own directory. */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    public long queries_mmap(Mapped mapped) throws IOException {
        return search(mapped.searcher);
    }

    /** Quire's. */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    public long queries_quire(Quire quire) throws IOException {
        return search(quire.searcher);
    }

    private long search(IndexSearcher searcher) throws IOException {
        long found = 0;
        for (Query query : queries) {
            found += searcher.search(query, 10, sort).totalHits.value();
        }
        return found;
    }
}
