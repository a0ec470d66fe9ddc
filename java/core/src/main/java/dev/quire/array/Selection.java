package dev.quire.array;

import java.util.List;

/** Applies the parts of a selection to a layout, one axis after the other. */
final class Selection {
    private Selection() {}

    static ArrayLayout of(ArrayLayout layout, List<Index> parts) {
        int taken = (int) parts.stream().filter(Selection::takesAxis).count();
        long rests = parts.stream().filter(Index.Rest.class::isInstance).count();
        int rank = layout.shape().rank();
        if (taken > rank || rests > 1) {
            throw new IllegalArgumentException("selection " + parts + " from shape " + layout.shape()
                    + (rests > 1 ? ": more than one ..." : ": too many indices"));
        }
        ArrayLayout view = layout;
        int axis = 0;
        for (Index part : parts) {
            switch (part) {
                case Index.At(long index) -> view = view.at(axis, index);
                case Index.Range range -> view = view.range(axis++, range);
                case Index.Rest _ -> axis += rank - taken;
                case Index.NewAxis _ -> view = view.insertAxis(axis++);
            }
        }
        return view;
    }

    private static boolean takesAxis(Index part) {
        return part instanceof Index.At || part instanceof Index.Range;
    }
}
