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
        addElements(from, lines, done, lines.count() - done);
    }

    /** Adds so many elements of the sequence by loops in Java, from a place on. */
    final void addElements(MemorySegment from, Lines lines, long first, long count) {
        for (long done = 0; done < count; ) {
            long number = (first + done) / lines.length();
            long skipped = (first + done) % lines.length();
            long some = Math.min(lines.length() - skipped, count - done);
            Lines line = lines.line(number / lines.lines(), number % lines.lines());
            add(from, line.offset() + skipped * line.stride(), line.stride(), some);
            done += some;
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

    /** Adds the last elements, which fill no chunk. */
    final void flush() {
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

    /** Takes what a kernel found in elements of its own, but for what chunks put down. */
    abstract void takeApart(MemorySegment reduction);

    /** A new one for a part of the elements, which keeps what needs no order. */
    final Reducer part() {
        Reducer part = another();
        if (isScaled()) {
            part.scale();
        }
        return part;
    }

    /** From now on chunks are put down there. */
    final void putDown(ChunkResults results) {
        moments.putDown(results);
    }

    /** Merges chunks that a part put down, the next in sequence: all full but the last. */
    final void merge(ChunkResults results, int elements) {
        for (int i = 0; i * Moments.CHUNK < elements; i++) {
            if (what.hasSum() && addsSumsInSequence()) {
                moments.keep(results.sum(i));
            }
            if (what.hasDeviations()) {
                int length = Math.min(Moments.CHUNK, elements - i * Moments.CHUNK);
                moments.merge(length, results.mean(i), results.correction(i), results.deviations(i));
            }
        }
    }

    /** Whether the sums of chunks are added in sequence: those of integers are exact. */
    abstract boolean addsSumsInSequence();

    /** Adds what a part has kept itself. */
    abstract void absorb(Reducer part);

    /** Another that computes the same. */
    abstract Reducer another();

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
