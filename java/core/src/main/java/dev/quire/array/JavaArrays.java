package dev.quire.array;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** Java arrays, flat and nested, as n-dimensional ones. */
final class JavaArrays {
    /** The longest array that every JVM can make: HotSpot keeps some words of it for a header. */
    private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

    /** Of a shape without elements: made in milliseconds. */
    private static final long MOST_EMPTY_ROWS = 1 << 16;

    private JavaArrays() {}

    static int length(Shape shape) {
        long count = shape.elementCount();
        if (count > MAX_LENGTH) {
            throw new OutOfMemoryError(count + " elements do not fit a Java array; copy chunks");
        }
        return (int) count;
    }

    /** Shape and dtype of a Java array, from the first array of each level. */
    static ArraySpec spec(Object array) {
        List<Long> dims = new ArrayList<>();
        Object first = array;
        Class<?> type = array.getClass();
        if (!type.isArray()) {
            throw new IllegalArgumentException("a " + type.getName() + " is not a Java array");
        }
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
            default ->
                throw new IllegalArgumentException(
                        "an array of " + type.getName() + "; only arrays of primitive types hold elements");
        };
    }

    /** Stores a Java array of the target's shape, or a flat one of as many elements. Run inside the target's guard. */
    static void copy(Object source, ArrayView target) {
        Shape shape = spec(source).shape();
        if (shape.rank() == 1 && shape.elementCount() == target.length()) {
            store(source, target);
            return;
        }
        if (!shape.equals(target.shape())) {
            throw new IllegalArgumentException(
                    "a Java array of shape " + shape + " for an array of shape " + target.shape());
        }
        requireEven(source, shape, 0);
        nested(source, target);
    }

    /** Refuses arrays of one level that differ in length, before anything is stored. */
    private static void requireEven(Object source, Shape shape, int axis) {
        if (source == null || Array.getLength(source) != shape.dim(axis)) {
            throw new IllegalArgumentException(
                    "a ragged Java array: " + (source == null ? "null" : "length " + Array.getLength(source))
                            + " on axis " + axis + ", where the first has length " + shape.dim(axis));
        }
        for (int i = 0; axis + 1 < shape.rank() && i < shape.dim(axis); i++) {
            requireEven(Array.get(source, i), shape, axis + 1);
        }
    }

    private static void nested(Object source, ArrayView target) {
        if (target.shape().rank() == 1) {
            store(source, target);
            return;
        }
        for (int i = 0; i < Array.getLength(source); i++) {
            nested(Array.get(source, i), target.index(0, i));
        }
    }

    private static void store(Object source, ArrayView target) {
        Runs.Memory memory = target.elements();
        int most = (int) Math.min(Runs.CHUNK, target.length());
        boolean wide = source instanceof double[] || source instanceof long[];
        double[] doubles = new double[source instanceof float[] ? most : 0];
        long[] longs = new long[wide || source instanceof float[] ? 0 : most];
        ArrayCopies.inSequence(target.layout, (run, at) -> {
            switch (source) {
                case double[] values -> Runs.write(memory, run, values, at);
                case long[] values -> Runs.write(memory, run, values, at);
                case float[] values when memory.type() == ElementType.FLOAT32 -> Runs.write(memory, run, values, at);
                case float[] values -> {
                    for (int i = 0; i < run.count; i++) {
                        doubles[i] = values[at + i];
                    }
                    Runs.write(memory, run, doubles, 0);
                }
                default -> {
                    widen(source, at, run.count, longs);
                    requireSigned(longs, run.count, memory.type());
                    Runs.write(memory, run, longs, 0);
                }
            }
        });
    }

    private static void widen(Object source, int from, int count, long[] wide) {
        switch (source) {
            case int[] values -> {
                for (int i = 0; i < count; i++) {
                    wide[i] = values[from + i];
                }
            }
            case short[] values -> {
                for (int i = 0; i < count; i++) {
                    wide[i] = values[from + i];
                }
            }
            case byte[] values -> {
                for (int i = 0; i < count; i++) {
                    wide[i] = values[from + i];
                }
            }
            case char[] values -> {
                for (int i = 0; i < count; i++) {
                    wide[i] = values[from + i];
                }
            }
            case boolean[] values -> {
                for (int i = 0; i < count; i++) {
                    wide[i] = values[from + i] ? 1 : 0;
                }
            }
            default -> throw new IllegalArgumentException("elements of a " + source.getClass());
        }
    }

    /**
     * Only a long has all the bits of an unsigned 64-bit element: a negative int, short or byte is a negative number.
     */
    private static void requireSigned(long[] values, int count, ElementType type) {
        for (int i = 0; type == ElementType.UINT64 && i < count; i++) {
            if (values[i] < 0) {
                throw Elements.refused(Long.toString(values[i]), type);
            }
        }
    }

    /** A nested Java array of all elements; a single element is an array of one. Run inside the array's guard. */
    static Object from(ArrayView array) {
        requireFewRows(array);
        return nested(array);
    }

    /** A file of 128 bytes can have 200 million rows without elements, each of which would be a Java array. */
    private static void requireFewRows(ArrayView array) {
        long rows = 1;
        long[] dims = array.shape().dims();
        for (int axis = 0; axis < dims.length - 1 && rows > 0; axis++) {
            rows = Math.multiplyExact(rows, dims[axis]);
        }
        if (rows > MOST_EMPTY_ROWS && array.isEmpty()) {
            throw new IllegalArgumentException(array.name() + ": an array of shape " + array.shape()
                    + " has no elements, but would be " + rows + " empty Java arrays; open it instead");
        }
    }

    private static Object nested(ArrayView array) {
        Class<?> component = component(array.dtype().type());
        int rank = array.shape().rank();
        if (rank <= 1) {
            return flat(array, component);
        }
        Class<?> part = component;
        for (int axis = 1; axis < rank; axis++) {
            part = part.arrayType();
        }
        int count = length(Shape.of(array.shape().dim(0)));
        Object nested = Array.newInstance(part, count);
        for (int i = 0; i < count; i++) {
            Array.set(nested, i, nested(array.index(0, i)));
        }
        return nested;
    }

    private static Object flat(ArrayView array, Class<?> component) {
        Object values = Array.newInstance(component, length(array.shape()));
        Runs.Memory memory = array.elements();
        int most = (int) Math.min(Runs.CHUNK, array.length());
        double[] doubles = new double[component == float.class && memory.type() != ElementType.FLOAT32 ? most : 0];
        long[] longs = new long[memory.isFloating() || component == long.class ? 0 : most];
        ArrayCopies.inSequence(array.layout, (run, at) -> {
            switch (values) {
                case double[] into -> Runs.read(memory, run, into, at);
                case long[] into -> Runs.read(memory, run, into, at);
                case float[] into when memory.type() == ElementType.FLOAT32 -> Runs.read(memory, run, into, at);
                case float[] into -> {
                    Runs.read(memory, run, doubles, 0);
                    for (int i = 0; i < run.count; i++) {
                        into[at + i] = (float) doubles[i];
                    }
                }
                default -> {
                    Runs.read(memory, run, longs, 0);
                    narrow(longs, run.count, values, at);
                }
            }
        });
        return values;
    }

    private static void narrow(long[] wide, int count, Object into, int at) {
        switch (into) {
            case int[] values -> {
                for (int i = 0; i < count; i++) {
                    values[at + i] = (int) wide[i];
                }
            }
            case short[] values -> {
                for (int i = 0; i < count; i++) {
                    values[at + i] = (short) wide[i];
                }
            }
            case byte[] values -> {
                for (int i = 0; i < count; i++) {
                    values[at + i] = (byte) wide[i];
                }
            }
            case boolean[] values -> {
                for (int i = 0; i < count; i++) {
                    values[at + i] = wide[i] != 0;
                }
            }
            default -> throw new IllegalArgumentException("elements of a " + into.getClass());
        }
    }

    private static Class<?> component(ElementType type) {
        return switch (type) {
            case BOOL -> boolean.class;
            case INT8 -> byte.class;
            case INT16 -> short.class;
            case INT32, UINT8, UINT16 -> int.class;
            case INT64, UINT32, UINT64 -> long.class;
            case FLOAT16, BFLOAT16, FLOAT8_E4M3FN, FLOAT8_E5M2, FLOAT32 -> float.class;
            case FLOAT64 -> double.class;
            case COMPLEX64, COMPLEX128 ->
                throw new UnsupportedOperationException(type + " elements are pairs; use real() and imaginary()");
        };
    }
}
