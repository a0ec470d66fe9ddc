package dev.quire.internal;

import dev.quire.internal.ffi.QuireHeader;

/** The reductions of the C layer. Callers hold the region. */
final class NativeCalls {
    private NativeCalls() {}

    /** Reduces into the frame's reduction; a code of the C layer: OK, FAULT or UNSUPPORTED. */
    static int reduce(CallFrame frame, Region region, long offset, long length, int element, int what, int kernels) {
        return QuireHeader.quire_reduce(
                frame.region(region.extent()), offset, length, element, what, kernels, frame.reduction(), frame.error);
    }
}
