package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.MapMode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in the package's documentation, so that it cannot be out of date. */
class ArrayTutorialTest {
    @Test
    void theProgramOfTheDocumentation(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("grid.npy");
        try (MappedArray grid = MappedArray.create(file, ArraySpec.of("<f4", 3, 4))) {
            grid.setDouble(2, 3, 1.5);
            grid.index(0, 1).fill(7);
        }
        try (MappedArray grid = MappedArray.open(file, MapMode.COPY_ON_WRITE)) {
            grid.fill(9);
        }
        try (MappedArray grid = MappedArray.open(file, MapMode.READ_ONLY)) {
            assertEquals(1.5, grid.getDouble(2, 3));
            float[][] part = (float[][]) grid.slice("1:, ::-2").toJavaArray();
            assertArrayEquals(new float[][] {{7, 7}, {1.5f, 0}}, part);
            assertArrayEquals(new double[] {7, 7, 7, 8.5}, grid.along(0).sum());
        }
        Path more = folder.resolve("row.npy");
        MappedArray.save(more, new float[] {1, 2, 3, 4});
        try (MappedArray row = MappedArray.open(more, MapMode.READ_ONLY)) {
            assertEquals(Shape.of(4, 4), MappedArray.append(file, row));
        }
    }
}
