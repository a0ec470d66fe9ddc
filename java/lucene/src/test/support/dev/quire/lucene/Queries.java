package dev.quire.lucene;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.WildcardQuery;

/** Queries of every kind over a {@link GeneratedIndex}, with an order. */
public final class Queries {
    /** A query, and the order of its results; scores decide if that is {@link Sort#RELEVANCE}. */
    public record Search(Query query, Sort sort) {}

    private static final Sort BY_NUMBER =
            new Sort(new SortedNumericSortField("number", SortField.Type.LONG), SortField.FIELD_DOC);
    private static final Sort BY_GROUP =
            new Sort(new SortField("group", SortField.Type.STRING, true), SortField.FIELD_DOC);

    private Queries() {}

    /** So many of each kind. */
    public static List<Search> generate(int ofEach, long seed) {
        Random random = new Random(seed);
        List<Search> searches = new ArrayList<>();
        for (int i = 0; i < ofEach; i++) {
            Query term = new TermQuery(new Term("text", word(random)));
            Query both = new BooleanQuery.Builder()
                    .add(term, Occur.MUST)
                    .add(new TermQuery(new Term("text", word(random))), Occur.MUST)
                    .build();
            Query either = new BooleanQuery.Builder()
                    .add(term, Occur.SHOULD)
                    .add(new TermQuery(new Term("text", word(random))), Occur.SHOULD)
                    .add(new TermQuery(new Term("group", "group" + random.nextInt(100))), Occur.MUST_NOT)
                    .build();
            long from = random.nextLong(900_000);
            Query range = LongField.newRangeQuery("number", from, from + random.nextLong(100_000));
            Query points = new ConstantScoreQuery(LongPoint.newSetQuery("number", from, from + 1, from + 2));
            for (Query query : List.of(term, both, either, phrase(random), range, points, vectors(random))) {
                searches.add(new Search(query, Sort.RELEVANCE));
            }
            searches.add(new Search(both, BY_NUMBER));
            searches.add(new Search(either, BY_GROUP));
            searches.add(new Search(new PrefixQuery(new Term("text", word(random))), Sort.RELEVANCE));
            searches.add(new Search(new WildcardQuery(new Term("text", word(random) + "?")), BY_NUMBER));
            searches.add(new Search(new FuzzyQuery(new Term("text", word(random)), 1), Sort.RELEVANCE));
        }
        return searches;
    }

    /** Vectors that are near another one. */
    public static Query vectors(Random random) {
        return new KnnFloatVectorQuery("vector", GeneratedIndex.vector(random), 10);
    }

    private static Query phrase(Random random) {
        return new PhraseQuery(random.nextInt(3), "text", "w" + random.nextInt(20), "w" + random.nextInt(20));
    }

    private static String word(Random random) {
        return GeneratedIndex.word(random);
    }
}
