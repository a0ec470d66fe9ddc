package dev.quire.array;

import java.util.ArrayList;
import java.util.List;

/** Every index of a shape in C sequence, the slow and obvious way. */
final class Indices {

    private Indices() {}

    static List<long[]> of(Shape shape) {
        List<long[]> all = new ArrayList<>();
        add(shape, new long[shape.rank()], 0, all);
        return all;
    }

    private static void add(Shape shape, long[] index, int axis, List<long[]> all) {
        if (axis == index.length) {
            all.add(index.clone());
            return;
        }
        for (index[axis] = 0; index[axis] < shape.dim(axis); index[axis]++) {
            add(shape, index, axis + 1, all);
        }
    }
}
