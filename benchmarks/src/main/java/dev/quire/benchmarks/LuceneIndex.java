package dev.quire.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/** A generated index that Lucene's own directory writes, and what is searched in it. */
final class LuceneIndex {
    private static final int WORDS = 20_000;
    private static final int WORDS_IN_TEXT = 40;
    private static final int DIMENSIONS = 64;

    private LuceneIndex() {}

    /** Writes documents in so many segments, without compound files. */
    static Path write(int documents, int segments) throws IOException {
        Path folder = Files.createTempDirectory("quire-lucene");
        IndexWriterConfig config = new IndexWriterConfig(new StandardAnalyzer())
                .setMergePolicy(NoMergePolicy.INSTANCE)
                .setMergeScheduler(new SerialMergeScheduler())
                .setUseCompoundFile(false)
                .setMaxBufferedDocs(documents / segments)
                .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH);
        Random random = new Random(1);
        try (Directory directory = new MMapDirectory(folder);
                IndexWriter writer = new IndexWriter(directory, config)) {
            for (int i = 0; i < documents; i++) {
                writer.addDocument(document(random));
            }
        }
        return folder;
    }

    private static Document document(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < WORDS_IN_TEXT; i++) {
            text.append(word(random)).append(' ');
        }
        Document document = new Document();
        document.add(new TextField("text", text.toString(), Field.Store.NO));
        document.add(new LongField("number", random.nextLong(1_000_000), Field.Store.NO));
        document.add(new KnnFloatVectorField("vector", vector(random), VectorSimilarityFunction.DOT_PRODUCT));
        return document;
    }

    /** A few words are in most documents, most words in a few. */
    static String word(Random random) {
        double uniform = random.nextDouble();
        return "w" + (int) (WORDS * uniform * uniform * uniform);
    }

    static float[] vector(Random random) {
        return vector(random, DIMENSIONS);
    }

    /** Of length 1. */
    static float[] vector(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
            squares += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(LuceneIndex::delete);
        }
        Files.delete(folder);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
