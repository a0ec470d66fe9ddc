package dev.quire.internal;

import java.nio.ByteBuffer;

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
 * @param pageSize bytes of a page of this mapping
 * @param record address of the {@code quire_record} of its faults; 0 if they are not healed
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
        long pageSize,
        long record,
        int mode,
        int kind,
        int granted,
        int residencyKnown,
        boolean writable) {

    /** Bytes of a {@code quire_region}: eleven fields of 64 bits, then four of 32. */
    static final long BYTES = 104;

    /** Where the fields of 32 bits begin. */
    private static final int INTS = 88;

    /** Field by field in the order of the struct; a test holds that to the bindings. */
    static Extent load(ByteBuffer region) {
        int mode = region.getInt(INTS);
        return new Extent(
                region.getLong(0),
                region.getLong(8),
                region.getLong(16),
                region.getLong(24),
                region.getLong(32),
                region.getLong(40),
                region.getLong(48),
                region.getLong(56),
                region.getLong(64),
                region.getLong(72),
                region.getLong(80),
                mode,
                region.getInt(INTS + 4),
                region.getInt(INTS + 8),
                region.getInt(INTS + 12),
                mode != MapFlags.READ_ONLY);
    }

    void store(ByteBuffer region) {
        region.putLong(0, address)
                .putLong(8, length)
                .putLong(16, base)
                .putLong(24, baseLength)
                .putLong(32, fileOffset)
                .putLong(40, fileSize)
                .putLong(48, fileDevice)
                .putLong(56, fileNumber)
                .putLong(64, handle)
                .putLong(72, pageSize)
                .putLong(80, record)
                .putInt(INTS, mode)
                .putInt(INTS + 4, kind)
                .putInt(INTS + 8, granted)
                .putInt(INTS + 12, residencyKnown);
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
                pageSize,
                record,
                mode,
                kind,
                granted,
                residencyKnown,
                value);
    }
}
