package dev.quire.scan;

/**
 * Reads of many records at once, from any mappings and files, in any order.
 *
 * {@snippet :
 * try (Batch batch = Reads.batch()) {
 *     batch.add(vectors, 512 * i, 512);
 *     batch.add(graph, 4096 * j, 4096);
 *     batch.run((index, record) -> distances[index] = distance(query, record.floats()));
 * }
 * }
 */
public final class Reads {
    private Reads() {}

    /** A batch with the options of {@link ReadOptions#DEFAULT}. */
    public static Batch batch() {
        return batch(ReadOptions.DEFAULT);
    }

    /** A batch that is empty, to be filled, run and filled again. Costs nothing until it runs. */
    public static Batch batch(ReadOptions options) {
        return new Batch(options);
    }
}
