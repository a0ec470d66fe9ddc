package dev.quire.lucene;

import dev.quire.hint.ByteRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.store.FilterIndexInput;
import org.apache.lucene.store.IndexInput;

/**
 * Positions of many inputs, asked for at once: the device then reads them together, instead of each when it is needed.
 *
 * {@snippet :
 * PrefetchBatch batch = new PrefetchBatch();
 * for (int ordinal : candidates) {
 *     batch.add(vectors, (long) ordinal * vectorBytes, vectorBytes);
 * }
 * batch.run();
 * for (int ordinal : candidates) {
 *     score(vectors, ordinal);
 * }
 * }
 *
 * <p>The input of vectors is {@code HasIndexSlice.getSlice()} of Lucene's {@code KnnVectorValues}. All ranges of a
 * file are asked for in one call ({@link dev.quire.MappedMemory#prefetch}), whatever the number of inputs. Inputs of
 * another directory prefetch each range by itself. A batch is used by one thread.
 */
public final class PrefetchBatch {
    private record Foreign(IndexInput input, long position, long length) {}

    private final Map<OpenFile, List<ByteRange>> ranges = new LinkedHashMap<>();
    private final List<QuireIndexInput> inputs = new ArrayList<>();
    private final List<Foreign> others = new ArrayList<>();
    private int size;

    /** An empty batch. */
    public PrefetchBatch() {}

    /**
     * Adds a range. Nothing is asked for yet.
     *
     * @param input an input, a clone or a slice; test wrappers are looked through
     * @param position in the input, in bytes
     * @param length in bytes
     * @throws java.io.EOFException if the range does not lie in the input
     * @throws org.apache.lucene.store.AlreadyClosedException if the input is closed
     */
    public PrefetchBatch add(IndexInput input, long position, long length) throws IOException {
        if (FilterIndexInput.unwrapOnlyTest(input) instanceof QuireIndexInput ours) {
            ByteRange range = ours.range(position, length);
            List<ByteRange> ofFile = ranges.get(ours.file());
            if (ofFile == null) {
                ofFile = new ArrayList<>();
                ranges.put(ours.file(), ofFile);
                inputs.add(ours);
            }
            ofFile.add(range);
        } else {
            others.add(new Foreign(input, position, length));
        }
        size++;
        return this;
    }

    /** How many ranges were added since the last run. */
    public int size() {
        return size;
    }

    /**
     * Asks for all ranges, and returns at once; the batch is empty then. {@link QuireDirectory#hintCounts()} tells what
     * the operating system did.
     *
     * @throws org.apache.lucene.store.AlreadyClosedException if an input was closed meanwhile; the batch is empty then
     *     too
     */
    public void run() throws IOException {
        try {
            for (QuireIndexInput input : inputs) {
                input.prefetch(inOrder(ranges.getOrDefault(input.file(), List.of())));
            }
            for (Foreign other : others) {
                other.input().prefetch(other.position(), other.length());
            }
        } finally {
            ranges.clear();
            inputs.clear();
            others.clear();
            size = 0;
        }
    }

    /** In the order of the file, and those that touch as one. */
    private static List<ByteRange> inOrder(List<ByteRange> asked) {
        List<ByteRange> joined = new ArrayList<>(asked.size());
        asked.stream().sorted(Comparator.comparingLong(ByteRange::offset)).forEach(range -> {
            if (!joined.isEmpty() && joined.getLast().end() >= range.offset()) {
                ByteRange last = joined.removeLast();
                joined.add(new ByteRange(last.offset(), Math.max(last.end(), range.end()) - last.offset()));
            } else {
                joined.add(range);
            }
        });
        return joined;
    }
}
