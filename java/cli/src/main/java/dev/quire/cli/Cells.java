package dev.quire.cli;

import dev.quire.array.ArrayView;
import dev.quire.array.ElementType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Single elements, for reading. */
final class Cells {
    /** NumPy's default precision. */
    private static final MathContext DIGITS = new MathContext(8);

    private Cells() {}

    /** Lists in lists, as the axes are. */
    static Object nested(ArrayView array) {
        if (array.shape().rank() == 0) {
            return value(array);
        }
        List<Object> items = new ArrayList<>();
        for (long i = 0; i < array.shape().dim(0); i++) {
            items.add(nested(array.index(0, i)));
        }
        return items;
    }

    /** An element as JSON has it: a number, a boolean, or both parts of a complex one. */
    static Object value(ArrayView array, long... index) {
        ElementType type = array.dtype().type();
        return switch (type) {
            case BOOL -> array.getLong(index) != 0;
            case UINT64 -> new BigInteger(Long.toUnsignedString(array.getLong(index)));
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 -> array.getLong(index);
            case FLOAT64 -> array.getDouble(index);
            // a float has fewer digits than the double that is equal to it
            case FLOAT16, BFLOAT16, FLOAT8_E4M3FN, FLOAT8_E5M2, FLOAT32 ->
                Double.valueOf(Float.toString(array.getFloat(index)));
            case COMPLEX64, COMPLEX128 -> List.of(value(array.real(), index), value(array.imaginary(), index));
        };
    }

    /** An element for people, with the digits that NumPy shows. */
    static String text(ArrayView array, long... index) {
        return text(rounded(value(array, index)));
    }

    /** A value with all its digits. */
    static String text(Object value) {
        if (value instanceof List<?> parts) {
            String imaginary = parts.getLast().toString();
            return parts.getFirst() + (imaginary.startsWith("-") ? "" : "+") + imaginary + "j";
        }
        return value.toString();
    }

    private static Object rounded(Object value) {
        return switch (value) {
            case Double number
            when Double.isFinite(number) ->
                new BigDecimal(number).round(DIGITS).doubleValue() + Math.copySign(0.0, number);
            case List<?> parts -> parts.stream().map(Cells::rounded).toList();
            default -> value;
        };
    }
}
