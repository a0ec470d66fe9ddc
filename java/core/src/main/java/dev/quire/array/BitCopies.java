package dev.quire.array;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;

/**
 * Copies between layouts of one element type: the bits stay what they are, those of NaN too, and only their order may
 * change. Run inside the array's guard.
 */
final class BitCopies {
    /**
     * Elements after which progress is told; a copy of so many lets a safepoint wait for a fraction of a millisecond.
     */
    private static final int PIECE = 1 << 16;

    private BitCopies() {}

    /** Copies elements to a layout of the same shape, in the target's memory sequence. */
    static void copy(Runs.Memory source, ArrayLayout from, Runs.Memory target, ArrayLayout to, LongConsumer progress) {
        if (to.shape().isEmpty()) {
            return;
        }
        int width = source.type().componentBytes();
        boolean swapped = source.swapped() != target.swapped();
        ArrayLayout out = components(to, width);
        int[] axes = RunCursor.memoryAxes(out);
        Pair pair = new Pair(source.segment(), target.segment(), width, swapped);
        pair.copy(
                new RunCursor(components(from, width), axes),
                new RunCursor(out, axes),
                to.itemBytes() / width,
                progress);
    }

    /** Complex elements as pairs, on an axis of their own. */
    private static ArrayLayout components(ArrayLayout layout, int width) {
        long parts = layout.itemBytes() / width;
        return parts == 1 ? layout : withRoom(layout).part(0, width, Shape.of(parts));
    }

    /**
     * With room for one more axis: where there are as many as there may be, one has length 1, or none has an element.
     */
    private static ArrayLayout withRoom(ArrayLayout layout) {
        for (int axis = 0; axis < layout.shape().rank() && layout.shape().rank() == Shape.MAX_RANK; axis++) {
            if (layout.shape().dim(axis) <= 1) {
                return layout.dropped(axis);
            }
        }
        return layout;
    }

    /** Where bits come from and go to, so many bytes at once. */
    private record Pair(MemorySegment source, MemorySegment target, int width, boolean swapped) {
        void copy(RunCursor in, RunCursor out, long parts, LongConsumer progress) {
            long done = 0;
            while (out.next(PIECE)) {
                for (int copied = 0; copied < out.count && in.next(out.count - copied); copied += in.count) {
                    run(in, out.at + copied * out.stride, out.stride);
                }
                done += out.count;
                progress.accept(done / parts);
            }
        }

        private void run(RunCursor in, long to, long step) {
            if (in.stride == width && step == width) {
                block(in.at, to, in.count);
                return;
            }
            switch (width) {
                case Byte.BYTES -> bytes(in, to, step);
                case Short.BYTES -> shorts(in, to, step);
                case Integer.BYTES -> ints(in, to, step);
                default -> longs(in, to, step);
            }
        }

        private void block(long from, long to, long count) {
            ValueLayout plain = layout(ByteOrder.nativeOrder());
            ByteOrder other =
                    ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            MemorySegment.copy(source, plain, from, target, swapped ? layout(other) : plain, to, count);
        }

        private ValueLayout layout(ByteOrder order) {
            ValueLayout layout = switch (width) {
                case Byte.BYTES -> ValueLayout.JAVA_BYTE;
                case Short.BYTES -> ValueLayout.JAVA_SHORT_UNALIGNED;
                case Integer.BYTES -> ValueLayout.JAVA_INT_UNALIGNED;
                default -> ValueLayout.JAVA_LONG_UNALIGNED;
            };
            return layout.withOrder(order);
        }

        private void bytes(RunCursor in, long to, long step) {
            for (int i = 0; i < in.count; i++) {
                target.set(
                        ValueLayout.JAVA_BYTE, to + i * step, source.get(ValueLayout.JAVA_BYTE, in.at + i * in.stride));
            }
        }

        private void shorts(RunCursor in, long to, long step) {
            for (int i = 0; i < in.count; i++) {
                Elements.setShort(
                        target, swapped, to + i * step, Elements.getShort(source, false, in.at + i * in.stride));
            }
        }

        private void ints(RunCursor in, long to, long step) {
            for (int i = 0; i < in.count; i++) {
                Elements.setInt(target, swapped, to + i * step, Elements.getInt(source, false, in.at + i * in.stride));
            }
        }

        private void longs(RunCursor in, long to, long step) {
            for (int i = 0; i < in.count; i++) {
                Elements.setLong(
                        target, swapped, to + i * step, Elements.getLong(source, false, in.at + i * in.stride));
            }
        }
    }
}
