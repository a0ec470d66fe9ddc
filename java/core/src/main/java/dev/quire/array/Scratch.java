package dev.quire.array;

import dev.quire.internal.FloatingReducer;
import dev.quire.internal.FloatingReducer.What;
import dev.quire.internal.IntegerReducer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** What elements are gathered in; reducers then see only memory of one kind, for which the compiler makes one code. */
final class Scratch {
    private double[] doubles = new double[0];
    private MemorySegment segment = MemorySegment.NULL;
    private @Nullable FloatingReducer reducer;
    private @Nullable IntegerReducer wholeReducer;

    /** A new one, or the one of before as new: whoever reduces line by line asks for the same each time. */
    FloatingReducer reducer(int bytes, boolean swapped, What what) {
        if (reducer == null || !reducer.isFor(bytes, swapped, what)) {
            reducer = new FloatingReducer(bytes, swapped, what);
            return reducer;
        }
        return reducer.reset();
    }

    /** The same for the whole numbers or bools of an array, where they are; a scratch serves one array. */
    IntegerReducer wholeReducer(ElementType type, boolean swapped) {
        if (wholeReducer != null) {
            return wholeReducer.reset();
        }
        wholeReducer = type == ElementType.BOOL
                ? IntegerReducer.ofBools()
                : new IntegerReducer(type.itemBytes(), swapped, type.isUnsigned());
        return wholeReducer;
    }

    double[] doubles() {
        if (doubles.length == 0) {
            doubles = new double[ArrayReductions.BUFFER];
        }
        return doubles;
    }

    private MemorySegment segment(long bytes) {
        if (segment.byteSize() == 0) {
            segment = Arena.ofAuto().allocate(ArrayReductions.BUFFER * (long) Double.BYTES, Double.BYTES);
        }
        return segment.asSlice(0, bytes);
    }

    MemorySegment nativeDoubles(int count) {
        MemorySegment copy = segment((long) count * Double.BYTES);
        MemorySegment.copy(doubles, 0, copy, ValueLayout.JAVA_DOUBLE, 0, count);
        return copy;
    }

    MemorySegment nativeLongs(long[] longs, int count) {
        MemorySegment copy = segment((long) count * Long.BYTES);
        MemorySegment.copy(longs, 0, copy, ValueLayout.JAVA_LONG, 0, count);
        return copy;
    }
}
