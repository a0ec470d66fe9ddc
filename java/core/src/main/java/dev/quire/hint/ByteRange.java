package dev.quire.hint;

/**
 * A range of bytes inside a mapping.
 *
 * @param offset first byte, from the beginning of the mapping; needs no alignment
 * @param length in bytes
 */
public record ByteRange(long offset, long length) {
    /**
     * @throws IllegalArgumentException if either number is negative or their sum overflows
     */
    public ByteRange {
        if (offset < 0 || length < 0 || offset + length < 0) {
            throw new IllegalArgumentException("offset " + offset + ", length " + length);
        }
    }

    /** The first byte behind the range. */
    public long end() {
        return offset + length;
    }
}
