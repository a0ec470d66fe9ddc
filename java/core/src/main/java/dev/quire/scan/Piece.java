package dev.quire.scan;

import dev.quire.advice.ByteRange;
import java.util.List;

/**
 * What is brought in and dropped at once. Offsets count from the target's first byte.
 *
 * @param from first byte
 * @param end behind the last one
 * @param brought the ranges that were not in memory before
 * @param isDroppable whether it is known that the others were, and there is a file to read the bytes from again
 */
record Piece(long from, long end, List<ByteRange> brought, boolean isDroppable) {
    long broughtBytes() {
        return brought.stream().mapToLong(ByteRange::length).sum();
    }
}
