package dev.quire.array;

import java.util.List;
import java.util.Map;

/** A value written as a Python literal: what the header of a {@code .npy} file is made of. */
sealed interface PythonLiteral {

    /** {@code 'text'} */
    record Str(String value) implements PythonLiteral {}

    /** {@code 42}, {@code -1} */
    record Int(long value) implements PythonLiteral {}

    /** {@code True}, {@code False} */
    record Bool(boolean value) implements PythonLiteral {}

    /** {@code None} */
    record None() implements PythonLiteral {}

    /** {@code (1, 2)} */
    record Tuple(List<PythonLiteral> items) implements PythonLiteral {}

    /** {@code [1, 2]} */
    record Sequence(List<PythonLiteral> items) implements PythonLiteral {}

    /** {@code {'key': value}}, with text for keys. */
    record Dict(Map<String, PythonLiteral> entries) implements PythonLiteral {}

    /** What it is, in words for messages. */
    default String kind() {
        return switch (this) {
            case Str _ -> "a string";
            case Int _ -> "a number";
            case Bool _ -> "a boolean";
            case None _ -> "None";
            case Tuple _ -> "a tuple";
            case Sequence _ -> "a list";
            case Dict _ -> "a dict";
        };
    }
}
