package dev.quire.array;

import dev.quire.internal.Lines;
import java.lang.reflect.Array;
import java.util.function.IntFunction;

/**
 * Which elements a reduction along an axis visits, and when. Results are numbered in the sequence in which they lie in
 * memory, so that a walk goes through memory as straight as the layout lets it; {@link #inSequence} brings them into C
 * sequence at the end.
 *
 * <p>Two ways. <i>Across</i> takes many results at once and goes along the axis with all of them: for axes whose
 * neighbours are far apart. <i>Along</i> finishes one result after the other.
 */
final class AxisWalk {
    /** Elements that are visited at once: their copy stays in the first-level cache. */
    static final int CHUNK = 1024;

    /** Results that are worked on at once: 128 KiB, which stay in the second-level cache. */
    private static final int BLOCK = 16 * CHUNK;

    /** From here on a result of its own is worth the setting up. */
    private static final int LONG_LINE = 32;

    /** So few results side by side cost more to visit than lines whose elements are apart. */
    private static final int NARROW = 16;

    private final Runs.Memory memory;
    private final ArrayLayout rest;
    private final int[] axes;
    private final long length;
    private final long stride;
    private final boolean along;

    AxisWalk(Runs.Memory memory, ArrayLayout layout, int axis) {
        this.memory = memory;
        this.length = layout.shape().dim(axis);
        this.stride = layout.stride(axis);
        ArrayLayout others = layout.dropped(axis);
        this.axes = RunCursor.memoryAxes(others);
        this.rest = others.transpose(axes);
        this.along = isLineBetter();
    }

    private boolean isLineBetter() {
        RunCursor results = RunCursor.inSequence(rest);
        if (!results.next(BLOCK) || length < LONG_LINE) {
            return false;
        }
        boolean closest = Math.abs(stride) <= Math.abs(results.stride) || results.count == 1;
        return closest || (results.count < NARROW && length >= CHUNK);
    }

    /** Whether one result after the other is the better way. */
    boolean isAlong() {
        return along;
    }

    /** Takes an element of each of neighbouring results. */
    interface Visitor {
        /**
         * Visits a run of at most {@link #CHUNK} elements.
         *
         * @param first the result that the first element belongs to
         * @param place where on the axis they are
         */
        void visit(RunCursor run, int first, long place);
    }

    /** Takes all elements of one result. */
    interface LineVisitor {
        /** Visits a line. */
        void visit(ArrayReductions line, int result);
    }

    /** Takes many results' elements, a line for each. */
    interface LinesVisitor {
        /** Visits lines, the first of which belongs to this result. */
        void visit(Lines lines, int first);
    }

    /** Visits every element, as lines along the axis. */
    void lines(LinesVisitor visitor) {
        RunCursor results = RunCursor.inSequence(rest);
        int first = 0;
        for (Lines place = results.nextLines(); place != null; place = results.nextLines()) {
            Lines lines = new Lines(
                    place.offset(), place.lines(), place.lineStride(), place.length(), place.stride(), length, stride);
            visitor.visit(lines, first);
            first += (int) place.count();
        }
    }

    /** Visits every element, many results at once. */
    void across(Visitor visitor) {
        RunCursor block = RunCursor.inSequence(rest);
        for (int first = 0; block.next(BLOCK); ) {
            int results = block.count;
            long start = block.at;
            for (long place = 0; place < length; place++) {
                block.at = start + place * stride;
                block.count = results;
                inChunks(visitor, block, first, place);
            }
            first += results;
        }
    }

    private static void inChunks(Visitor visitor, RunCursor block, int first, long place) {
        int results = block.count;
        long start = block.at;
        for (int done = 0; done < results; done += CHUNK) {
            block.at = start + done * block.stride;
            block.count = Math.min(CHUNK, results - done);
            visitor.visit(block, first + done, place);
        }
    }

    /** Visits every element, one result after the other. */
    void along(LineVisitor visitor) {
        ArrayLayout first = ArrayLayout.line(length, stride, memory.type().itemBytes());
        ArrayReductions line = new ArrayReductions(memory, first, 1);
        RunCursor starts = RunCursor.inSequence(rest);
        for (int result = 0; starts.next(1); result++) {
            visitor.visit(line.shifted(starts.at), result);
        }
    }

    /** Results in C sequence of the axes that are left. */
    <T> T inSequence(T results, IntFunction<T> create) {
        boolean sorted = true;
        for (int i = 0; i < axes.length; i++) {
            sorted &= axes[i] == i;
        }
        int count = Array.getLength(results);
        if (sorted || count == 0) {
            return results;
        }
        T ordered = create.apply(count);
        int[] back = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            back[axes[i]] = i;
        }
        ArrayLayout places = ArrayLayout.contiguous(rest.shape(), Order.C, 1).transpose(back);
        RunCursor from = RunCursor.inSequence(places);
        for (int to = 0; from.next(1); to++) {
            System.arraycopy(results, (int) from.at, ordered, to, 1);
        }
        return ordered;
    }
}
