package dev.quire.scan;

import java.util.Objects;

/**
 * How a {@link Batch} reads.
 *
 * @param way how the reads get their bytes
 * @param depth how many reads are under way at once, 1 to 4,096
 */
public record ReadOptions(ReadWay way, int depth) {
    /** The way that fits, 64 reads at once. */
    public static final ReadOptions DEFAULT = new ReadOptions(ReadWay.AUTO, 64);

    /** The most reads that the kernel's ring is made for. */
    private static final int MOST = 4096;

    /**
     * Checks the depth.
     *
     * @throws IllegalArgumentException if the depth is not 1 to 4,096
     */
    public ReadOptions {
        Objects.requireNonNull(way, "way");
        if (depth < 1 || depth > MOST) {
            throw new IllegalArgumentException("depth " + depth + " is not 1 to " + MOST);
        }
    }

    /** These options with another {@link #way()}. */
    public ReadOptions way(ReadWay other) {
        return new ReadOptions(other, depth);
    }

    /** These options with another {@link #depth()}. */
    public ReadOptions depth(int reads) {
        return new ReadOptions(way, reads);
    }
}
