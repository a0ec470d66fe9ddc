package dev.quire;

import dev.quire.FaultForeign.Reader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.codecs.lucene95.OffHeapByteVectorValues;
import org.apache.lucene.codecs.lucene95.OffHeapFloatVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/** Readers of libraries that access memory in ways of their own: by addresses, and by the Vector API. */
final class FaultLibraries {
    private static final int DIMENSIONS = 256;

    private FaultLibraries() {}

    static List<Reader> readers() {
        return List.of(
                new Reader("Agrona", segment -> agrona(segment.asByteBuffer())),
                new Reader("Netty", segment -> netty(segment.asByteBuffer())),
                new Reader("Lucene, bytes", segment -> bytes(segment, VectorSimilarityFunction.DOT_PRODUCT)),
                new Reader("Lucene, distances", segment -> bytes(segment, VectorSimilarityFunction.EUCLIDEAN)),
                new Reader("Lucene, floats", FaultLibraries::floats));
    }

    private static long agrona(ByteBuffer bytes) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        long hash = 0;
        for (int at = 0; at + 8 <= buffer.capacity(); at += 8) {
            hash = hash * 31 + buffer.getLong(at) + buffer.getByte(at);
        }
        return hash;
    }

    private static long netty(ByteBuffer bytes) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        long hash = ByteBufUtil.hashCode(buffer);
        while (buffer.readableBytes() >= 8) {
            hash = hash * 31 + buffer.readLong();
        }
        return hash;
    }

    /** Whole numbers, which add up to the same in any order. */
    private static double bytes(MemorySegment segment, VectorSimilarityFunction similarity) {
        int count = (int) segment.byteSize() / DIMENSIONS;
        FlatVectorsScorer scorers = FlatVectorScorerUtil.getLucene99FlatVectorsScorer();
        try {
            OffHeapByteVectorValues values = new OffHeapByteVectorValues.DenseOffHeapVectorValues(
                    DIMENSIONS, count, new Input(segment), DIMENSIONS, scorers, similarity);
            return sum(
                    scorers.getRandomVectorScorer(similarity, values, FaultOperations.content(0, DIMENSIONS)), count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean floats(MemorySegment segment) {
        int count = (int) segment.byteSize() / DIMENSIONS / 4;
        float[] target = new float[DIMENSIONS];
        VectorSimilarityFunction similarity = VectorSimilarityFunction.EUCLIDEAN;
        FlatVectorsScorer scorers = FlatVectorScorerUtil.getLucene99FlatVectorsScorer();
        try {
            OffHeapFloatVectorValues values = new OffHeapFloatVectorValues.DenseOffHeapVectorValues(
                    DIMENSIONS, count, new Input(segment), DIMENSIONS * 4, scorers, similarity);
            return sum(scorers.getRandomVectorScorer(similarity, values, target), count) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double sum(RandomVectorScorer scorer, int count) throws IOException {
        if (!scorer.getClass().getName().contains("MemorySegment")) {
            throw new AssertionError("Lucene does not use the Vector API: " + scorer.getClass());
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += scorer.score(i);
        }
        return sum;
    }

    /** A segment as Lucene's scorers want it. */
    private static final class Input extends IndexInput implements MemorySegmentAccessInput {
        private final MemorySegment segment;
        private long at;

        Input(MemorySegment segment) {
            super("mapping");
            this.segment = segment;
        }

        @Override
        public MemorySegment segmentSliceOrNull(long from, long length) {
            return segment.asSlice(from, length);
        }

        @Override
        public Input clone() {
            return new Input(segment);
        }

        @Override
        public IndexInput slice(String description, long from, long length) {
            return new Input(segment.asSlice(from, length));
        }

        @Override
        public void close() {}

        @Override
        public long getFilePointer() {
            return at;
        }

        @Override
        public void seek(long position) {
            at = position;
        }

        @Override
        public long length() {
            return segment.byteSize();
        }

        @Override
        public byte readByte() {
            return readByte(at++);
        }

        @Override
        public void readBytes(byte[] target, int from, int length) {
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, at, target, from, length);
            at += length;
        }

        @Override
        public byte readByte(long position) {
            return segment.get(ValueLayout.JAVA_BYTE, position);
        }

        @Override
        public short readShort(long position) {
            return segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, position);
        }

        @Override
        public int readInt(long position) {
            return segment.get(ValueLayout.JAVA_INT_UNALIGNED, position);
        }

        @Override
        public long readLong(long position) {
            return segment.get(ValueLayout.JAVA_LONG_UNALIGNED, position);
        }
    }
}
