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
        int from = 0; // axis of the layout that the next part takes
        int axis = 0; // axis of the view so far
        for (Index part : parts) {
            switch (part) {
                case Index.At(long index) -> view = view.at(axis, layout.position(from++, index));
                case Index.Range range -> {
                    view = view.range(axis++, range);
                    from++;
                }
                case Index.Rest _ -> {
                    axis += rank - taken;
                    from += rank - taken;
                }
                case Index.NewAxis _ -> view = view.insertAxis(axis++);
            }
        }
        return view;
    }

    private static boolean takesAxis(Index part) {
        return part instanceof Index.At || part instanceof Index.Range;
    }
}
