package dev.quire.array;

import dev.quire.internal.Faults;
import dev.quire.internal.FloatFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One element of any type, at a byte of a segment, in either byte order and at any alignment. */
final class Elements {
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** The first double beyond every long. */
    private static final double EXACT_LIMIT = 0x1p63;

    private Elements() {}

    static short getShort(MemorySegment from, boolean swapped, long at) {
        short value = from.get(SHORT, at);
        return swapped ? Short.reverseBytes(value) : value;
    }

    static int getInt(MemorySegment from, boolean swapped, long at) {
        int value = from.get(INT, at);
        return swapped ? Integer.reverseBytes(value) : value;
    }

    static long getLong(MemorySegment from, boolean swapped, long at) {
        long value = from.get(LONG, at);
        return swapped ? Long.reverseBytes(value) : value;
    }

    static float getFloat(MemorySegment from, boolean swapped, long at) {
        return swapped ? Float.intBitsToFloat(getInt(from, true, at)) : from.get(FLOAT, at);
    }

    static double getDouble(MemorySegment from, boolean swapped, long at) {
        return swapped ? Double.longBitsToDouble(getLong(from, true, at)) : from.get(DOUBLE, at);
    }

    /** A whole number or bool; {@code u8} as its bits. */
    static long whole(MemorySegment from, ElementType type, boolean swapped, long at) {
        return switch (type) {
            case BOOL -> Faults.loaded(from.get(BYTE, at)) == 0 ? 0 : 1;
            case INT8 -> Faults.loaded(from.get(BYTE, at));
            case UINT8 -> Faults.loaded(from.get(BYTE, at)) & 0xFF;
            case INT16 -> Faults.loaded(getShort(from, swapped, at));
            case UINT16 -> Faults.loaded(getShort(from, swapped, at)) & 0xFFFF;
            case INT32 -> getInt(from, swapped, at);
            case UINT32 -> getInt(from, swapped, at) & 0xFFFFFFFFL;
            case INT64, UINT64 -> getLong(from, swapped, at);
            default -> throw new UnsupportedOperationException(type + " elements are no whole numbers; use getDouble");
        };
    }

    /** The nearest double of any element but a complex one. */
    static double real(MemorySegment from, ElementType type, boolean swapped, long at) {
        return switch (type) {
            case FLOAT64 -> getDouble(from, swapped, at);
            case FLOAT32 -> getFloat(from, swapped, at);
            case FLOAT16 -> Float.float16ToFloat(getShort(from, swapped, at));
            case BFLOAT16 -> FloatFormat.BRAIN.widened(getShort(from, swapped, at));
            case FLOAT8_E4M3FN -> FloatFormat.E4M3FN.widened(from.get(BYTE, at));
            case FLOAT8_E5M2 -> FloatFormat.E5M2.widened(from.get(BYTE, at));
            case UINT64 -> unsignedToDouble(getLong(from, swapped, at));
            case COMPLEX64, COMPLEX128 ->
                throw new UnsupportedOperationException(type + " elements are pairs; use real() and imaginary()");
            default -> whole(from, type, swapped, at);
        };
    }

    /** The nearest double of an unsigned number: the halved value, its lowest bit kept sticky, doubled again. */
    static double unsignedToDouble(long bits) {
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    /** Stores a whole number, which the type must hold exactly; {@code u8} takes the bits of any long. */
    static void setWhole(MemorySegment to, ElementType type, boolean swapped, long at, long value) {
        switch (type) {
            case BOOL -> to.set(BYTE, at, (byte) (value == 0 ? 0 : 1));
            case INT8 -> to.set(BYTE, at, (byte) within(value, Byte.MIN_VALUE, Byte.MAX_VALUE, type));
            case UINT8 -> to.set(BYTE, at, (byte) within(value, 0, 0xFF, type));
            case INT16 -> setShort(to, swapped, at, (short) within(value, Short.MIN_VALUE, Short.MAX_VALUE, type));
            case UINT16 -> setShort(to, swapped, at, (short) within(value, 0, 0xFFFF, type));
            case INT32 -> setInt(to, swapped, at, (int) within(value, Integer.MIN_VALUE, Integer.MAX_VALUE, type));
            case UINT32 -> setInt(to, swapped, at, (int) within(value, 0, 0xFFFFFFFFL, type));
            case INT64, UINT64 -> setLong(to, swapped, at, value);
            default -> setReal(to, type, swapped, at, exact(value, false, type));
        }
    }

    /** Stores a number: rounded to nearest by a float type, refused by a whole-number type that does not have it. */
    static void setReal(MemorySegment to, ElementType type, boolean swapped, long at, double value) {
        switch (type) {
            case FLOAT64 -> setLong(to, swapped, at, Double.doubleToRawLongBits(value));
            case FLOAT32 -> setInt(to, swapped, at, Float.floatToRawIntBits(single(value)));
            case FLOAT16, BFLOAT16 -> setShort(to, swapped, at, (short) narrow(value, type));
            case FLOAT8_E4M3FN, FLOAT8_E5M2 -> to.set(BYTE, at, (byte) narrow(value, type));
            case COMPLEX64, COMPLEX128 ->
                throw new UnsupportedOperationException(type + " elements are pairs; use real() and imaginary()");
            case BOOL -> to.set(BYTE, at, (byte) (value == 0 ? 0 : 1));
            case UINT64 -> setLong(to, swapped, at, unsigned(value));
            default -> setWhole(to, type, swapped, at, signed(value, type));
        }
    }

    /** Single precision of a double: rounding is what it is for, becoming infinite is not. */
    static float single(double value) {
        float near = (float) value;
        if (Math.abs(near) == Float.POSITIVE_INFINITY && Math.abs(value) != Double.POSITIVE_INFINITY) {
            throw refused(Double.toString(value), ElementType.FLOAT32);
        }
        return near;
    }

    /** The code of a double in a format of one or two bytes: what is finite does not become infinite or NaN. */
    private static int narrow(double value, ElementType type) {
        if (!type.format().has(value)) {
            throw refused(Double.toString(value), type);
        }
        return type.format().nearest(value);
    }

    /** Up to this number, and down to its negative, a float type has every whole number. */
    static long exactTo(ElementType type) {
        return switch (type) {
            case FLOAT16 -> 1L << 11;
            case BFLOAT16 -> 1L << 8;
            case FLOAT8_E4M3FN -> 1L << 4;
            case FLOAT8_E5M2 -> 1L << 3;
            case FLOAT32 -> 1L << 24;
            default -> 1L << 53;
        };
    }

    /**
     * A whole number as a double, for a float type that must hold it exactly.
     *
     * @param unsigned whether the bits are those of an unsigned number
     */
    static double exact(long value, boolean unsigned, ElementType type) {
        boolean large = unsigned && value < 0;
        double near = large ? unsignedToDouble(value) : value;
        double held = switch (type) {
            case FLOAT16, BFLOAT16, FLOAT8_E4M3FN, FLOAT8_E5M2 ->
                type.format().widened(type.format().nearest(near));
            case FLOAT32 -> (float) near;
            default -> near;
        };
        boolean back = large
                ? held < 2 * EXACT_LIMIT && fromUnsigned(held) == value
                : held >= -EXACT_LIMIT && held < EXACT_LIMIT && (long) held == value;
        if (!back) {
            throw refused(unsigned ? Long.toUnsignedString(value) : Long.toString(value), type);
        }
        return near;
    }

    /** The bits of a double of 2^63 or more, below 2^64. */
    private static long fromUnsigned(double value) {
        return (long) (value - EXACT_LIMIT) ^ Long.MIN_VALUE;
    }

    static ArithmeticException refused(String value, ElementType type) {
        return new ArithmeticException(value + " is not a value of " + type);
    }

    private static long signed(double value, ElementType type) {
        if (value != Math.rint(value) || (Math.abs(value) >= EXACT_LIMIT && value != -EXACT_LIMIT)) {
            throw refused(Double.toString(value), type);
        }
        return (long) value;
    }

    private static long unsigned(double value) {
        if (value != Math.rint(value) || value < 0 || value >= 2 * EXACT_LIMIT) {
            throw refused(Double.toString(value), ElementType.UINT64);
        }
        return value < EXACT_LIMIT ? (long) value : fromUnsigned(value);
    }

    private static long within(long value, long min, long max, ElementType type) {
        if (value < min || value > max) {
            throw refused(Long.toString(value), type);
        }
        return value;
    }

    static void setShort(MemorySegment to, boolean swapped, long at, short value) {
        to.set(SHORT, at, swapped ? Short.reverseBytes(value) : value);
    }

    static void setInt(MemorySegment to, boolean swapped, long at, int value) {
        to.set(INT, at, swapped ? Integer.reverseBytes(value) : value);
    }

    static void setLong(MemorySegment to, boolean swapped, long at, long value) {
        to.set(LONG, at, swapped ? Long.reverseBytes(value) : value);
    }
}
