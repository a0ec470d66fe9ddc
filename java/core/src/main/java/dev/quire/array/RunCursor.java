package dev.quire.array;

import dev.quire.internal.Lines;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the elements of a layout as runs of evenly spaced ones. Axes that continue each other become one run, so
 * that an array without gaps is a single one.
 */
final class RunCursor {
    private final long[] dims;
    private final long[] strides;
    private final long[] index;
    private long base;
    private long inner;
    private boolean ended;

    /** Where the run begins, in bytes. */
    long at;

    /** Bytes from one element of the run to the next. */
    long stride;

    /** How many elements the run has. */
    int count;

    /**
     * At the beginning.
     *
     * @param axes the axes of the layout, the slowest first
     */
    RunCursor(ArrayLayout layout, int[] axes) {
        long[] mergedDims = new long[axes.length + 1];
        long[] mergedStrides = new long[axes.length + 1];
        int merged = 0;
        for (int axis : axes) {
            long dim = layout.shape().dim(axis);
            long step = layout.stride(axis);
            if (dim == 1) {
                continue;
            }
            if (merged > 0 && mergedStrides[merged - 1] == step * dim) {
                mergedDims[merged - 1] *= dim;
                mergedStrides[merged - 1] = step;
            } else {
                mergedDims[merged] = dim;
                mergedStrides[merged++] = step;
            }
        }
        if (merged == 0) {
            mergedDims[merged] = 1;
            mergedStrides[merged++] = layout.itemBytes();
        }
        dims = Arrays.copyOf(mergedDims, merged);
        strides = Arrays.copyOf(mergedStrides, merged);
        index = new long[merged];
        base = layout.offset();
        ended = layout.shape().isEmpty();
        stride = strides[merged - 1];
    }

    /** All elements as groups of lines, in the sequence of this cursor; null if they have more axes than that. */
    @Nullable
    Lines lines() {
        return dims.length > 3 ? null : linesFrom(Math.max(0, dims.length - 3));
    }

    private Lines linesFrom(int first) {
        int last = dims.length - 1;
        if (ended) {
            return Lines.of(0, 0, 0);
        }
        boolean grouped = last - 2 >= first;
        boolean lined = last - 1 >= first;
        return new Lines(
                base,
                grouped ? dims[last - 2] : 1,
                grouped ? strides[last - 2] : 0,
                lined ? dims[last - 1] : 1,
                lined ? strides[last - 1] : 0,
                dims[last],
                stride);
    }

    /**
     * The elements of the next position of all but the two fastest axes, as lines of one group; null if there are none
     * left.
     */
    @Nullable
    Lines nextLines() {
        if (ended) {
            return null;
        }
        int first = Math.max(0, dims.length - 2);
        Lines lines = linesFrom(first);
        carry(first - 1);
        return lines;
    }

    /** In C sequence, the last axis fastest. */
    static RunCursor inSequence(ArrayLayout layout) {
        return new RunCursor(layout, axes(layout));
    }

    /** In the sequence in which the elements are in memory. */
    static RunCursor inMemory(ArrayLayout layout) {
        return new RunCursor(layout, memoryAxes(layout));
    }

    private static int[] axes(ArrayLayout layout) {
        int[] axes = new int[layout.shape().rank()];
        for (int axis = 0; axis < axes.length; axis++) {
            axes[axis] = axis;
        }
        return axes;
    }

    /** The axes of a layout, the one with the largest stride first. They are few: sorted by insertion. */
    static int[] memoryAxes(ArrayLayout layout) {
        int[] axes = axes(layout);
        for (int axis = 1; axis < axes.length; axis++) {
            long stride = Math.abs(layout.stride(axis));
            int place = axis;
            for (; place > 0 && Math.abs(layout.stride(axes[place - 1])) < stride; place--) {
                axes[place] = axes[place - 1];
            }
            axes[place] = axis;
        }
        return axes;
    }

    /** Moves to the next run of at most so many elements; false if there is none. */
    boolean next(int most) {
        if (ended) {
            return false;
        }
        int last = dims.length - 1;
        at = base + inner * stride;
        count = (int) Math.min(most, dims[last] - inner);
        inner += count;
        if (inner == dims[last]) {
            inner = 0;
            carry(last - 1);
        }
        return true;
    }

    private void carry(int from) {
        for (int axis = from; axis >= 0; axis--) {
            base += strides[axis];
            if (++index[axis] < dims[axis]) {
                return;
            }
            base -= dims[axis] * strides[axis];
            index[axis] = 0;
        }
        ended = true;
    }
}
