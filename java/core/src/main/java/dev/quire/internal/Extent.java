package dev.quire.internal;

import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_region;
import java.lang.foreign.MemorySegment;

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

    static Extent load(MemorySegment region) {
        return new Extent(
                quire_region.address(region),
                quire_region.length(region),
                quire_region.base(region),
                quire_region.base_length(region),
                quire_region.file_offset(region),
                quire_region.file_size(region),
                quire_region.file_device(region),
                quire_region.file_number(region),
                quire_region.handle(region),
                quire_region.mode(region),
                quire_region.kind(region),
                quire_region.granted(region),
                quire_region.residency_known(region),
                quire_region.mode(region) != QuireHeader.QUIRE_READ_ONLY());
    }

    void store(MemorySegment region) {
        quire_region.address(region, address);
        quire_region.length(region, length);
        quire_region.base(region, base);
        quire_region.base_length(region, baseLength);
        quire_region.file_offset(region, fileOffset);
        quire_region.file_size(region, fileSize);
        quire_region.file_device(region, fileDevice);
        quire_region.file_number(region, fileNumber);
        quire_region.handle(region, handle);
        quire_region.mode(region, mode);
        quire_region.kind(region, kind);
        quire_region.granted(region, granted);
        quire_region.residency_known(region, residencyKnown);
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
