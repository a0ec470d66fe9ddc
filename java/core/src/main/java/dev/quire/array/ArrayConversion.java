package dev.quire.array;

import dev.quire.MapMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * From one array file to another: any format, dtype, byte order and order to any other, in bounded heap whatever the size, since both
 * sides are mapped. The result is whole or not there; values that the dtype does not have are an {@link ArithmeticException}.
 */
public final class ArrayConversion {
    private ArrayConversion() {}

    /**
     * Converts a file in the format its content tells.
     *
     * @param spec what the result shall be; its shape must be the source's
     * @param progress told the number of elements done, now and then
     */
    public static void convert(Path source, Path target, ArraySpec spec, LongConsumer progress) throws IOException {
        try (MappedArray array = MappedArray.open(source, MapMode.READ_ONLY)) {
            convert(array, target, spec, progress);
        }
    }

    /**
     * Converts an array, or a view of one.
     *
     * @param spec what the result shall be; its shape must be the source's
     * @param progress told the number of elements done, now and then
     */
    public static void convert(ArrayView source, Path target, ArraySpec spec, LongConsumer progress)
            throws IOException {
        if (!spec.shape().equals(source.shape())) {
            throw new ArrayFileException.ShapeMismatch(
                    target.toString(), "shape " + spec.shape() + " for elements of shape " + source.shape());
        }
        ArrayCreation.create(target, spec, array -> array.copyFrom(source, progress));
    }
}
