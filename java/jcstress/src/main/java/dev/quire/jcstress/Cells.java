package dev.quire.jcstress;

import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.slice.ByteSlice;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pieces of one mapping, which all states share as the words of one file would be: a mapping for each would be more
 * than a process may have. A piece comes round again when far more states have been made than jcstress keeps.
 */
final class Cells {
    private static final int COUNT = 1 << 16;

    private final int bytes;
    private final ByteSlice memory;
    private final AtomicInteger next = new AtomicInteger();

    /** Pieces of so many bytes, a multiple of a cache line. */
    Cells(int bytes) {
        this.bytes = bytes;
        try {
            memory = Mapping.anonymous((long) bytes * COUNT).bytes();
        } catch (MappingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next piece, of zeroes. */
    ByteSlice take() {
        long at = (long) (next.getAndIncrement() & COUNT - 1) * bytes;
        ByteSlice cell = memory.slice(at, bytes);
        cell.fill((byte) 0);
        return cell;
    }

    /** Two words in lines of their own. */
    static final Cells WORDS = new Cells(128);

    /** The index of the second word, among longs. */
    static final int OTHER = 8;
}
