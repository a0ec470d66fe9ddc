package dev.quire.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where memory is mapped: the C layer's {@code quire_region} as a value.
 *
 * @param address of the first byte the caller asked for
 * @param length bytes the caller asked for
 * @param base what the operating system mapped: from a boundary of its granularity
 * @param baseLength whole pages
 * @param fileOffset of {@code address} in the file
 * @param fileSize of the file when it was mapped
 * @param fileDevice with {@code fileNumber} the file's identity
 * @param handle what is kept open, or -1
 * @param mode {@code enum quire_mode}
 * @param kind {@code enum quire_kind}
 * @param granted {@code enum quire_flag}: what took effect
 * @param residencyKnown 1 if the operating system tells which pages are in memory
 * @param writable whether the pages may be written now: Java's own, the C layer has it in the page table
 */
public record Extent(
        long address,
        long length,
        long base,
        long baseLength,
        long fileOffset,
        long fileSize,
        long fileDevice,
        long fileNumber,
        long handle,
        int mode,
        int kind,
        int granted,
        int residencyKnown,
        boolean writable) {

    /** Bytes of a {@code quire_region}: nine fields of 64 bits, then four of 32. */
    static final long BYTES = 88;

    private static final int LONGS = 9;
    private static final int INTS = 4;

    /**
     * Copied as two arrays and not field by field through the bindings, whose layout of the struct would take a process's
     * first mapping some milliseconds to set up; a test holds the order to theirs.
     */
    static Extent load(MemorySegment region) {
        long[] is = new long[LONGS];
        int[] small = new int[INTS];
        MemorySegment.copy(region, ValueLayout.JAVA_LONG, 0, is, 0, LONGS);
        MemorySegment.copy(region, ValueLayout.JAVA_INT, LONGS * Long.BYTES, small, 0, INTS);
        boolean writable = small[0] != MapFlags.READ_ONLY;
        return new Extent(
                is[0], is[1], is[2], is[3], is[4], is[5], is[6], is[7], is[8], small[0], small[1], small[2], small[3],
                writable);
    }

    void store(MemorySegment region) {
        long[] is = {address, length, base, baseLength, fileOffset, fileSize, fileDevice, fileNumber, handle};
        int[] small = {mode, kind, granted, residencyKnown};
        MemorySegment.copy(is, 0, region, ValueLayout.JAVA_LONG, 0, LONGS);
        MemorySegment.copy(small, 0, region, ValueLayout.JAVA_INT, LONGS * Long.BYTES, INTS);
    }

    /** The same memory with its pages writable or not. */
    public Extent withWritable(boolean value) {
        return new Extent(
                address,
                length,
                base,
                baseLength,
                fileOffset,
                fileSize,
                fileDevice,
                fileNumber,
                handle,
                mode,
                kind,
                granted,
                residencyKnown,
                value);
    }
}
