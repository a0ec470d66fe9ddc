package dev.quire.slice;

import dev.quire.internal.AllMemory;
import dev.quire.internal.Faults;
import dev.quire.internal.Kernels;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.CRC32C;

/** Mapped memory as bytes, and where every other slice comes from. */
public final class ByteSlice extends IntegerSlice {
    /** Of what is copied to the heap at once for methods that must not touch mapped memory themselves. */
    private static final int BLOCK = 64 << 10;

    ByteSlice(Region region, MemorySegment segment, long offset) {
        super(region, segment, offset, ByteOrder.nativeOrder(), 1);
    }

    /**
     * A slice of memory that Quire did not map: of another library, of an {@link java.lang.foreign.Arena}, of
     * {@code FileChannel.map}. It lives as long as the segment's scope and is for the threads that the segment is for.
     *
     * <p>Element access, bulk copies, search, reductions and atomics work as on every slice. What needs the memory's
     * owner does not: hints are {@code UNSUPPORTED}, residency is unknown, a {@link #pin()} or an end of a ring is
     * refused. Faults of memory that others mapped are not healed.
     *
     * @throws IllegalArgumentException if the segment is of the heap
     * @throws java.io.UncheckedIOException if the native library is there and cannot be loaded
     */
    public static ByteSlice of(MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("a segment of the heap; slices are of native memory: " + segment);
        }
        return new ByteSlice(Region.ofOutside(segment), segment, 0);
    }

    /** The byte at an index. */
    public byte get(long index) {
        try {
            return Faults.loaded(segment.get(ValueLayout.JAVA_BYTE, index));
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores a byte. */
    public void set(long index, byte value) {
        try {
            requireWritable();
            segment.set(ValueLayout.JAVA_BYTE, index, value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Part of the slice; no bytes are copied. */
    public ByteSlice slice(long from, long count) {
        return new ByteSlice(region, part(from, count), offset + from);
    }

    // ---------------------------------------------------------------------------------------------------- types

    /** All bytes as 16-bit integers in the machine's byte order. */
    public ShortSlice shorts() {
        return shorts(ByteOrder.nativeOrder());
    }

    /**
     * All bytes as 16-bit integers in a byte order.
     *
     * @throws IllegalArgumentException if they are no whole number of elements
     */
    public ShortSlice shorts(ByteOrder order) {
        return new ShortSlice(region, segment, offset, order);
    }

    /** All bytes as 32-bit integers in the machine's byte order. */
    public IntSlice ints() {
        return ints(ByteOrder.nativeOrder());
    }

    /**
     * All bytes as 32-bit integers in a byte order.
     *
     * @throws IllegalArgumentException if they are no whole number of elements
     */
    public IntSlice ints(ByteOrder order) {
        return new IntSlice(region, segment, offset, order);
    }

    /** All bytes as 64-bit integers in the machine's byte order. */
    public LongSlice longs() {
        return longs(ByteOrder.nativeOrder());
    }

    /**
     * All bytes as 64-bit integers in a byte order.
     *
     * @throws IllegalArgumentException if they are no whole number of elements
     */
    public LongSlice longs(ByteOrder order) {
        return new LongSlice(region, segment, offset, order);
    }

    /** All bytes as 32-bit floating-point numbers in the machine's byte order. */
    public FloatSlice floats() {
        return floats(ByteOrder.nativeOrder());
    }

    /**
     * All bytes as 32-bit floating-point numbers in a byte order.
     *
     * @throws IllegalArgumentException if they are no whole number of elements
     */
    public FloatSlice floats(ByteOrder order) {
        return new FloatSlice(region, segment, offset, order);
    }

    /** All bytes as 64-bit floating-point numbers in the machine's byte order. */
    public DoubleSlice doubles() {
        return doubles(ByteOrder.nativeOrder());
    }

    /**
     * All bytes as 64-bit floating-point numbers in a byte order.
     *
     * @throws IllegalArgumentException if they are no whole number of elements
     */
    public DoubleSlice doubles(ByteOrder order) {
        return new DoubleSlice(region, segment, offset, order);
    }

    // ----------------------------------------------------------------------------------------------------- bulk

    /** Copies bytes into an array. */
    public void copyTo(long index, byte[] target, int from, int count) {
        requireInside(from, count, target.length);
        long before = losses();
        if (isShortCopy(index, count)) {
            try {
                MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, index, target, from, count);
            } catch (IllegalStateException | WrongThreadException e) {
                throw named(e);
            }
            requireThere(index, count, before);
        } else {
            inPieces(
                    index,
                    count,
                    (done, piece) -> MemorySegment.copy(
                            segment, ValueLayout.JAVA_BYTE, index + done, target, from + done, piece));
        }
    }

    /** Copies bytes from an array. */
    public void copyFrom(long index, byte[] source, int from, int count) {
        requireInside(from, count, source.length);
        requireWritable();
        long before = losses();
        if (isShortCopy(index, count)) {
            try {
                MemorySegment.copy(source, from, segment, ValueLayout.JAVA_BYTE, index, count);
            } catch (IllegalStateException | WrongThreadException e) {
                throw named(e);
            }
            requireThere(index, count, before);
        } else {
            inPieces(
                    index,
                    count,
                    (done, piece) -> MemorySegment.copy(
                            source, from + done, segment, ValueLayout.JAVA_BYTE, index + done, piece));
        }
    }

    /**
     * Copies as many bytes as the buffer has room for, and moves its position behind them. A buffer of mapped memory is
     * a target too, if the two ranges do not overlap.
     *
     * @throws IndexOutOfBoundsException if that many bytes are not there; nothing is copied
     * @throws java.nio.ReadOnlyBufferException if the buffer cannot be written
     */
    public void copyTo(long index, ByteBuffer target) {
        int count = target.remaining();
        part(index, count);
        if (target.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        MemorySegment to = MemorySegment.ofBuffer(target);
        inPieces(
                index,
                count,
                (done, piece) -> MemorySegment.copy(
                        segment, ValueLayout.JAVA_BYTE, index + done, to, ValueLayout.JAVA_BYTE, done, piece));
        requireBufferThere(to, count);
        target.position(target.limit());
    }

    /**
     * Copies the bytes that a buffer has left, and moves its position behind them. Bytes of a mapped file that are lost
     * are not copied without an error.
     *
     * @throws IndexOutOfBoundsException if the slice has no room for them; nothing is copied
     */
    public void copyFrom(long index, ByteBuffer source) {
        int count = source.remaining();
        part(index, count);
        requireWritable();
        MemorySegment from = MemorySegment.ofBuffer(source);
        inPieces(
                index,
                count,
                (done, piece) -> MemorySegment.copy(
                        from, ValueLayout.JAVA_BYTE, done, segment, ValueLayout.JAVA_BYTE, index + done, piece));
        requireBufferThere(from, count);
        source.position(source.limit());
    }

    /** A buffer may be of a mapping, too. */
    private static void requireBufferThere(MemorySegment buffer, int count) {
        if (buffer.isNative() && count > 0) {
            Faults.checkAnywhere(buffer, "the buffer");
        }
    }

    /** Copies bytes to another slice; the ranges may overlap, also in one file that two mappings have. */
    public void copyTo(long index, ByteSlice target, long at, long count) {
        copyAcross(ValueLayout.JAVA_BYTE, index, target, ValueLayout.JAVA_BYTE, at, count);
    }

    /**
     * A copy of all bytes.
     *
     * @throws OutOfMemoryError if they do not fit an array
     */
    public byte[] toArray() {
        byte[] all = new byte[ByteOrders.arrayLength(length)];
        copyTo(0, all, 0, all.length);
        return all;
    }

    /** Stores one value in every byte. */
    public void fill(byte value) {
        requireWritable();
        for (long at = 0; at < length; at += PIECE_BYTES) {
            long from = at;
            long piece = Math.min(PIECE_BYTES, length - at);
            guarded(from, piece, () -> segment.asSlice(from, piece).fill(value));
        }
    }

    /**
     * The first index at which two slices differ; the length of the shorter one if it begins the other; -1 if equal.
     */
    public long mismatch(ByteSlice other) {
        return new Comparison(this, other).mismatch();
    }

    /** Whether two slices have as many elements and equal ones. */
    public boolean contentEquals(ByteSlice other) {
        return length == other.length && mismatch(other) < 0;
    }

    /** Compares byte by byte as unsigned numbers; a slice that begins the other is the smaller one. */
    public int compare(ByteSlice other) {
        long at = mismatch(other);
        if (at < 0 || at >= Math.min(length, other.length)) {
            return Long.compare(length, other.length);
        }
        byte[] mine = slice(at, 1).toArray();
        byte[] theirs = other.slice(at, 1).toArray();
        return Byte.compareUnsigned(mine[0], theirs[0]);
    }

    // --------------------------------------------------------------------------------------------------- search

    /**
     * The first index at or behind {@code from} where the needle begins, or -1. An empty needle is found at once.
     *
     * @throws IndexOutOfBoundsException if {@code from} is negative or behind the end
     */
    public long indexOf(byte[] needle, long from) {
        Objects.checkFromToIndex(from, length, length);
        String sought = latin(needle);
        long at = from;
        for (String block = block(at, needle); ; block = block(at, needle)) {
            int found = block.indexOf(sought);
            if (found >= 0) {
                return at + found;
            }
            if (block.length() < (long) BLOCK + needle.length) {
                return -1;
            }
            at += block.length() - Math.max(needle.length - 1, 0);
        }
    }

    /** The last index where the needle begins, or -1. An empty needle is found at the end. */
    public long lastIndexOf(byte[] needle) {
        String sought = latin(needle);
        for (long end = length; ; end -= BLOCK) {
            long at = Math.max(0, end - BLOCK);
            int found = block(at, needle).lastIndexOf(sought);
            if (found >= 0) {
                return at + found;
            }
            if (at == 0) {
                return -1;
            }
        }
    }

    /** A block and what a needle that begins in it can need behind it, copied to the heap: searching there is fast. */
    private String block(long at, byte[] needle) {
        byte[] bytes = new byte[(int) Math.min((long) BLOCK + needle.length, length - at)];
        copyTo(at, bytes, 0, bytes.length);
        return latin(bytes);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The CRC-32C (Castagnoli) of all bytes. */
    public long crc32c() {
        CRC32C checksum = new CRC32C();
        for (long at = 0; at < length; at += PIECE_BYTES) {
            long from = at;
            long piece = Math.min(PIECE_BYTES, length - at);
            guarded(from, piece, () -> {
                if (Faults.HEALED && region.isNative()) {
                    update(checksum, segment.asSlice(from, piece));
                } else {
                    checksum.update(copied(from, piece));
                }
                return checksum;
            });
        }
        return checksum.getValue();
    }

    private void update(CRC32C checksum, MemorySegment bytes) {
        region.held(() -> {
            Kernels.requireAccess(region, bytes);
            checksum.update(AllMemory.buffer(bytes));
            return checksum;
        });
    }

    /** The JDK's checksum of memory that may fault ends the virtual machine. */
    private ByteBuffer copied(long from, long count) {
        byte[] bytes = new byte[(int) count];
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, bytes, 0, bytes.length);
        return ByteBuffer.wrap(bytes);
    }
}
