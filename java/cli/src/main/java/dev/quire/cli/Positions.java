package dev.quire.cli;

import dev.quire.array.Index;
import dev.quire.array.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the positions along an axis of a selection are in the array it was made from.
 *
 * @param first position
 * @param step to the next
 */
record Positions(long first, long step) {
    long at(long position) {
        return first + position * step;
    }

    /** One for each axis that a selection leaves or makes. */
    static List<Positions> of(List<Index> parts, Shape shape) {
        List<Positions> axes = new ArrayList<>();
        int axis = 0;
        for (Index part : parts) {
            switch (part) {
                case Index.At _ -> axis++;
                case Index.NewAxis _ -> axes.add(new Positions(0, 1));
                case Index.Range range -> axes.add(new Positions(range.first(shape.dim(axis++)), range.step()));
                case Index.Rest _ -> {
                    long taken = parts.stream()
                            .filter(other -> other instanceof Index.At || other instanceof Index.Range)
                            .count();
                    for (long left = shape.rank() - taken; left > 0; left--, axis++) {
                        axes.add(new Positions(0, 1));
                    }
                }
            }
        }
        for (; axis < shape.rank(); axis++) {
            axes.add(new Positions(0, 1));
        }
        return axes;
    }
}
