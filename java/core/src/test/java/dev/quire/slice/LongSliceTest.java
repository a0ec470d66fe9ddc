package dev.quire.slice;

import java.nio.ByteOrder;

final class LongSliceTest extends SliceContract<LongSlice> {
    @Override
    int elementBytes() {
        return 8;
    }

    @Override
    LongSlice of(ByteSlice bytes, ByteOrder order) {
        return bytes.longs(order);
    }

    @Override
    Object get(LongSlice slice, long index) {
        return slice.get(index);
    }

    @Override
    void set(LongSlice slice, long index, Object value) {
        slice.set(index, (Long) value);
    }

    @Override
    LongSlice part(LongSlice slice, long from, long count) {
        return slice.slice(from, count);
    }

    @Override
    Object array(int length) {
        return new long[length];
    }

    @Override
    void copyTo(LongSlice slice, long index, Object target, int from, int count) {
        slice.copyTo(index, (long[]) target, from, count);
    }

    @Override
    void copyFrom(LongSlice slice, long index, Object source, int from, int count) {
        slice.copyFrom(index, (long[]) source, from, count);
    }

    @Override
    void copyAcross(LongSlice slice, long index, LongSlice target, long at, long count) {
        slice.copyTo(index, target, at, count);
    }

    @Override
    Object toArray(LongSlice slice) {
        return slice.toArray();
    }

    @Override
    void fill(LongSlice slice, Object value) {
        slice.fill((Long) value);
    }

    @Override
    long mismatch(LongSlice slice, LongSlice other) {
        return slice.mismatch(other);
    }

    @Override
    int compare(LongSlice slice, LongSlice other) {
        return slice.compare(other);
    }

    @Override
    Object value(long index) {
        return index * 0x9E3779B97F4A7C15L + 0x8081828384858687L;
    }
}
