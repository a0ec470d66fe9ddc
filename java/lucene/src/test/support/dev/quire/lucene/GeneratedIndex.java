package dev.quire.lucene;

import java.io.IOException;
import java.util.Random;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BytesRef;

/** An index that is the same each time: words in many frequencies, numbers, names to sort by, vectors. */
public final class GeneratedIndex {
    static final int DIMENSIONS = 32;
    static final int WORDS = 5_000;
    private static final long SEED = 20_261_201;
    private static final int WORDS_IN_TEXT = 25;
    private static final int EVERY_VECTOR = 4;

    private GeneratedIndex() {}

    /** Five segments, of which three are merged. */
    public static void write(Directory directory, int documents) throws IOException {
        LogDocMergePolicy merges = new LogDocMergePolicy();
        merges.setMergeFactor(3);
        merges.setMaxMergeDocs(documents / 5);
        write(directory, documents, documents / 5, config().setMergePolicy(merges));
    }

    /** That many segments, none of which is a compound file. */
    public static void writeSegments(Directory directory, int documents, int segments) throws IOException {
        IndexWriterConfig config =
                config().setMergePolicy(NoMergePolicy.INSTANCE).setUseCompoundFile(false);
        write(directory, documents, documents / segments, config);
    }

    private static IndexWriterConfig config() {
        return new IndexWriterConfig(new StandardAnalyzer())
                .setMergeScheduler(new SerialMergeScheduler())
                .setMaxBufferedDocs(Integer.MAX_VALUE)
                .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH);
    }

    private static void write(Directory directory, int documents, int inSegment, IndexWriterConfig config)
            throws IOException {
        Random random = new Random(SEED);
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (int i = 1; i <= documents; i++) {
                writer.addDocument(document(random, i - 1));
                if (i % inSegment == 0) {
                    writer.commit();
                }
            }
        }
    }

    private static Document document(Random random, int id) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < WORDS_IN_TEXT; i++) {
            text.append(word(random)).append(' ');
        }
        long number = random.nextLong(1_000_000);
        String group = "group" + random.nextInt(100);
        Document document = new Document();
        document.add(new StringField("id", Integer.toString(id), Field.Store.YES));
        document.add(new TextField("text", text.toString(), Field.Store.YES));
        document.add(new LongField("number", number, Field.Store.NO));
        document.add(new StringField("group", group, Field.Store.NO));
        document.add(new SortedDocValuesField("group", new BytesRef(group)));
        if (id % EVERY_VECTOR == 0) {
            document.add(new KnnFloatVectorField("vector", vector(random), VectorSimilarityFunction.DOT_PRODUCT));
        }
        return document;
    }

    /** A few words are in most documents, most words in a few. */
    static String word(Random random) {
        double uniform = random.nextDouble();
        return "w" + (int) (WORDS * uniform * uniform * uniform);
    }

    /** Of length 1. */
    static float[] vector(Random random) {
        float[] vector = new float[DIMENSIONS];
        double squares = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
            squares += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }
}
