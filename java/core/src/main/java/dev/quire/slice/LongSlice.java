package dev.quire.slice;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/** Mapped memory as 64-bit integers, in either byte order. */
public final class LongSlice extends IntegerSlice {
    private static final ValueLayout.OfLong NATIVE = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfLong SWAPPED = NATIVE.withOrder(ByteOrders.SWAPPED);
    private static final VarHandle ATOMIC = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle ATOMIC_SWAPPED =
            ValueLayout.JAVA_LONG.withOrder(ByteOrders.SWAPPED).varHandle();

    LongSlice(Region region, MemorySegment segment, long offset, ByteOrder order) {
        super(region, segment, offset, order, 8);
    }

    /** The element at an index. */
    public long get(long index) {
        try {
            Objects.checkIndex(index, length);
            return segment.get(swapped ? SWAPPED : NATIVE, index * 8);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores an element. */
    public void set(long index, long value) {
        try {
            requireWritable();
            Objects.checkIndex(index, length);
            segment.set(swapped ? SWAPPED : NATIVE, index * 8, value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Part of the slice; no bytes are copied. */
    public LongSlice slice(long from, long count) {
        return new LongSlice(region, part(from, count), offset + from * 8, order());
    }

    // ----------------------------------------------------------------------------------------------------- bulk

    /** Copies elements into an array. */
    public void copyTo(long index, long[] target, int from, int count) {
        requireInside(from, count, target.length);
        long before = losses();
        if (!isShortCopy(index, count)) {
            ValueLayout.OfLong layout = swapped ? SWAPPED : NATIVE;
            inPieces(
                    index,
                    count,
                    (done, piece) ->
                            MemorySegment.copy(segment, layout, (index + done) * 8, target, from + done, piece));
            return;
        }
        try {
            if (swapped) {
                MemorySegment.copy(segment, SWAPPED, index * 8, target, from, count);
            } else {
                MemorySegment.copy(segment, NATIVE, index * 8, target, from, count);
            }
        } catch (IllegalStateException | WrongThreadException e) {
            throw named(e);
        }
        requireThere(index, count, before);
    }

    /** Copies elements from an array. */
    public void copyFrom(long index, long[] source, int from, int count) {
        requireInside(from, count, source.length);
        requireWritable();
        long before = losses();
        if (!isShortCopy(index, count)) {
            ValueLayout.OfLong layout = swapped ? SWAPPED : NATIVE;
            inPieces(
                    index,
                    count,
                    (done, piece) ->
                            MemorySegment.copy(source, from + done, segment, layout, (index + done) * 8, piece));
            return;
        }
        try {
            if (swapped) {
                MemorySegment.copy(source, from, segment, SWAPPED, index * 8, count);
            } else {
                MemorySegment.copy(source, from, segment, NATIVE, index * 8, count);
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
    public void copyTo(long index, LongSlice target, long at, long count) {
        copyAcross(swapped ? SWAPPED : NATIVE, index, target, target.swapped ? SWAPPED : NATIVE, at, count);
    }

    /**
     * A copy of all elements.
     *
     * @throws OutOfMemoryError if they do not fit an array
     */
    public long[] toArray() {
        long[] all = new long[ByteOrders.arrayLength(length)];
        copyTo(0, all, 0, all.length);
        return all;
    }

    /** Stores one value in every element. */
    public void fill(long value) {
        long[] block = new long[(int) Math.min(length, ByteOrders.FILL_BYTES / 8)];
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
    public long mismatch(LongSlice other) {
        return new Comparison(this, other).mismatch();
    }

    /** Whether two slices have as many elements and equal ones. */
    public boolean contentEquals(LongSlice other) {
        return length == other.length && mismatch(other) < 0;
    }

    /** Compares element by element; a slice that begins the other is the smaller one. */
    public int compare(LongSlice other) {
        long at = mismatch(other);
        if (at < 0 || at >= Math.min(length, other.length)) {
            return Long.compare(length, other.length);
        }
        long[] mine = slice(at, 1).toArray();
        long[] theirs = other.slice(at, 1).toArray();
        return Long.compare(mine[0], theirs[0]);
    }

    // -------------------------------------------------------------------------------------------------- atomics
    // Need elements at multiples of their size in memory: IllegalArgumentException otherwise. They order memory between
    // threads, and between processes that map the same memory, as the methods of the same name of VarHandle do.

    /** Reads with volatile semantics. */
    public long getVolatile(long index) {
        try {
            return (long) (swapped ? ATOMIC_SWAPPED : ATOMIC).getVolatile(segment, aligned(index));
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Writes with volatile semantics. */
    public void setVolatile(long index, long value) {
        try {
            (swapped ? ATOMIC_SWAPPED : ATOMIC).setVolatile(segment, writable(index), value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Reads, before everything that follows. */
    public long getAcquire(long index) {
        try {
            return (long) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAcquire(segment, aligned(index));
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Writes, after everything that came before. */
    public void setRelease(long index, long value) {
        try {
            (swapped ? ATOMIC_SWAPPED : ATOMIC).setRelease(segment, writable(index), value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Reads in program order for this element alone. */
    public long getOpaque(long index) {
        try {
            return (long) (swapped ? ATOMIC_SWAPPED : ATOMIC).getOpaque(segment, aligned(index));
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Writes in program order for this element alone. */
    public void setOpaque(long index, long value) {
        try {
            (swapped ? ATOMIC_SWAPPED : ATOMIC).setOpaque(segment, writable(index), value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores a value if the element has the expected one; whether it did. */
    public boolean compareAndSet(long index, long expected, long value) {
        try {
            return (swapped ? ATOMIC_SWAPPED : ATOMIC).compareAndSet(segment, touched(index), expected, value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores a value if the element has the expected one; what it had. */
    public long compareAndExchange(long index, long expected, long value) {
        try {
            return (long)
                    (swapped ? ATOMIC_SWAPPED : ATOMIC).compareAndExchange(segment, touched(index), expected, value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Adds; what the element had before. */
    public long getAndAdd(long index, long delta) {
        try {
            return (long) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAndAdd(segment, touched(index), delta);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Stores; what the element had before. */
    public long getAndSet(long index, long value) {
        try {
            return (long) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAndSet(segment, touched(index), value);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Sets bits; what the element had before. */
    public long getAndBitwiseOr(long index, long bits) {
        try {
            return (long) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAndBitwiseOr(segment, touched(index), bits);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Keeps bits; what the element had before. */
    public long getAndBitwiseAnd(long index, long bits) {
        try {
            return (long) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAndBitwiseAnd(segment, touched(index), bits);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    /** Flips bits; what the element had before. */
    public long getAndBitwiseXor(long index, long bits) {
        try {
            return (long) (swapped ? ATOMIC_SWAPPED : ATOMIC).getAndBitwiseXor(segment, touched(index), bits);
        } catch (IllegalStateException | WrongThreadException | IndexOutOfBoundsException e) {
            throw named(e, index);
        }
    }

    private long aligned(long index) {
        requireAligned();
        Objects.checkIndex(index, length);
        return index * 8;
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
