package dev.quire;

import dev.quire.slice.ByteSlice;
import dev.quire.slice.DoubleSlice;
import dev.quire.slice.FloatSlice;
import dev.quire.slice.IntSlice;
import dev.quire.slice.LongSlice;
import dev.quire.slice.ShortSlice;
import java.lang.foreign.MemorySegment;

/**
 * Where typed, zero-copy slices come from. Slices of part of the memory, or in a given byte order, are made from
 * {@link #bytes()}; the methods here view all of it in the machine's own order, and need a length that is a whole
 * number of elements.
 */
public sealed interface Views permits Mapping, GroupedMapping, AutoMapping, Lease {
    /**
     * All bytes.
     *
     * @throws IllegalStateException if the memory is closed
     */
    ByteSlice bytes();

    /** All bytes as 16-bit integers. */
    default ShortSlice shorts() {
        return bytes().shorts();
    }

    /** All bytes as 32-bit integers. */
    default IntSlice ints() {
        return bytes().ints();
    }

    /** All bytes as 64-bit integers. */
    default LongSlice longs() {
        return bytes().longs();
    }

    /** All bytes as 32-bit floating-point numbers. */
    default FloatSlice floats() {
        return bytes().floats();
    }

    /** All bytes as 64-bit floating-point numbers. */
    default DoubleSlice doubles() {
        return bytes().doubles();
    }

    /**
     * All bytes as a segment of the JDK, valid as long as the slices are. The JDK's own {@code load}, {@code force} and
     * {@code isLoaded} do not work on it; {@link MappedMemory} has what does.
     */
    default MemorySegment segment() {
        return bytes().segment();
    }
}
