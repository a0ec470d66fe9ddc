package dev.quire.scan;

import dev.quire.advice.Advice;
import dev.quire.advice.ByteRange;
import dev.quire.error.MappingException;
import dev.quire.internal.Pages;
import dev.quire.slice.ByteSlice;
import java.util.List;

/**
 * What is brought in and dropped at once: whole pages.
 *
 * @param from first byte, from the target's first byte
 * @param end behind the last one
 * @param brought the ranges of the region that were not in memory before
 * @param isDroppable whether it is known that the others were, and there is a file to read the bytes from again
 */
record Piece(long from, long end, List<ByteRange> brought, boolean isDroppable) {
    long broughtBytes() {
        return brought.stream().mapToLong(ByteRange::length).sum();
    }

    /** Begins to read. What the system answers does not matter: populating follows. */
    void ask(ByteSlice target) {
        if (!brought.isEmpty()) {
            Pages.prefetch(target.region(), brought);
        }
    }

    /** Drops what was brought in and returns how many bytes of it went. */
    long drop(ByteSlice target) {
        long gone = 0;
        for (ByteRange range : brought) {
            gone += isDroppable ? evict(target, range) : unmap(target, range);
        }
        return gone;
    }

    private static long evict(ByteSlice target, ByteRange range) {
        try {
            return Math.min(
                    range.length(),
                    Pages.evict(target.region(), range.offset(), range.length()).bytes());
        } catch (MappingException e) {
            // the file has no name any more by which its pages could be dropped: this process lets go of them
            return unmap(target, range);
        }
    }

    private static long unmap(ByteSlice target, ByteRange range) {
        return Pages.advise(target.region(), range.offset(), range.length(), Advice.DONTNEED)
                        .isComplete()
                ? range.length()
                : 0;
    }
}
