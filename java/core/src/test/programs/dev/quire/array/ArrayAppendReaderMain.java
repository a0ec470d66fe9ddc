package dev.quire.array;

import dev.quire.MapMode;
import java.nio.file.Path;

/**
 * Opens a growing file again and again until it has so many rows, each filled with its number: arguments file, rows.
 */
final class ArrayAppendReaderMain {
    private ArrayAppendReaderMain() {}

    public static void main(String[] arguments) throws Exception {
        long wanted = Long.parseLong(arguments[1]);
        long seen = 0;
        System.out.println("ready");
        while (seen < wanted) {
            try (MappedArray array = MappedArray.open(Path.of(arguments[0]), MapMode.READ_ONLY)) {
                long rows = array.shape().dim(0);
                if (rows < seen || array.getDouble(rows - 1, 2) != rows - 1) {
                    throw new AssertionError(rows + " rows after " + seen + ": " + array.getDouble(rows - 1, 2));
                }
                seen = rows;
            }
        }
    }
}
