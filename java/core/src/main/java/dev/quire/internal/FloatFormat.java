package dev.quire.internal;

/**
 * How floating-point numbers are stored. Each widens to a float or double exactly; a double is rounded once, to the
 * nearest number of the format, ties to the even one.
 */
public enum FloatFormat {
    /** IEEE 754 half precision. */
    HALF(2),
    /** The upper half of a float: bfloat16. */
    BRAIN(2),
    /** Four bits of exponent and three of mantissa, no infinities, one NaN of each sign: float8_e4m3fn. */
    E4M3FN(1, 3, 7, 0x7F, 0x7F),
    /** Five bits of exponent and two of mantissa, as IEEE 754 has them: float8_e5m2. */
    E5M2(1, 2, 15, 0x7C, 0x7E),
    /** IEEE 754 single precision. */
    SINGLE(4),
    /** IEEE 754 double precision. */
    DOUBLE(8);

    private static final int BRAIN_NAN = 0x7FC0;

    private final int bytes;
    private final int mantissaBits;
    private final int bias;

    /** Of formats of one byte: the first code behind the largest finite number, and a NaN. */
    private final int behind;

    private final int nan;

    /** Of formats of one byte: what each code is. */
    @SuppressWarnings("ImmutableEnumChecker") // nothing is stored after the constructor
    private final float[] values;

    FloatFormat(int bytes) {
        this(bytes, 0, 0, 0, 0);
    }

    FloatFormat(int bytes, int mantissaBits, int bias, int behind, int nan) {
        this.bytes = bytes;
        this.mantissaBits = mantissaBits;
        this.bias = bias;
        this.behind = behind;
        this.nan = nan;
        this.values = new float[bytes == 1 ? 256 : 0];
        for (int code = 0; code < values.length; code++) {
            int magnitude = code & 0x7F;
            double value = magnitude < behind ? magnitude(magnitude) : special(magnitude);
            values[code] = (float) (code < 0x80 ? value : -value);
        }
    }

    /** Length of a number. */
    public int bytes() {
        return bytes;
    }

    /** The number of a code of at most two bytes, exactly. */
    public float widened(int code) {
        return switch (this) {
            case HALF -> Float.float16ToFloat((short) code);
            case BRAIN -> Float.intBitsToFloat(code << 16);
            case E4M3FN, E5M2 -> values[code & 0xFF];
            case SINGLE, DOUBLE -> throw new IllegalArgumentException(name());
        };
    }

    /**
     * The code, of at most two bytes, of the nearest number: what is too large becomes infinite, or NaN where there are
     * no infinities.
     */
    public int nearest(double value) {
        return switch (this) {
            case HALF -> Float.floatToFloat16(roundedToOdd(value)) & 0xFFFF;
            case BRAIN -> nearestBrain(value);
            case E4M3FN, E5M2 -> nearestByte(value);
            case SINGLE, DOUBLE -> throw new IllegalArgumentException(name());
        };
    }

    /** Whether the nearest number stands for the value: a finite one for a finite one, and so on. */
    public boolean has(double value) {
        float near = widened(nearest(value));
        return Double.isNaN(value) == Float.isNaN(near) && Double.isInfinite(value) == Float.isInfinite(near);
    }

    /** A float whose last bit is set where something was cut off, so that rounding it further makes no tie. */
    private static float roundedToOdd(double value) {
        float near = (float) value;
        if (near == value || !Float.isFinite(near)) {
            return near;
        }
        int bits = Float.floatToRawIntBits(near);
        int towardsZero = Math.abs((double) near) > Math.abs(value) ? bits - 1 : bits;
        return Float.intBitsToFloat(towardsZero | 1);
    }

    private static int nearestBrain(double value) {
        if (Double.isNaN(value)) {
            return BRAIN_NAN;
        }
        int bits = Float.floatToRawIntBits(roundedToOdd(value));
        return (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
    }

    /** What a code without its sign would be if none were special. */
    private double magnitude(int code) {
        int exponent = code >>> mantissaBits;
        int mantissa = code & (1 << mantissaBits) - 1;
        return exponent == 0
                ? Math.scalb((double) mantissa, 1 - bias - mantissaBits)
                : Math.scalb((double) (mantissa + (1 << mantissaBits)), exponent - bias - mantissaBits);
    }

    private double special(int code) {
        boolean hasInfinity = behind != nan;
        return hasInfinity && code == behind ? Double.POSITIVE_INFINITY : Double.NaN;
    }

    private int nearestByte(double value) {
        if (Double.isNaN(value)) {
            return nan;
        }
        double wanted = Math.abs(value);
        int sign = Double.doubleToRawLongBits(value) < 0 ? 0x80 : 0;
        int low = 0;
        int high = behind;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (magnitude(middle) <= wanted) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double below = wanted - magnitude(low);
        double above = magnitude(high) - wanted;
        boolean up = above < below || (above == below && (high & 1) == 0);
        return sign | (up ? high : low);
    }
}
