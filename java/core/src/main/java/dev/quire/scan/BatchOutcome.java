package dev.quire.scan;

/**
 * Which way the reads of a batch went.
 *
 * @param inPlace reads of pages that were in memory already, where they are mapped
 * @param mapped reads in place whose pages were asked for and brought in
 * @param direct reads past the page cache
 * @param buffered reads through the page cache into a buffer
 */
public record BatchOutcome(long inPlace, long mapped, long direct, long buffered) {
    /** How many reads there were. */
    public long reads() {
        return inPlace + mapped + direct + buffered;
    }
}
