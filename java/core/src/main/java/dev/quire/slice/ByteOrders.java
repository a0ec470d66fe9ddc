package dev.quire.slice;

import java.nio.ByteOrder;

/** What the kinds of slices share beside their state. */
final class ByteOrders {
    /** The order that is not the machine's. */
    static final ByteOrder SWAPPED =
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;

    /** Of the block that a fill copies again and again: it stays in the second-level cache. */
    static final long FILL_BYTES = 64L << 10;

    private ByteOrders() {}

    static int arrayLength(long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError(length + " elements do not fit an array; copy them in parts");
        }
        return (int) length;
    }
}
