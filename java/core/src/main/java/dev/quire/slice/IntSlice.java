package dev.quire.slice;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/** Mapped memory as 32-bit integers, in either byte order. */
public final class IntSlice extends IntegerSlice {
    private static final ValueLayout.OfInt NATIVE = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfInt SWAPPED = NATIVE.withOrder(ByteOrders.SWAPPED);
    private static final VarHandle ATOMIC = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle ATOMIC_SWAPPED =
            ValueLayout.JAVA_INT.withOrder(ByteOrders.SWAPPED).varHandle();

    IntSlice(Region region, MemorySegment segment, long offset, ByteOrder order) {
        super(region, segment, offset, order, 4);
    }

    /** The element at an index. */
    public int get(long index) {
        try {
            Objects.checkIndex(index, length);
            return Faults.loaded(segment.get(swapped ? SWAPPED : NATIVE, index * 4));
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores an element. */
    public void set(long index, int value) {
        try {
            requireWritable();
            Objects.checkIndex(index, length);
            segment.set(swapped ? SWAPPED : NATIVE, index * 4, value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Part of the slice; no bytes are copied. */
    public IntSlice slice(long from, long count) {
        return new IntSlice(region, part(from, count), offset + from * 4, order());
    }

    // ----------------------------------------------------------------------------------------------------- bulk

    /** Copies elements into an array. */
    public void copyTo(long index, int[] target, int from, int count) {
        requireInside(from, count, target.length);
        long before = losses();
        if (!isShortCopy(index, count)) {
            ValueLayout.OfInt layout = swapped ? SWAPPED : NATIVE;
            inPieces(
                    index,
                    count,
                    (done, piece) ->
                            MemorySegment.copy(segment, layout, (index + done) * 4, target, from + done, piece));
            return;
        }
        try {
            if (swapped) {
                MemorySegment.copy(segment, SWAPPED, index * 4, target, from, count);
            } else {
                MemorySegment.copy(segment, NATIVE, index * 4, target, from, count);
            }
        } catch (IllegalStateException | WrongThreadException e) {
            throw named(e);
        }
        requireThere(index, count, before);
    }

    /** Copies elements from an array. */
    public void copyFrom(long index, int[] source, int from, int count) {
        requireInside(from, count, source.length);
        requireWritable();
        long before = losses();
        if (!isShortCopy(index, count)) {
            ValueLayout.OfInt layout = swapped ? SWAPPED : NATIVE;
            inPieces(
                    index,
                    count,
                    (done, piece) ->
                            MemorySegment.copy(source, from + done, segment, layout, (index + done) * 4, piece));
            return;
        }
        try {
            if (swapped) {
                MemorySegment.copy(source, from, segment, SWAPPED, index * 4, count);
            } else {
                MemorySegment.copy(source, from, segment, NATIVE, index * 4, count);
            }
        } catch (IllegalStateException | WrongThreadException e) {
            throw named(e);
        }
        requireThere(index, count, before);
    }

    /**
     * Copies elements to another slice, whatever its byte order; the ranges may overlap, also in one file that two
     * mappings have.
     */
    public void copyTo(long index, IntSlice target, long at, long count) {
        copyAcross(swapped ? SWAPPED : NATIVE, index, target, target.swapped ? SWAPPED : NATIVE, at, count);
    }

    /**
     * A copy of all elements.
     *
     * @throws OutOfMemoryError if they do not fit an array
     */
    public int[] toArray() {
        int[] all = new int[ByteOrders.arrayLength(length)];
        copyTo(0, all, 0, all.length);
        return all;
    }

    /** Stores one value in every element. */
    public void fill(int value) {
        int[] block = new int[(int) Math.min(length, ByteOrders.FILL_BYTES / 4)];
        Arrays.fill(block, value);
        requireWritable();
        for (long at = 0; at < length; at += block.length) {
            copyFrom(at, block, 0, (int) Math.min(block.length, length - at));
        }
    }

    /**
     * The first index at which two slices differ; the length of the shorter one if it begins the other; -1 if they
     * are equal.
     */
    public long mismatch(IntSlice other) {
        return new Comparison(this, other).mismatch();
    }

    /** Whether two slices have as many elements and equal ones. */
    public boolean contentEquals(IntSlice other) {
        return length == other.length && mismatch(other) < 0;
    }

    /** Compares element by element; a slice that begins the other is the smaller one. */
    public int compare(IntSlice other) {
        long at = mismatch(other);
        if (at < 0 || at >= Math.min(length, other.length)) {
            return Long.compare(length, other.length);
        }
        int[] mine = slice(at, 1).toArray();
        int[] theirs = other.slice(at, 1).toArray();
        return Integer.compare(mine[0], theirs[0]);
    }

    // -------------------------------------------------------------------------------------------------- atomics
    // Need elements at multiples of their size in memory: IllegalArgumentException otherwise. They order memory between
    // threads, and between processes that map the same memory, as the methods of the same name of VarHandle do.

    /** Reads with volatile semantics. */
    public int getVolatile(long index) {
        try {
            return Faults.loaded((int) (swapped ? ATOMIC_SWAPPED : ATOMIC).getVolatile(segment, aligned(index)));
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Writes with volatile semantics. */
    public void setVolatile(long index, int value) {
        try {
            (swapped ? ATOMIC_SWAPPED : ATOMIC).setVolatile(segment, writable(index), value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Reads, before everything that follows. */
    public int getAcquire(long index) {
        try {
            return Faults.loaded((int) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAcquire(segment, aligned(index)));
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Writes, after everything that came before. */
    public void setRelease(long index, int value) {
        try {
            (swapped ? ATOMIC_SWAPPED : ATOMIC).setRelease(segment, writable(index), value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Reads in program order for this element alone. */
    public int getOpaque(long index) {
        try {
            return Faults.loaded((int) (swapped ? ATOMIC_SWAPPED : ATOMIC).getOpaque(segment, aligned(index)));
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Writes in program order for this element alone. */
    public void setOpaque(long index, int value) {
        try {
            (swapped ? ATOMIC_SWAPPED : ATOMIC).setOpaque(segment, writable(index), value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores a value if the element has the expected one; whether it did. */
    public boolean compareAndSet(long index, int expected, int value) {
        try {
            return (swapped ? ATOMIC_SWAPPED : ATOMIC).compareAndSet(segment, touched(index), expected, value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores a value if the element has the expected one; what it had. */
    public int compareAndExchange(long index, int expected, int value) {
        try {
            return (int)
                    (swapped ? ATOMIC_SWAPPED : ATOMIC).compareAndExchange(segment, touched(index), expected, value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Adds; what the element had before. */
    public int getAndAdd(long index, int delta) {
        try {
            return (int) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAndAdd(segment, touched(index), delta);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores; what the element had before. */
    public int getAndSet(long index, int value) {
        try {
            return (int) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAndSet(segment, touched(index), value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Sets bits; what the element had before. */
    public int getAndBitwiseOr(long index, int bits) {
        try {
            return (int) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAndBitwiseOr(segment, touched(index), bits);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Keeps bits; what the element had before. */
    public int getAndBitwiseAnd(long index, int bits) {
        try {
            return (int) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAndBitwiseAnd(segment, touched(index), bits);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Flips bits; what the element had before. */
    public int getAndBitwiseXor(long index, int bits) {
        try {
            return (int) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAndBitwiseXor(segment, touched(index), bits);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    private long aligned(long index) {
        requireAligned();
        Objects.checkIndex(index, length);
        return index * 4;
    }

    private long writable(long index) {
        requireWritable();
        return aligned(index);
    }

    /** For an exchange, which reads and writes. */
    private long touched(long index) {
        long at = writable(index);
        if (!Faults.HEALED) {
            Faults.touch(segment, at);
        }
        return at;
    }
}
