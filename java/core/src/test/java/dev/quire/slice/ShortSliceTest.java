package dev.quire.slice;

import java.nio.ByteOrder;

final class ShortSliceTest extends SliceContract<ShortSlice> {
    @Override
    int elementBytes() {
        return 2;
    }

    @Override
    ShortSlice of(ByteSlice bytes, ByteOrder order) {
        return bytes.shorts(order);
    }

    @Override
    Object get(ShortSlice slice, long index) {
        return slice.get(index);
    }

    @Override
    void set(ShortSlice slice, long index, Object value) {
        slice.set(index, (Short) value);
    }

    @Override
    ShortSlice part(ShortSlice slice, long from, long count) {
        return slice.slice(from, count);
    }

    @Override
    Object array(int length) {
        return new short[length];
    }

    @Override
    void copyTo(ShortSlice slice, long index, Object target, int from, int count) {
        slice.copyTo(index, (short[]) target, from, count);
    }

    @Override
    void copyFrom(ShortSlice slice, long index, Object source, int from, int count) {
        slice.copyFrom(index, (short[]) source, from, count);
    }

    @Override
    void copyAcross(ShortSlice slice, long index, ShortSlice target, long at, long count) {
        slice.copyTo(index, target, at, count);
    }

    @Override
    Object toArray(ShortSlice slice) {
        return slice.toArray();
    }

    @Override
    void fill(ShortSlice slice, Object value) {
        slice.fill((Short) value);
    }

    @Override
    long mismatch(ShortSlice slice, ShortSlice other) {
        return slice.mismatch(other);
    }

    @Override
    int compare(ShortSlice slice, ShortSlice other) {
        return slice.compare(other);
    }

    @Override
    Object value(long index) {
        return (short) (index * 32719 + 0x8081);
    }
}
