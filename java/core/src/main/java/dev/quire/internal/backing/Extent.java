package dev.quire.internal.backing;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Where memory is mapped: the C layer's {@code quire_region} in Java. It does not change once others can see it; a
 * change of a mapping fills in one that was made before, because nothing may be allocated when the pages have moved.
 */
public final class Extent {
    /** Bytes of a {@code quire_region}: eleven fields of 64 bits, then four of 32. */
    static final long BYTES = 104;

    /** Where the fields of 32 bits begin. */
    private static final int INTS = 88;

    private long address;
    private long length;
    private long base;
    private long baseLength;
    private long fileOffset;
    private long fileSize;
    private long fileDevice;
    private long fileNumber;
    private long handle;
    private long pageSize;
    private long record;
    private int mode;
    private int kind;
    private int granted;
    private int residencyKnown;
    private boolean writable;

    /** An extent to be filled in. */
    public Extent() {}

    /**
     * A range of a file that the JDK maps: it has no address of its own.
     *
     * @param file what was opened
     * @param offset in the file
     * @param mode {@code enum quire_mode}
     * @param granted {@code enum quire_flag}: what took effect
     */
    static Extent ofFile(FileStatus file, long offset, long length, long size, int mode, int granted) {
        Extent extent = new Extent();
        extent.length = length;
        extent.baseLength = length;
        extent.fileOffset = offset;
        extent.fileSize = size;
        extent.fileDevice = file.device();
        extent.fileNumber = file.number();
        extent.handle = -1;
        extent.pageSize = -1;
        extent.mode = mode;
        extent.granted = granted;
        extent.writable = mode != MapFlags.READ_ONLY;
        return extent;
    }

    /** Memory that somebody else owns. */
    static Extent ofOutside(MemorySegment segment, long record) {
        Extent extent = new Extent();
        extent.address = segment.address();
        extent.length = segment.byteSize();
        extent.base = extent.address;
        extent.baseLength = extent.length;
        extent.handle = -1;
        extent.pageSize = -1;
        extent.record = record;
        extent.mode = segment.isReadOnly() ? MapFlags.READ_ONLY : MapFlags.READ_WRITE;
        extent.writable = !segment.isReadOnly();
        return extent;
    }

    /** What stands in a struct, whose pages are as its mode says. */
    static Extent load(ByteBuffer region) {
        Extent extent = new Extent();
        extent.fill(region);
        extent.writable = extent.mode != MapFlags.READ_ONLY;
        return extent;
    }

    /** Takes the fields over in the order of the struct; a test compares it with the bindings. Allocates nothing. */
    void fill(ByteBuffer region) {
        address = region.getLong(0);
        length = region.getLong(8);
        base = region.getLong(16);
        baseLength = region.getLong(24);
        fileOffset = region.getLong(32);
        fileSize = region.getLong(40);
        fileDevice = region.getLong(48);
        fileNumber = region.getLong(56);
        handle = region.getLong(64);
        pageSize = region.getLong(72);
        record = region.getLong(80);
        mode = region.getInt(INTS);
        kind = region.getInt(INTS + 4);
        granted = region.getInt(INTS + 8);
        residencyKnown = region.getInt(INTS + 12);
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

    void setWritable(boolean value) {
        writable = value;
    }

    /** Address of the first byte the caller asked for. */
    public long address() {
        return address;
    }

    /** Bytes the caller asked for. */
    public long length() {
        return length;
    }

    /** Where the pages begin that the operating system mapped: at a boundary of its granularity. */
    public long base() {
        return base;
    }

    /** Bytes of whole pages. */
    public long baseLength() {
        return baseLength;
    }

    /** Offset of {@link #address} in the file. */
    public long fileOffset() {
        return fileOffset;
    }

    /** Bytes of the file when it was mapped. */
    public long fileSize() {
        return fileSize;
    }

    /** With {@link #fileNumber} the file's identity. */
    public long fileDevice() {
        return fileDevice;
    }

    /** With {@link #fileDevice} the file's identity. */
    public long fileNumber() {
        return fileNumber;
    }

    /** The handle that is kept open, or -1. */
    public long handle() {
        return handle;
    }

    /** Bytes of a page of this mapping. */
    public long pageSize() {
        return pageSize;
    }

    /** Address of the {@code quire_record} of its faults; 0 if they are not healed. */
    public long record() {
        return record;
    }

    /** {@code enum quire_mode}: how it was mapped. */
    public int mode() {
        return mode;
    }

    /** {@code enum quire_kind}. */
    public int kind() {
        return kind;
    }

    /** {@code enum quire_flag}: what took effect. */
    public int granted() {
        return granted;
    }

    /** 1 if the operating system tells which pages are in memory. */
    public int residencyKnown() {
        return residencyKnown;
    }

    /** Whether the pages may be written now: Java's own, the C layer has it in the page table. */
    public boolean writable() {
        return writable;
    }
}
