package dev.quire.internal.reduce;

import dev.quire.internal.FloatFormat;
import dev.quire.internal.Kernels;
import dev.quire.internal.ffi.quire_reduction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Count, sum, deviations, minimum and maximum of floating-point numbers. Floats and halves are widened first. */
public final class FloatingReducer extends Reducer {
    /** Small enough that the squares of 2^63 of the largest doubles can be added. */
    private static final double SCALE = 0x1p-600;

    private static final int LANES = 32;

    private final FloatFormat format;
    private final float[] floats;
    private final short[] shorts;
    private final double[] lowest = new double[LANES];
    private final double[] highest = new double[LANES];
    private long count;

    /** What infinite and NaN elements make the sum: a {@code quire_special} of {@code quire.h}, whose bits add up. */
    private int special;

    private boolean scaled;
    private double min;
    private double max;

    /** Reduces doubles, floats or halves, by their length. */
    public FloatingReducer(int elementBytes, boolean swapped, Statistics what) {
        this(
                switch (elementBytes) {
                    case Short.BYTES -> FloatFormat.HALF;
                    case Float.BYTES -> FloatFormat.SINGLE;
                    default -> FloatFormat.DOUBLE;
                },
                swapped,
                what);
    }

    /** Reduces numbers of a format. */
    public FloatingReducer(FloatFormat format, boolean swapped, Statistics what) {
        super(format.bytes(), swapped, what);
        this.format = format;
        this.floats = new float[elementBytes == Float.BYTES ? Moments.CHUNK : 0];
        this.shorts = new short[elementBytes == Short.BYTES ? Moments.CHUNK : 0];
        reset();
    }

    @Override
    void reset() {
        moments.reset();
        count = 0;
        special = Codes.SPECIAL_NONE;
        scaled = false;
        min = Double.POSITIVE_INFINITY;
        max = Double.NEGATIVE_INFINITY;
    }

    @Override
    Kernels.Elements elements() {
        int code = switch (format) {
            case HALF -> Codes.F2;
            case BRAIN -> Codes.BF2;
            case SINGLE -> Codes.F4;
            case DOUBLE -> Codes.F8;
            case E4M3FN, E5M2 -> Kernels.NO_KERNEL;
        };
        return new Kernels.Elements(code, elementBytes);
    }

    @Override
    void take(MemorySegment reduction) {
        moments.take(reduction);
        count = 0;
        takeApart(reduction);
    }

    @Override
    void takeApart(MemorySegment reduction) {
        count += quire_reduction.count(reduction);
        special |= (int) quire_reduction.special(reduction);
        min = Math.min(min, quire_reduction.min(reduction));
        max = Math.max(max, quire_reduction.max(reduction));
    }

    @Override
    FloatingReducer another() {
        return new FloatingReducer(format, swapped, what);
    }

    @Override
    boolean addsSumsInSequence() {
        return true;
    }

    @Override
    void absorb(Reducer part) {
        FloatingReducer other = (FloatingReducer) part;
        count += other.count;
        special |= other.special;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
    }

    @Override
    void addChunk(int length) {
        count += length;
        if (what.hasExtremes()) {
            compare(length);
        }
        if (scaled) {
            multiply(moments.values);
        }
        if (what.hasSum()) {
            double chunk = moments.chunkSum(length);
            if (!Double.isFinite(chunk) && (special & kind(chunk)) != kind(chunk)) {
                special |= special(moments.values, length);
            }
            moments.keep(chunk);
            if (what.hasDeviations()) {
                moments.deviate(length, chunk);
            }
        }
    }

    @Override
    void load(MemorySegment from, long at, long stride, int place, int length) {
        switch (elementBytes) {
            case Byte.BYTES -> loadBytes(from, at, stride, place, length);
            case Short.BYTES -> loadHalves(from, at, stride, place, length);
            case Float.BYTES -> loadFloats(from, at, stride, place, length);
            default -> loadDoubles(from, at, stride, place, length);
        }
    }

    private void loadDoubles(MemorySegment from, long at, long stride, int place, int length) {
        double[] to = moments.values;
        if (swapped) {
            for (int i = 0; i < length; i++) {
                long bits = from.get(ValueLayout.JAVA_LONG_UNALIGNED, at + i * stride);
                to[place + i] = Double.longBitsToDouble(Long.reverseBytes(bits));
            }
        } else if (stride == Double.BYTES) {
            MemorySegment.copy(from, ValueLayout.JAVA_DOUBLE_UNALIGNED, at, to, place, length);
        } else {
            for (int i = 0; i < length; i++) {
                to[place + i] = from.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at + i * stride);
            }
        }
    }

    private void loadFloats(MemorySegment from, long at, long stride, int place, int length) {
        if (swapped) {
            for (int i = 0; i < length; i++) {
                int bits = from.get(ValueLayout.JAVA_INT_UNALIGNED, at + i * stride);
                floats[place + i] = Float.intBitsToFloat(Integer.reverseBytes(bits));
            }
        } else if (stride == Float.BYTES) {
            MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, at, floats, place, length);
        } else {
            for (int i = 0; i < length; i++) {
                floats[place + i] = from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + i * stride);
            }
        }
        widen(floats, place, length, moments.values);
    }

    private void loadBytes(MemorySegment from, long at, long stride, int place, int length) {
        for (int i = 0; i < length; i++) {
            moments.values[place + i] = format.widened(from.get(ValueLayout.JAVA_BYTE, at + i * stride));
        }
    }

    private void loadHalves(MemorySegment from, long at, long stride, int place, int length) {
        if (swapped) {
            for (int i = 0; i < length; i++) {
                shorts[place + i] = Short.reverseBytes(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + i * stride));
            }
        } else if (stride == Short.BYTES) {
            MemorySegment.copy(from, ValueLayout.JAVA_SHORT_UNALIGNED, at, shorts, place, length);
        } else {
            for (int i = 0; i < length; i++) {
                shorts[place + i] = from.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + i * stride);
            }
        }
        if (format == FloatFormat.BRAIN) {
            widenBrains(shorts, place, length, moments.values);
        } else {
            widen(shorts, place, length, moments.values);
        }
    }

    private static void widen(float[] from, int place, int length, double[] to) {
        for (int i = place; i < place + length; i++) {
            to[i] = from[i];
        }
    }

    private static void widenBrains(short[] from, int place, int length, double[] to) {
        for (int i = place; i < place + length; i++) {
            to[i] = Float.intBitsToFloat(from[i] << 16);
        }
    }

    private static void widen(short[] from, int place, int length, double[] to) {
        for (int i = place; i < place + length; i++) {
            to[i] = Float.float16ToFloat(from[i]);
        }
    }

    private static void multiply(double[] values) {
        for (int i = 0; i < Moments.CHUNK; i++) {
            values[i] *= SCALE;
        }
    }

    /** What a number that is not finite makes the sum. */
    private static int kind(double x) {
        return x > 0 ? Codes.SPECIAL_POSITIVE : x < 0 ? Codes.SPECIAL_NEGATIVE : Codes.SPECIAL_NAN;
    }

    /** A chunk whose sum is not finite may have finite elements only. */
    private static int special(double[] values, int length) {
        int special = Codes.SPECIAL_NONE;
        for (int i = 0; i < length && special != Codes.SPECIAL_NAN; i++) {
            if (!Double.isFinite(values[i])) {
                special |= kind(values[i]);
            }
        }
        return special;
    }

    private void compare(int length) {
        double[] x = moments.values;
        Arrays.fill(x, length, Moments.CHUNK, x[0]);
        Arrays.fill(lowest, min);
        Arrays.fill(highest, max);
        for (int row = 0; row < Moments.CHUNK; row += LANES) {
            compareRow(x, row, lowest, highest);
        }
        for (int i = 0; i < LANES; i++) {
            min = Math.min(min, lowest[i]);
            max = Math.max(max, highest[i]);
        }
    }

    private static void compareRow(double[] x, int row, double[] lowest, double[] highest) {
        for (int i = 0; i < LANES; i++) {
            lowest[i] = Math.min(lowest[i], x[row + i]);
            highest[i] = Math.max(highest[i], x[row + i]);
        }
    }

    @Override
    boolean hasOverflowed() {
        boolean finite = Double.isFinite(moments.sum()) && Double.isFinite(moments.deviations());
        return what.hasSum() && !finite && !hasSpecial() && !scaled;
    }

    private boolean hasSpecial() {
        return special != Codes.SPECIAL_NONE;
    }

    /** The sum and the mean of elements of which some are infinite or NaN, whatever finite ones overflowed to. */
    private double specialSum() {
        if (special == Codes.SPECIAL_NAN) {
            return Double.NaN;
        }
        return special == Codes.SPECIAL_POSITIVE ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    @Override
    void scale() {
        reset();
        scaled = true;
    }

    @Override
    boolean isScaled() {
        return scaled;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public double sum() {
        return hasSpecial() ? specialSum() : unscaled(moments.sum());
    }

    @Override
    public double mean() {
        return hasSpecial() ? specialSum() : oneNaN(unscaled(moments.sum() / count));
    }

    @Override
    public double std() {
        return oneNaN(unscaled(Math.sqrt(moments.deviations() / count)));
    }

    /** Which of its bit patterns a NaN has differs between processors and loops. */
    static double oneNaN(double value) {
        return Double.isNaN(value) ? Double.NaN : value;
    }

    private double unscaled(double value) {
        return scaled ? value / SCALE : value;
    }

    @Override
    public double min() {
        return count == 0 ? Double.NaN : oneNaN(min);
    }

    @Override
    public double max() {
        return count == 0 ? Double.NaN : oneNaN(max);
    }
}
