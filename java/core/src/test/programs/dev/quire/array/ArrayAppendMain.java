package dev.quire.array;

import dev.quire.Mapping;
import java.nio.file.Path;

/** Appends a row to a file and dies at a step: arguments file, step. */
final class ArrayAppendMain {
    private ArrayAppendMain() {}

    public static void main(String[] arguments) throws Exception {
        ArrayAppender.Step last = ArrayAppender.Step.valueOf(arguments[1]);
        Path file = Path.of(arguments[0]);
        try (ArrayAppender appender = ArrayAppender.open(file, step -> die(step, last));
                Mapping mapping = Mapping.anonymous(24)) {
            ArrayView row = ArrayView.over(mapping.bytes(), DType.parse("f8"), Shape.of(3), Order.C);
            row.copyFrom(new double[] {7, 8, 9});
            appender.append(row);
        }
    }

    private static void die(ArrayAppender.Step step, ArrayAppender.Step last) {
        if (step == last) {
            Runtime.getRuntime().halt(99);
        }
    }
}
