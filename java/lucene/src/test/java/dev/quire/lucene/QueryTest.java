package dev.quire.lucene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.lucene.Queries.Search;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.MMapDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Queries of every kind find what they find through Lucene's own {@link MMapDirectory}. The property
 * {@code quire.lucene.documents} says over how many documents.
 */
class QueryTest {
    private static final int DOCUMENTS = Integer.getInteger("quire.lucene.documents", 10_000);
    private static final int OF_EACH = 20;

    @TempDir
    Path folder;

    @Test
    void findTheSame() throws IOException {
        try (QuireDirectory ours = new QuireDirectory(folder, FilePolicy::byContextWithRandom)) {
            GeneratedIndex.write(ours, DOCUMENTS);
            try (MMapDirectory theirs = new MMapDirectory(folder);
                    DirectoryReader reader = DirectoryReader.open(ours);
                    DirectoryReader expected = DirectoryReader.open(theirs)) {
                assertEquals(DOCUMENTS, reader.numDocs());
                compare(new IndexSearcher(expected), new IndexSearcher(reader));
            }
            assertEquals(0, ours.openGroups());
        }
    }

    private static void compare(IndexSearcher expected, IndexSearcher searcher) throws IOException {
        int found = 0;
        for (Search search : Queries.generate(OF_EACH, 1)) {
            TopDocs here = searcher.search(search.query(), 20, search.sort());
            TopDocs there = expected.search(search.query(), 20, search.sort());
            assertEquals(there.totalHits, here.totalHits, search::toString);
            assertArrayEquals(texts(there), texts(here), search::toString);
            found += here.scoreDocs.length;
            for (ScoreDoc document : here.scoreDocs) {
                assertEquals(
                        expected.storedFields().document(document.doc).get("text"),
                        searcher.storedFields().document(document.doc).get("text"));
            }
        }
        assertTrue(found > 1_000, "only " + found + " documents were compared");
    }

    private static String[] texts(TopDocs documents) {
        return Arrays.stream(documents.scoreDocs)
                .map(document -> document.doc + " " + document.score
                        + (document instanceof FieldDoc sorted ? Arrays.toString(sorted.fields) : ""))
                .toArray(String[]::new);
    }
}
