package dev.quire.slice;

import java.nio.ByteOrder;

final class DoubleSliceTest extends SliceContract<DoubleSlice> {
    @Override
    int elementBytes() {
        return 8;
    }

    @Override
    DoubleSlice of(ByteSlice bytes, ByteOrder order) {
        return bytes.doubles(order);
    }

    @Override
    Object get(DoubleSlice slice, long index) {
        return slice.get(index);
    }

    @Override
    void set(DoubleSlice slice, long index, Object value) {
        slice.set(index, (Double) value);
    }

    @Override
    DoubleSlice part(DoubleSlice slice, long from, long count) {
        return slice.slice(from, count);
    }

    @Override
    Object array(int length) {
        return new double[length];
    }

    @Override
    void copyTo(DoubleSlice slice, long index, Object target, int from, int count) {
        slice.copyTo(index, (double[]) target, from, count);
    }

    @Override
    void copyFrom(DoubleSlice slice, long index, Object source, int from, int count) {
        slice.copyFrom(index, (double[]) source, from, count);
    }

    @Override
    void copyAcross(DoubleSlice slice, long index, DoubleSlice target, long at, long count) {
        slice.copyTo(index, target, at, count);
    }

    @Override
    Object toArray(DoubleSlice slice) {
        return slice.toArray();
    }

    @Override
    void fill(DoubleSlice slice, Object value) {
        slice.fill((Double) value);
    }

    @Override
    long mismatch(DoubleSlice slice, DoubleSlice other) {
        return slice.mismatch(other);
    }

    @Override
    int compare(DoubleSlice slice, DoubleSlice other) {
        return slice.compare(other);
    }

    @Override
    Object value(long index) {
        return index * 3.0625 - 777;
    }
}
