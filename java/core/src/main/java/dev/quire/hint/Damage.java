package dev.quire.hint;

import java.util.List;

/**
 * What a mapping has lost: bytes that its file does not have any more, or that could not be read or stored. They read
 * as zeros.
 *
 * @param lost ranges in bytes from the beginning of the mapping, whole pages inside it, in ascending order; at most 64,
 *     since with more of them the bytes between two count as lost too
 * @param fileBytes length of the file now; -1 if there is none, it was removed or replaced
 */
public record Damage(List<ByteRange> lost, long fileBytes) {
    /** Takes a copy. */
    public Damage {
        lost = List.copyOf(lost);
    }

    /** Whether nothing is lost, as far as is known. */
    public boolean isEmpty() {
        return lost.isEmpty();
    }

    /** How many bytes are lost. */
    public long lostBytes() {
        return lost.stream().mapToLong(ByteRange::length).sum();
    }
}
