package dev.quire.slice;

import java.nio.ByteOrder;

final class FloatSliceTest extends SliceContract<FloatSlice> {
    @Override
    int elementBytes() {
        return 4;
    }

    @Override
    FloatSlice of(ByteSlice bytes, ByteOrder order) {
        return bytes.floats(order);
    }

    @Override
    Object get(FloatSlice slice, long index) {
        return slice.get(index);
    }

    @Override
    void set(FloatSlice slice, long index, Object value) {
        slice.set(index, (Float) value);
    }

    @Override
    FloatSlice part(FloatSlice slice, long from, long count) {
        return slice.slice(from, count);
    }

    @Override
    Object array(int length) {
        return new float[length];
    }

    @Override
    void copyTo(FloatSlice slice, long index, Object target, int from, int count) {
        slice.copyTo(index, (float[]) target, from, count);
    }

    @Override
    void copyFrom(FloatSlice slice, long index, Object source, int from, int count) {
        slice.copyFrom(index, (float[]) source, from, count);
    }

    @Override
    void copyAcross(FloatSlice slice, long index, FloatSlice target, long at, long count) {
        slice.copyTo(index, target, at, count);
    }

    @Override
    Object toArray(FloatSlice slice) {
        return slice.toArray();
    }

    @Override
    void fill(FloatSlice slice, Object value) {
        slice.fill((Float) value);
    }

    @Override
    long mismatch(FloatSlice slice, FloatSlice other) {
        return slice.mismatch(other);
    }

    @Override
    int compare(FloatSlice slice, FloatSlice other) {
        return slice.compare(other);
    }

    @Override
    Object value(long index) {
        return (float) (index * 3.25 - 77);
    }
}
