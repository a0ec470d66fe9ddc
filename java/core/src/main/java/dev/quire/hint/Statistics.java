package dev.quire.hint;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What was asked of the pages of a mapping, or of all mappings of the process, since they were made. Counting costs a
 * load and a store without a lock, so two threads that count the same thing at the same moment may count once.
 *
 * @param hints how many times each hint was given, by outcome; prefetches of many ranges count as one
 *     {@link Hint#WILLNEED}; without those that never were
 * @param populatedBytes of pages that were brought in
 * @param prefetchedBytes of pages that were asked for
 * @param evictedBytes of pages that were dropped from the page cache
 * @param batches of reads: runs in which a record of it was read
 * @param inPlaceReads records of batches that were in memory
 * @param mappedReads records of batches that were brought in and read in place
 * @param directReads records of batches that were read past the page cache
 * @param bufferedReads records of batches that were read through the page cache into a buffer
 * @param waits how many times a batch waited for records to come
 */
public record Statistics(
        Map<Hint, Map<HintResult, Long>> hints,
        long populatedBytes,
        long prefetchedBytes,
        long evictedBytes,
        long batches,
        long inPlaceReads,
        long mappedReads,
        long directReads,
        long bufferedReads,
        long waits) {
    /** Takes copies, which stand in the order of the constants. */
    public Statistics {
        Map<Hint, Map<HintResult, Long>> copy = new EnumMap<>(Hint.class);
        hints.forEach((hint, counts) -> {
            if (!counts.isEmpty()) {
                copy.put(hint, Collections.unmodifiableMap(new EnumMap<>(counts)));
            }
        });
        hints = Collections.unmodifiableMap(copy);
    }

    /** How many times a hint was given with that outcome. */
    public long count(Hint hint, HintResult result) {
        return hints.getOrDefault(hint, Map.of()).getOrDefault(result, 0L);
    }

    /** How many times hints were given, whatever became of them. */
    public long hintCount() {
        return hints.values().stream()
                .flatMap(counts -> counts.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }
}
