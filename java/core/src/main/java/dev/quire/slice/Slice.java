package dev.quire.slice;

import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.Hint;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.internal.Faults;
import dev.quire.internal.PageLoader;
import dev.quire.internal.Pages;
import dev.quire.internal.Region;
import dev.quire.internal.backing.Extent;
import dev.quire.internal.door.ErrorDoor;
import dev.quire.internal.reduce.Reducer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A typed, checked, zero-copy view of a range of mapped memory. Indexes count elements and are 64 bits wide; an index
 * that does not lie inside is an {@link IndexOutOfBoundsException}. The data needs no alignment, but for the atomic
 * operations.
 *
 * <p>A slice lives as long as what it was made from: after a close, a resize or the end of a lease every method that
 * touches memory throws {@link IllegalStateException}, and in the wrong thread {@link WrongThreadException}. It keeps
 * its mapping reachable. Single accesses are as fast as those of a {@link MemorySegment}; where bytes are lost, because
 * the file was truncated, they read zeros. Bulk operations throw {@link dev.quire.error.MemoryFaultException} if bytes
 * of their range are lost, and go in pieces of 8 MiB so that no safepoint waits for more than one. Reductions in the
 * machine's byte order are calls of the C layer, which no safepoint waits for.
 */
public abstract sealed class Slice permits IntegerSlice, FloatingSlice {
    /** The longest copy that does not let a safepoint happen in between: under a millisecond of memory bandwidth. */
    static final long PIECE_BYTES = 8L << 20;

    /** What a copy between two mappings of one file holds in the heap: more makes it no faster. */
    private static final long WITHIN_FILE_BYTES = 256 << 10;

    static {
        Doorkeeper.open();
    }

    final Region region;
    private final long record;
    final MemorySegment segment;
    /** Of the first byte in the region: after a resize the addresses would not tell. */
    final long offset;

    final long length;
    final boolean swapped;
    private final boolean readOnly;
    final int elementBytes;

    Slice(Region region, MemorySegment segment, long offset, ByteOrder order, int elementBytes) {
        if (segment.byteSize() % elementBytes != 0) {
            throw new IllegalArgumentException(
                    segment.byteSize() + " bytes of " + region.subject().text() + " are no whole number of elements of "
                            + elementBytes + " bytes; slice the bytes first");
        }
        this.region = region;
        this.record = region.record();
        this.segment = segment;
        this.offset = offset;
        this.length = segment.byteSize() / elementBytes;
        this.swapped = order != ByteOrder.nativeOrder();
        this.readOnly = segment.isReadOnly();
        this.elementBytes = elementBytes;
    }

    // --------------------------------------------------------------------------------------------------- facts

    /** How many elements there are. */
    public final long length() {
        return length;
    }

    /** How many bytes they have. */
    public final long byteSize() {
        return segment.byteSize();
    }

    /** Where the slice begins in its mapping, in bytes. */
    public final long offset() {
        return offset;
    }

    /**
     * Where the slice begins in its file, in bytes.
     *
     * @throws UnsupportedOperationException if the memory has no file
     */
    public final long fileOffset() {
        if (region.subject().path().isEmpty()) {
            throw new UnsupportedOperationException(region.subject().text() + " has no file");
        }
        return region.extent().fileOffset() + offset;
    }

    /** Whether every access throws from now on: the mapping was closed or changed, or the lease has ended. */
    public final boolean isClosed() {
        return !segment.scope().isAlive();
    }

    /** The order of the bytes inside an element. */
    public final ByteOrder order() {
        return swapped == (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN)
                ? ByteOrder.LITTLE_ENDIAN
                : ByteOrder.BIG_ENDIAN;
    }

    /** Whether writing throws {@link ReadOnlyMemoryException}. */
    public final boolean isReadOnly() {
        return readOnly;
    }

    /**
     * The bytes as a segment of the JDK, valid as long as the mapping is open. Its {@code load}, {@code force} and
     * {@code isLoaded} do not work; {@link #populate()} and {@link #residency()} do. Any code may access it, native
     * code too, as long as the mapping is open; {@link #pin()} is for code that may come later. Whether bytes were lost
     * meanwhile tells {@code MappedMemory.damage()}.
     */
    public final MemorySegment segment() {
        return segment;
    }

    /**
     * The bytes as a buffer in this slice's byte order, valid as long as the mapping is open.
     *
     * @throws UnsupportedOperationException if there are 2 GiB or more, which a buffer cannot count
     */
    public final ByteBuffer byteBuffer() {
        if (byteSize() > Integer.MAX_VALUE) {
            throw new UnsupportedOperationException(byteSize() + " bytes do not fit a ByteBuffer; slice them first");
        }
        return segment.asByteBuffer().order(order());
    }

    /**
     * Keeps the slice's memory mapped, and where it is, for whoever keeps an address: see {@link Pin}. Any thread may
     * take a pin, also of a slice that is confined to another. While somebody resizes or protects the mapping, or waits
     * to, it waits.
     *
     * @throws IllegalStateException if the mapping is closed, or the slice has ended
     */
    public final Pin pin() {
        requireAlive();
        Pin pin = new Pin(region, offset, byteSize());
        if (!segment.scope().isAlive()) {
            pin.close(); // a change came in between: the slice's bytes may be elsewhere
            throw ended();
        }
        return pin;
    }

    // --------------------------------------------------------------------------------------------------- pages

    /** Gives a hint for the pages that hold the slice. */
    public final Outcome advise(Hint hint) {
        requireAlive();
        return Pages.advise(region, offset, byteSize(), hint);
    }

    /** Asks for the pages that hold the slice to be read in, and returns at once. */
    public final Outcome prefetch() {
        return advise(Hint.WILLNEED);
    }

    /**
     * Brings the pages that hold the slice in, for reading, and returns when they are there.
     *
     * @throws dev.quire.error.MemoryFaultException if a page is lost
     */
    public final Outcome populate() throws MappingException {
        requireAlive();
        return Pages.populate(region, offset, byteSize(), false);
    }

    /**
     * Brings the pages that hold the slice in and looks whether they are there; see
     * {@code MappedMemory.ensureResident} for the answers.
     *
     * @throws dev.quire.error.MemoryFaultException if a page is lost
     */
    public final Outcome ensureResident() throws MappingException {
        requireAlive();
        return PageLoader.ensureResident(region, offset, byteSize());
    }

    /**
     * Whether every page that holds the slice is in memory; false where the operating system does not tell. Nothing is
     * allocated for the pages.
     */
    public final boolean isResident() {
        requireAlive();
        return Pages.isResident(region, offset, byteSize());
    }

    /** Which of the pages that hold the slice are in memory. */
    public final Residency residency() {
        requireAlive();
        return Pages.residency(region, offset, byteSize());
    }

    // ---------------------------------------------------------------------------------------- for the kinds of it

    private void requireAlive() {
        if (!segment.scope().isAlive()) {
            throw ended();
        }
    }

    /** A resize leaves the mapping open; and a close ends its views before it is one. */
    private IllegalStateException ended() {
        String text = region.subject().text();
        return new IllegalStateException(
                region.isClosed()
                        ? "closed: " + text
                        : "closed: " + text + ", or this view of it: a resize, a protect, or the end of its lease");
    }

    final void requireWritable() {
        if (readOnly) {
            throw ErrorDoor.readOnly(
                    region.subject().readOnlyMessage(region.subject().text()));
        }
    }

    final void requireAligned() {
        if ((segment.address() & (elementBytes - 1)) != 0) {
            throw new IllegalArgumentException("atomic operations need elements at multiples of " + elementBytes
                    + " bytes in memory; this slice of " + region.subject().text() + " begins at byte " + offset);
        }
    }

    /** The bytes of a range of elements, which is checked. */
    final MemorySegment part(long from, long count) {
        checkRange(from, count);
        return segment.asSlice(from * elementBytes, count * elementBytes);
    }

    /** Checks the range of an array before anything is copied: long copies are made in pieces. */
    final void requireInside(int from, int count, int arrayLength) {
        if ((from | count) < 0 || count > arrayLength - from) {
            throw new IndexOutOfBoundsException(count + " elements from " + from + " on are outside the " + arrayLength
                    + " elements of the array that is copied to or from "
                    + region.subject().text());
        }
    }

    /**
     * Checks a copy out of the slice; whether it is a short one, which its own method makes without a loop around it.
     */
    final boolean isShortCopy(long index, long count) {
        checkRange(index, count);
        return Faults.HEALED && count * elementBytes <= PIECE_BYTES;
    }

    /** Before a copy: see {@link Faults}. */
    final long losses() {
        return Faults.count(record);
    }

    /** Behind a copy: throws if bytes of these elements are lost. */
    final void requireThere(long index, long count, long before) {
        if (Faults.changed(record, before)) {
            Faults.checkRecord(region, offset + index * elementBytes, count * elementBytes, before);
        }
    }

    /** A part of a long copy, in elements. */
    interface Piece {
        void copy(int done, int count);
    }

    /** A copy of many elements, in pieces; where some are lost it stops behind their piece. */
    final void inPieces(long index, int count, Piece copy) {
        int most = (int) (PIECE_BYTES / elementBytes);
        for (int done = 0; done < count; ) {
            int piece = Math.min(count - done, most);
            int from = done;
            guarded(index + from, piece, () -> {
                copy.copy(from, piece);
                return copy;
            });
            done += piece;
        }
    }

    final <T> T guarded(long index, long count, Faults.Access<T, RuntimeException> block) {
        return guardedBytes(index * elementBytes, count * elementBytes, block);
    }

    final <T> T guardedBytes(long from, long bytes, Faults.Access<T, RuntimeException> block) {
        try {
            return Faults.guarded(region, offset + from, bytes, block);
        } catch (IllegalStateException | WrongThreadException e) {
            throw named(e);
        }
    }

    private void checkRange(long from, long count) {
        try {
            Objects.checkFromIndexSize(from, count, length);
        } catch (IndexOutOfBoundsException e) {
            throw new IndexOutOfBoundsException(count + " elements from " + from + " on are outside the " + length
                    + " elements of this slice of " + region.subject().text());
        }
    }

    /** What the JDK says of an access to an element, and of which memory: out of the hot methods. */
    final RuntimeException named(RuntimeException e, long index) {
        return e instanceof IndexOutOfBoundsException
                ? new IndexOutOfBoundsException("index " + index + " is outside the " + length
                        + " elements of this slice of " + region.subject().text())
                : named(e);
    }

    /** What the JDK says of an access, and of which memory, if it is this slice's. */
    final RuntimeException named(RuntimeException e) {
        String text = region.subject().text();
        if (!segment.scope().isAlive()) {
            return ended();
        }
        return segment.isAccessibleBy(Thread.currentThread())
                ? e
                : new WrongThreadException("opened by another thread, and confined to it: " + text);
    }

    /** Copies elements to another slice of the same kind; pieces go backwards where the ranges overlap that way. */
    final void copyAcross(ValueLayout from, long index, Slice target, ValueLayout to, long at, long count) {
        target.requireWritable();
        checkRange(index, count);
        target.checkRange(at, count);
        long most = PIECE_BYTES / elementBytes;
        long shiftBytes = shiftInFile(index, target, at, count);
        if (shiftBytes != 0) {
            copyWithinFile(from, index, target, to, at, count, shiftBytes > 0);
            return;
        }
        boolean backwards = segment.address() + index * elementBytes < target.segment.address() + at * elementBytes;
        for (long done = 0; done < count; ) {
            long piece = Math.min(count - done, most);
            long shift = backwards ? count - done - piece : done;
            long source = index + shift;
            guarded(
                    source,
                    piece,
                    () -> target.guarded(at + shift, piece, () -> {
                        MemorySegment.copy(
                                segment,
                                from,
                                source * elementBytes,
                                target.segment,
                                to,
                                (at + shift) * elementBytes,
                                piece);
                        return target;
                    }));
            done += piece;
        }
    }

    /**
     * How far the target's range begins behind the source's in a file that both map apart, if they overlap there: their
     * addresses do not tell. 0 if they do not overlap, or share their addresses too.
     */
    private long shiftInFile(long index, Slice target, long at, long count) {
        Extent here = region.extent();
        Extent there = target.region.extent();
        boolean isOneFile = region != target.region
                && here.fileNumber() != 0
                && here.fileNumber() == there.fileNumber()
                && here.fileDevice() == there.fileDevice();
        if (!isOneFile) {
            return 0;
        }
        long shift = there.fileOffset() + target.offset - here.fileOffset() - offset + (at - index) * elementBytes;
        return Math.abs(shift) < count * elementBytes ? shift : 0;
    }

    /** By way of the heap: what is stored through one mapping is seen through the other at once. */
    private void copyWithinFile(
            ValueLayout from, long index, Slice target, ValueLayout to, long at, long count, boolean backwards) {
        long most = Math.min(count, WITHIN_FILE_BYTES / elementBytes);
        byte[] buffer = new byte[(int) most * elementBytes];
        MemorySegment held = MemorySegment.ofArray(buffer);
        for (long done = 0; done < count; ) {
            long piece = Math.min(count - done, most);
            long bytes = piece * elementBytes;
            long shift = backwards ? count - done - piece : done;
            guarded(index + shift, piece, () -> {
                MemorySegment.copy(segment, (index + shift) * elementBytes, held, 0, bytes);
                return held;
            });
            target.guarded(at + shift, piece, () -> {
                MemorySegment.copy(held, from, 0, target.segment, to, (at + shift) * elementBytes, piece);
                return target;
            });
            done += piece;
        }
    }

    /** Copies the elements from an index on as they are stored, as many as the array has room for. */
    final void copyBytes(long index, byte[] target) {
        long before = losses();
        if (!isShortCopy(index, target.length / elementBytes)) {
            guarded(index, target.length / elementBytes, () -> {
                MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, index * elementBytes, target, 0, target.length);
                return target;
            });
            return;
        }
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, index * elementBytes, target, 0, target.length);
        requireThere(index, target.length / elementBytes, before);
    }

    final <R extends Reducer> R reduced(R reducer) {
        return guarded(0, length, () -> {
            reducer.addMapped(region, segment);
            return reducer;
        });
    }

    @Override
    public String toString() {
        return length + " x " + elementBytes + " bytes " + (readOnly ? "read-only " : "") + "at " + offset + " of "
                + region.subject().text();
    }
}
