package dev.quire.slice;

import java.nio.ByteOrder;

final class IntSliceTest extends SliceContract<IntSlice> {
    @Override
    int elementBytes() {
        return 4;
    }

    @Override
    IntSlice of(ByteSlice bytes, ByteOrder order) {
        return bytes.ints(order);
    }

    @Override
    Object get(IntSlice slice, long index) {
        return slice.get(index);
    }

    @Override
    void set(IntSlice slice, long index, Object value) {
        slice.set(index, (Integer) value);
    }

    @Override
    IntSlice part(IntSlice slice, long from, long count) {
        return slice.slice(from, count);
    }

    @Override
    Object array(int length) {
        return new int[length];
    }

    @Override
    void copyTo(IntSlice slice, long index, Object target, int from, int count) {
        slice.copyTo(index, (int[]) target, from, count);
    }

    @Override
    void copyFrom(IntSlice slice, long index, Object source, int from, int count) {
        slice.copyFrom(index, (int[]) source, from, count);
    }

    @Override
    void copyAcross(IntSlice slice, long index, IntSlice target, long at, long count) {
        slice.copyTo(index, target, at, count);
    }

    @Override
    Object toArray(IntSlice slice) {
        return slice.toArray();
    }

    @Override
    void fill(IntSlice slice, Object value) {
        slice.fill((Integer) value);
    }

    @Override
    long mismatch(IntSlice slice, IntSlice other) {
        return slice.mismatch(other);
    }

    @Override
    int compare(IntSlice slice, IntSlice other) {
        return slice.compare(other);
    }

    @Override
    Object value(long index) {
        return (int) (index * 2654435761L + 0x80818283);
    }
}
