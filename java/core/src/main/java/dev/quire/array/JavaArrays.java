package dev.quire.array;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** Java arrays, flat and nested, as n-dimensional ones. */
final class JavaArrays {
    /** Of a shape without elements: made in milliseconds. */
    private static final long MOST_EMPTY_ROWS = 1 << 16;

    private JavaArrays() {}

    static int length(Shape shape) {
        long count = shape.elementCount();
        if (count > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError(count + " elements do not fit a Java array; copy chunks");
        }
        return (int) count;
    }

    /** Shape and dtype of a Java array; all arrays of one level must have one length. */
    static ArraySpec spec(Object array) {
        List<Long> dims = new ArrayList<>();
        Object first = array;
        Class<?> type = array.getClass();
        while (type.isArray()) {
            int length = first == null ? 0 : Array.getLength(first);
            dims.add((long) length);
            first = length == 0 || type.getComponentType().isPrimitive() ? null : Array.get(first, 0);
            type = type.getComponentType();
        }
        Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
        return ArraySpec.of(DType.of(elementType(type)), shape);
    }

    private static ElementType elementType(Class<?> type) {
        return switch (type.getName()) {
            case "double" -> ElementType.FLOAT64;
            case "float" -> ElementType.FLOAT32;
            case "long" -> ElementType.INT64;
            case "int" -> ElementType.INT32;
            case "short" -> ElementType.INT16;
            case "char" -> ElementType.UINT16;
            case "byte" -> ElementType.INT8;
            case "boolean" -> ElementType.BOOL;
            default -> throw new IllegalArgumentException("an array of " + type.getName() + ", which is no number");
        };
    }

    /** Stores a Java array of the target's shape, or a flat one of as many elements. */
    static void copy(Object source, MappedArray target) {
        Shape shape = spec(source).shape();
        boolean flat =
                shape.rank() == 1 && shape.elementCount() == target.shape().elementCount();
        if (!flat && !shape.equals(target.shape())) {
            throw new IllegalArgumentException(
                    "a Java array of shape " + shape + " for an array of shape " + target.shape());
        }
        target.guardedWrite(() -> {
            if (flat) {
                store(source, target);
            } else {
                nested(source, target);
            }
            return true;
        });
    }

    private static void nested(Object source, MappedArray target) {
        if (target.shape().rank() <= 1) {
            store(source, target);
            return;
        }
        for (int i = 0; i < Array.getLength(source); i++) {
            Object part = Array.get(source, i);
            MappedArray row = target.index(0, i);
            if (Array.getLength(part) != row.shape().dim(0)) {
                throw new IllegalArgumentException("a ragged Java array: " + Array.getLength(part)
                        + " where others have " + row.shape().dim(0));
            }
            nested(part, row);
        }
    }

    private static void store(Object source, MappedArray target) {
        switch (source) {
            case double[] values -> target.write(values, 0);
            case long[] values -> target.write(values, 0);
            case float[] values when target.dtype().type() == ElementType.FLOAT32 -> target.write(values);
            case float[] values -> target.write(doubles(values), 0);
            default -> target.write(longs(source), 0);
        }
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static long[] longs(Object values) {
        long[] wide = new long[Array.getLength(values)];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values instanceof boolean[] bits ? (bits[i] ? 1 : 0) : Array.getLong(values, i);
        }
        return wide;
    }

    /** A nested Java array of all elements; a single element is an array of one. */
    static Object from(MappedArray array) {
        requireFewRows(array);
        return nested(array);
    }

    /** A file of 128 bytes can have 200 million rows without elements, each of which would be a Java array. */
    private static void requireFewRows(MappedArray array) {
        long rows = 1;
        long[] dims = array.shape().dims();
        for (int axis = 0; axis < dims.length - 1 && rows > 0; axis++) {
            rows = Math.multiplyExact(rows, dims[axis]);
        }
        if (rows > MOST_EMPTY_ROWS && array.shape().isEmpty()) {
            throw new IllegalArgumentException(array.name() + ": an array of shape " + array.shape()
                    + " has no elements, but would be " + rows + " empty Java arrays; open it instead");
        }
    }

    private static Object nested(MappedArray array) {
        if (array.shape().rank() > 1) {
            int count = (int) array.shape().dim(0);
            int[] dims = new int[array.shape().rank()];
            for (int i = 0; i < dims.length; i++) {
                dims[i] = Math.toIntExact(array.shape().dim(i));
            }
            Object nested = Array.newInstance(component(array.dtype().type()), dims);
            for (int i = 0; i < count; i++) {
                Array.set(nested, i, nested(array.index(0, i)));
            }
            return nested;
        }
        Class<?> component = component(array.dtype().type());
        if (component == double.class) {
            return array.toDoubles();
        }
        return component == long.class ? array.toLongs() : narrow(array, component);
    }

    private static Object narrow(MappedArray array, Class<?> component) {
        if (array.dtype().type() == ElementType.FLOAT32) {
            return array.toFloats();
        }
        if (component == float.class) {
            double[] wide = array.toDoubles();
            float[] values = new float[wide.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) wide[i];
            }
            return values;
        }
        long[] wide = array.toLongs();
        Object values = Array.newInstance(component, wide.length);
        for (int i = 0; i < wide.length; i++) {
            switch (values) {
                case boolean[] bits -> bits[i] = wide[i] != 0;
                case byte[] bytes -> bytes[i] = (byte) wide[i];
                case short[] shorts -> shorts[i] = (short) wide[i];
                default -> Array.setInt(values, i, (int) wide[i]);
            }
        }
        return values;
    }

    private static Class<?> component(ElementType type) {
        return switch (type) {
            case BOOL -> boolean.class;
            case INT8 -> byte.class;
            case INT16 -> short.class;
            case INT32, UINT8, UINT16 -> int.class;
            case INT64, UINT32, UINT64 -> long.class;
            case FLOAT16, FLOAT32 -> float.class;
            case FLOAT64 -> double.class;
            case COMPLEX64, COMPLEX128 ->
                throw new UnsupportedOperationException(type + " elements are pairs; use real() and imaginary()");
        };
    }
}
