package dev.quire.slice;

import java.nio.ByteOrder;

final class ByteSliceTest extends SliceContract<ByteSlice> {
    @Override
    int elementBytes() {
        return 1;
    }

    @Override
    ByteSlice of(ByteSlice bytes, ByteOrder order) {
        return bytes;
    }

    @Override
    Object get(ByteSlice slice, long index) {
        return slice.get(index);
    }

    @Override
    void set(ByteSlice slice, long index, Object value) {
        slice.set(index, (Byte) value);
    }

    @Override
    ByteSlice part(ByteSlice slice, long from, long count) {
        return slice.slice(from, count);
    }

    @Override
    Object array(int length) {
        return new byte[length];
    }

    @Override
    void copyTo(ByteSlice slice, long index, Object target, int from, int count) {
        slice.copyTo(index, (byte[]) target, from, count);
    }

    @Override
    void copyFrom(ByteSlice slice, long index, Object source, int from, int count) {
        slice.copyFrom(index, (byte[]) source, from, count);
    }

    @Override
    void copyAcross(ByteSlice slice, long index, ByteSlice target, long at, long count) {
        slice.copyTo(index, target, at, count);
    }

    @Override
    Object toArray(ByteSlice slice) {
        return slice.toArray();
    }

    @Override
    void fill(ByteSlice slice, Object value) {
        slice.fill((Byte) value);
    }

    @Override
    long mismatch(ByteSlice slice, ByteSlice other) {
        return slice.mismatch(other);
    }

    @Override
    int compare(ByteSlice slice, ByteSlice other) {
        return slice.compare(other);
    }

    @Override
    Object value(long index) {
        return (byte) (index * 131 + 200);
    }

    @Override
    void storesInItsByteOrder(ByteOrder order, long offset) {
        // A byte has none.
    }
}
