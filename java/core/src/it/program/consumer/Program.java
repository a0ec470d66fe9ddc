package consumer;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.hint.Hint;
import dev.quire.array.MappedArray;
import dev.quire.slice.DoubleSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The examples of README.md, and whether the library of the jar was loaded. */
final class Program {
    private Program() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("consumer");
        Path path = folder.resolve("numbers.bin");
        ByteBuffer numbers = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        Files.write(path, numbers.putDouble(0, 1.5).putDouble(8, 2.5).array());
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
            map.advise(Hint.SEQUENTIAL);
            DoubleSlice values = map.doubles();
            System.out.println(values.summary());
            expect(values.summary().sum(), 4);
        }
        Path grid = folder.resolve("grid.npy");
        MappedArray.save(grid, new double[][] {{1, 2}, {3, 4}});
        try (MappedArray array = MappedArray.open(grid, MapMode.READ_ONLY)) {
            expect(array.slice("::2, 1:").along(0).sum()[0], 2);
        }
        Files.delete(path);
        Files.delete(grid);
        Files.delete(folder);
        if (!Platform.fallbackReason().isEmpty()) {
            throw new IllegalStateException("the library of the jar was not loaded: " + Platform.fallbackReason());
        }
        System.out.println("consumer: dev.quire is " + DoubleSlice.class.getModule());
    }

    private static void expect(double found, double expected) {
        if (found != expected) {
            throw new IllegalStateException(found + " instead of " + expected);
        }
    }
}
