package dev.quire.array;

import java.util.Optional;

/**
 * Finds the strides of a reshaped view in two steps. Old axes that are evenly spaced (the stride of the slower one is
 * the stride of the faster one times its length) are joined to runs, as long as they can be. Then the new axes are cut
 * off the runs, the fastest first: each must divide what is left of its run. Axes of length 1 take no part.
 */
final class Reshape {

    private final long[] runLengths;
    private final long[] runStrides;
    private int runs;

    private Reshape(int rank) {
        runLengths = new long[rank];
        runStrides = new long[rank];
    }

    /** The new strides; empty if there are none. Both shapes have the same number of elements, not 0. */
    static Optional<long[]> strides(ArrayLayout from, Shape to, Order order) {
        Reshape reshape = new Reshape(from.shape().rank());
        reshape.join(from, order);
        return reshape.cut(to, order, from.itemBytes());
    }

    /** The axis that is {@code i} axes slower than the fastest. */
    private static int axis(int i, int rank, Order order) {
        return order == Order.C ? rank - 1 - i : i;
    }

    private void join(ArrayLayout from, Order order) {
        int rank = from.shape().rank();
        for (int i = 0; i < rank; i++) {
            int axis = axis(i, rank, order);
            long length = from.shape().dim(axis);
            if (length == 1) {
                continue;
            }
            if (runs > 0 && from.stride(axis) == runStrides[runs - 1] * runLengths[runs - 1]) {
                runLengths[runs - 1] *= length;
            } else {
                runStrides[runs] = from.stride(axis);
                runLengths[runs++] = length;
            }
        }
    }

    private Optional<long[]> cut(Shape to, Order order, long itemBytes) {
        long[] strides = new long[to.rank()];
        int run = 0;
        for (int i = 0; i < strides.length; i++) {
            int axis = axis(i, strides.length, order);
            long length = to.dim(axis);
            if (length == 1) {
                strides[axis] = itemBytes;
                continue;
            }
            run += runLengths[run] == 1 ? 1 : 0;
            if (runLengths[run] % length != 0) {
                return Optional.empty();
            }
            strides[axis] = runStrides[run];
            runStrides[run] *= length;
            runLengths[run] /= length;
        }
        return Optional.of(strides);
    }
}
