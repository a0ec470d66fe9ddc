package dev.quire.cli;

import dev.quire.array.DType;
import dev.quire.array.ElementType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Numbers of one dtype, and their bytes.
 *
 * @param dtype of the numbers
 * @param bytes that hold them
 */
record Samples(DType dtype, byte[] bytes) {
    /** As {@code --dtype} takes them: every type that slices have, in both byte orders and in none. */
    static Stream<String> dtypes() {
        return Stream.of("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8")
                .flatMap(code -> Stream.of("<" + code, ">" + code, code));
    }

    /** Integers of all bits, floats of all sizes. */
    static Samples random(String dtype, int count) {
        DType type = Words.dtype(dtype);
        Random random = new Random(dtype.hashCode());
        ByteBuffer bytes = ByteBuffer.allocate(count * (int) type.itemBytes()).order(type.order());
        if (type.type().isInteger()) {
            random.nextBytes(bytes.array());
        }
        while (!type.type().isInteger() && bytes.hasRemaining()) {
            double value = random.nextGaussian() * Math.scalb(1.0, random.nextInt(20));
            if (type.type() == ElementType.FLOAT32) {
                bytes.putFloat((float) value);
            } else {
                bytes.putDouble(value);
            }
        }
        return new Samples(type, bytes.array());
    }

    static Samples of(String dtype, double... values) {
        DType type = Words.dtype(dtype);
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * (int) type.itemBytes()).order(type.order());
        for (double value : values) {
            if (type.type() == ElementType.FLOAT32) {
                bytes.putFloat((float) value);
            } else {
                bytes.putDouble(value);
            }
        }
        return new Samples(type, bytes.array());
    }

    /** The numbers exactly; none may be NaN or infinite. */
    List<BigDecimal> values() {
        int item = (int) dtype.itemBytes();
        List<BigDecimal> values = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += item) {
            values.add(value(ByteBuffer.wrap(bytes, at, item).order(dtype.order())));
        }
        return values;
    }

    private BigDecimal value(ByteBuffer element) {
        if (dtype.type() == ElementType.FLOAT32) {
            return new BigDecimal(element.getFloat());
        }
        if (dtype.type() == ElementType.FLOAT64) {
            return new BigDecimal(element.getDouble());
        }
        byte[] big = new byte[element.remaining()];
        element.get(big);
        if (dtype.order() == ByteOrder.LITTLE_ENDIAN) {
            reverse(big);
        }
        return new BigDecimal(dtype.type().isUnsigned() ? new BigInteger(1, big) : new BigInteger(big));
    }

    private static void reverse(byte[] bytes) {
        for (int low = 0, high = bytes.length - 1; low < high; low++, high--) {
            byte swapped = bytes[low];
            bytes[low] = bytes[high];
            bytes[high] = swapped;
        }
    }
}
