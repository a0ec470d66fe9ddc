package dev.quire.benchmarks;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.slice.DoubleSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;

/**
 * How long the first reduction of a process takes, beside the tenth: 1 GiB of doubles, mapped and in memory.
 *
 * <p>{@code java --enable-native-access=ALL-UNNAMED -cp benchmarks/target/benchmarks.jar
 * dev.quire.benchmarks.ReductionStart sum|std|min}
 */
public final class ReductionStart {
    private static final long BYTES = 1L << 30;
    private static final int CALLS = 10;

    private ReductionStart() {}

    /** Prints the milliseconds of the first and the tenth call, and how fast the first is beside it. */
    public static void main(String[] arguments) throws IOException {
        ToDoubleFunction<DoubleSlice> reduction = switch (arguments[0]) {
            case "sum" -> DoubleSlice::sum;
            case "std" -> DoubleSlice::std;
            case "min" -> DoubleSlice::min;
            default -> throw new IllegalArgumentException(arguments[0]);
        };
        Path path = Files.createTempFile("quire-reduction", ".bin");
        MapOptions options = MapOptions.DEFAULT.length(BYTES).with(MapOptions.Option.EXTEND);
        try (Mapping map = Mapping.open(path, MapMode.READ_WRITE, Lifetime.SHARED, options)) {
            map.bytes().fill((byte) 1);
            map.populate();
            DoubleSlice values = map.doubles();
            double[] millis = new double[CALLS];
            double result = 0;
            for (int i = 0; i < CALLS; i++) {
                long start = System.nanoTime();
                result += reduction.applyAsDouble(values);
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            System.out.printf(
                    "%s: first %.1f ms, tenth %.1f ms, ratio %.2f (%s)%n",
                    arguments[0], millis[0], millis[CALLS - 1], millis[CALLS - 1] / millis[0], result);
        } finally {
            Files.delete(path);
        }
    }
}
