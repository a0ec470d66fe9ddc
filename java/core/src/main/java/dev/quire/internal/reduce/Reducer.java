package dev.quire.internal.reduce;

import dev.quire.internal.KernelVersions;
import dev.quire.internal.Kernels;
import dev.quire.internal.Lines;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * Reduces a sequence of elements of mapped memory, in chunks that stay in the first-level cache: each is gone over
 * several times while memory is read once. {@code quire.h} has the order of operations; a sequence has the same bits
 * however it lies in memory.
 */
public abstract sealed class Reducer permits FloatingReducer, IntegerReducer {
    final int elementBytes;
    final boolean swapped;
    final Statistics what;
    final Moments moments = new Moments();
    private int filled;

    Reducer(int elementBytes, boolean swapped, Statistics what) {
        this.elementBytes = elementBytes;
        this.swapped = swapped;
        this.what = what;
    }

    /**
     * Reduces all elements of mapped memory, for a reducer that has none yet: by a kernel of the C layer where there is
     * one for them, else by loops in Java. The bits are the same.
     *
     * @throws dev.quire.error.MemoryFaultException if a kernel met a page that cannot be read
     */
    public final void addMapped(Region region, MemorySegment from) {
        addMapped(region, from, KernelVersions.CHOSEN);
    }

    final void addMapped(Region region, MemorySegment from, int kernels) {
        addMapped(region, from, Lines.of(0, from.byteSize() / elementBytes, elementBytes), kernels);
    }

    /** Reduces the elements of all lines, which lie in the segment, likewise. */
    public final void addMapped(Region region, MemorySegment from, Lines lines) {
        addMapped(region, from, lines, KernelVersions.CHOSEN);
    }

    final void addMapped(Region region, MemorySegment from, Lines lines, int kernels) {
        addRuns(to -> to.addLines(region, from, lines, kernels));
    }

    private void addLines(Region region, MemorySegment from, Lines lines, int kernels) {
        long done = 0;
        if (!swapped && !isScaled()) {
            done = Kernels.reduce(region, from, lines, elements(), what.code(), kernels, this::take);
        }
        for (long i = lines.length() == 0 ? lines.groups() * lines.lines() : done / lines.length();
                i < lines.groups() * lines.lines();
                i++) {
            Lines line = lines.line(i / lines.lines(), i % lines.lines());
            long skipped = Math.max(0, done - i * lines.length());
            add(from, line.offset() + skipped * line.stride(), line.stride(), line.length() - skipped);
        }
    }

    /**
     * Reduces what a block adds, for a reducer that has none yet. The block may be run twice: if finite elements
     * overflow in the order that is fixed, they are reduced again, scaled.
     */
    public final void addRuns(Consumer<Reducer> block) {
        block.accept(this);
        finish(block);
    }

    /** Ends a sequence; adds it again if finite elements overflowed. */
    final void finish(Consumer<Reducer> block) {
        flush();
        if (hasOverflowed()) {
            scale();
            block.accept(this);
            flush();
        }
    }

    /** Adds evenly spaced elements; offset and stride in bytes. */
    public final void add(MemorySegment from, long at, long stride, long count) {
        for (long done = 0; done < count; ) {
            int some = (int) Math.min(Moments.CHUNK - filled, count - done);
            load(from, at + done * stride, stride, filled, some);
            filled += some;
            done += some;
            if (filled == Moments.CHUNK) {
                flush();
            }
        }
    }

    private void flush() {
        if (filled > 0) {
            int length = filled;
            filled = 0;
            addChunk(length);
        }
    }

    /** The elements, as the C layer numbers them. */
    abstract Kernels.Elements elements();

    /** Takes over what a kernel found, in a call more. */
    abstract void take(MemorySegment reduction);

    /** Puts elements into the chunk, from a place on. */
    abstract void load(MemorySegment from, long at, long stride, int place, int count);

    /** Adds the chunk's first elements. */
    abstract void addChunk(int length);

    /** Whether finite elements have come to what is not finite. */
    abstract boolean hasOverflowed();

    /** Becomes as new, and scales what comes. */
    abstract void scale();

    abstract boolean isScaled();

    /** As new. */
    abstract void reset();

    /** The smallest element in double precision; NaN if there is none, or one is NaN. */
    public abstract double min();

    /** The largest element in double precision; NaN if there is none, or one is NaN. */
    public abstract double max();

    /** The sum, in double precision. */
    public abstract double sum();

    /** How many elements came. */
    public abstract long count();

    /** The sum divided by the count; NaN if there is no element. */
    public abstract double mean();

    /** The standard deviation; NaN if there is no element. */
    public abstract double std();
}
