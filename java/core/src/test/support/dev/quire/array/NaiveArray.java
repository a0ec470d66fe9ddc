package dev.quire.array;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/** The model for views: an array that copies its elements, in C sequence, and looks every one up by its index. */
record NaiveArray(Shape shape, long[] values) {

    /** Elements 0, 1, 2, ... in the given order. */
    static NaiveArray counting(Shape shape, Order order) {
        long[] values = LongStream.range(0, shape.elementCount()).toArray();
        if (order == Order.C) {
            return new NaiveArray(shape, values);
        }
        int[] reversed = new int[shape.rank()];
        Arrays.setAll(reversed, axis -> reversed.length - 1 - axis);
        long[] dims = new long[shape.rank()];
        Arrays.setAll(dims, axis -> shape.dim(reversed[axis]));
        return new NaiveArray(Shape.of(dims), values).transpose(reversed);
    }

    NaiveArray map(LongUnaryOperator change) {
        return new NaiveArray(shape, LongStream.of(values).map(change).toArray());
    }

    long get(long... index) {
        long place = 0;
        for (int axis = 0; axis < index.length; axis++) {
            place = place * shape.dim(axis) + index[axis];
        }
        return values[(int) place];
    }

    /** Builds an array of the target shape, taking each element from where {@code source} says. */
    private NaiveArray gather(Shape target, UnaryOperator<long[]> source) {
        return new NaiveArray(
                target,
                Indices.of(target).stream()
                        .mapToLong(index -> get(source.apply(index)))
                        .toArray());
    }

    NaiveArray transpose(int... axes) {
        long[] dims = new long[axes.length];
        Arrays.setAll(dims, i -> shape.dim(axes[i]));
        return gather(Shape.of(dims), index -> {
            long[] from = new long[index.length];
            for (int i = 0; i < axes.length; i++) {
                from[axes[i]] = index[i];
            }
            return from;
        });
    }

    NaiveArray broadcast(Shape target) {
        int added = target.rank() - shape.rank();
        return gather(target, index -> {
            long[] from = new long[shape.rank()];
            Arrays.setAll(from, axis -> shape.dim(axis) == 1 ? 0 : index[axis + added]);
            return from;
        });
    }

    /** Positions of each axis are listed one by one. */
    NaiveArray select(List<Index> parts) {
        NaiveArray result = this;
        int axis = 0;
        long taken = parts.stream()
                .filter(part -> !(part instanceof Index.Rest || part instanceof Index.NewAxis))
                .count();
        for (Index part : parts) {
            switch (part) {
                case Index.At(long at) ->
                    result = result.take(axis, new long[] {at < 0 ? at + result.shape.dim(axis) : at}, false);
                case Index.Range range -> {
                    result = result.take(axis, positions(range, result.shape.dim(axis)), true);
                    axis++;
                }
                case Index.Rest _ -> axis += shape.rank() - (int) taken;
                case Index.NewAxis _ -> {
                    long[] dims = new long[result.shape.rank() + 1];
                    int place = axis;
                    NaiveArray old = result;
                    Arrays.setAll(dims, i -> i == place ? 1 : old.shape.dim(i < place ? i : i - 1));
                    result = new NaiveArray(Shape.of(dims), result.values);
                    axis++;
                }
            }
        }
        return result;
    }

    private NaiveArray take(int axis, long[] positions, boolean keep) {
        long[] dims = shape.dims();
        dims[axis] = positions.length;
        NaiveArray taken = gather(Shape.of(dims), index -> {
            index[axis] = positions[(int) index[axis]];
            return index;
        });
        long[] fewer = LongStream.range(0, dims.length)
                .filter(i -> i != axis)
                .map(i -> dims[(int) i])
                .toArray();
        return keep ? taken : new NaiveArray(Shape.of(fewer), taken.values);
    }

    /** What a Python slice of the axis selects, by walking instead of computing. */
    private static long[] positions(Index.Range range, long length) {
        long step = range.step();
        LongStream axis = step > 0
                ? LongStream.range(0, length)
                : LongStream.range(0, length).map(i -> length - 1 - i);
        long start = absolute(
                range.start().orElse(step > 0 ? 0 : length - 1), range.start().isPresent(), length);
        long stop = absolute(
                range.stop().orElse(step > 0 ? length : -1), range.stop().isPresent(), length);
        long first = step > 0 ? Math.max(start, 0) : Math.min(start, length - 1);
        return axis.filter(i -> step > 0 ? i >= start && i < stop : i <= start && i > stop)
                .filter(i -> (i - first) % step == 0)
                .toArray();
    }

    private static long absolute(long bound, boolean given, long length) {
        return given && bound < 0 ? bound + length : bound;
    }

    NaiveArray reshape(Shape target, Order order) {
        if (order == Order.C) {
            return new NaiveArray(target, values);
        }
        int[] own = reversed(shape.rank());
        int[] others = reversed(target.rank());
        long[] dims = new long[others.length];
        Arrays.setAll(dims, i -> target.dim(others[i]));
        return new NaiveArray(Shape.of(dims), transpose(own).values).transpose(others);
    }

    private static int[] reversed(int rank) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, i -> rank - 1 - i);
        return axes;
    }

    /** Whether each element is the first plus the sum of index times one distance for each axis. */
    boolean hasStrides() {
        if (values.length == 0) {
            return true;
        }
        long[] strides = new long[shape.rank()];
        for (int axis = 0; axis < strides.length; axis++) {
            long[] one = new long[strides.length];
            one[axis] = 1;
            strides[axis] = shape.dim(axis) > 1 ? get(one) - values[0] : 0;
        }
        return Indices.of(shape).stream().allMatch(index -> get(index) == values[0] + dot(index, strides));
    }

    private static long dot(long[] index, long[] strides) {
        return LongStream.range(0, index.length)
                .map(i -> index[(int) i] * strides[(int) i])
                .sum();
    }

    /** Whether walking the elements in this order goes up by one item each time. */
    boolean isConsecutive(Order order, long itemBytes) {
        long[] walked = order == Order.C ? values : transpose(reversed(shape.rank())).values;
        return LongStream.range(1, walked.length).allMatch(i -> walked[(int) i] - walked[(int) i - 1] == itemBytes);
    }
}
