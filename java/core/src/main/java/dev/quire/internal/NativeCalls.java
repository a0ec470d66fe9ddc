package dev.quire.internal;

import dev.quire.internal.ffi.QuireHeader;
import java.lang.foreign.MemorySegment;

/** The reductions of the C layer. Callers hold the region. */
final class NativeCalls {
    private NativeCalls() {}

    /** Reduces elements of a sequence; base is where the lines' segment begins in the region. */
    static int reduce(
            CallFrame frame,
            Region region,
            long base,
            Lines lines,
            long first,
            long count,
            int element,
            int what,
            int kernels) {
        MemorySegment in = frame.lines();
        lines.store(in, base);
        return QuireHeader.quire_reduce(
                frame.region(region.extent()),
                in,
                first,
                count,
                element,
                what,
                kernels,
                frame.reduction(),
                frame.error);
    }

    /** Reduces every line for itself. */
    static int reduceLines(CallFrame frame, Region region, long base, Lines lines, int element, int what, int kernels) {
        MemorySegment in = frame.lines();
        lines.store(in, base);
        return QuireHeader.quire_reduce_lines(
                frame.region(region.extent()), in, element, what, kernels, frame.lineResults(), frame.error);
    }
}
