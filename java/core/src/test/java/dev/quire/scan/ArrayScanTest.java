package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.array.ArraySpec;
import dev.quire.array.ArrayView;
import dev.quire.array.MappedArray;
import dev.quire.slice.DoubleSlice;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scan of an array is one of its bytes: all of them, or those from the first to the last element of a part. */
class ArrayScanTest {
    private static final int ROWS = 3_000;
    private static final int COLUMNS = 50;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = folder.resolve("array.npy");
        double[] values = new double[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        try (MappedArray array = MappedArray.create(file, ArraySpec.of("<f8", ROWS, COLUMNS))) {
            array.copyFrom(values);
        }
    }

    private static List<Double> scanned(ArrayView array) {
        List<Double> values = new ArrayList<>();
        ScanOptions options =
                ScanOptions.DEFAULT.chunk(800 * Double.BYTES).window(30_000).budget(60_000);
        try (Scan scan = Scan.of(array.bytes(), options)) {
            scan.forEach(chunk -> {
                DoubleSlice doubles = chunk.doubles(ByteOrder.LITTLE_ENDIAN);
                for (long i = 0; i < doubles.length(); i++) {
                    values.add(doubles.get(i));
                }
            });
        }
        return values;
    }

    @Test
    void everyElementComesInOrder() throws IOException {
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            List<Double> values = scanned(array);
            assertEquals(ROWS * COLUMNS, values.size());
            for (int i = 0; i < values.size(); i++) {
                assertEquals(i, values.get(i));
            }
        }
    }

    @Test
    void aPartWithStridesComesWithItsGaps() throws IOException {
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            ArrayView part = array.slice("101:2001:2, 7:43:3");
            List<Double> values = scanned(part);
            for (int i = 0; i < part.shape().dim(0); i++) {
                for (int j = 0; j < part.shape().dim(1); j++) {
                    assertEquals(part.getDouble(i, j), values.get(i * 2 * COLUMNS + j * 3));
                }
            }
            assertEquals(part.getDouble(0, 0), values.getFirst());
            assertEquals(part.getDouble(949, 11), values.getLast());
            assertTrue(scanned(array.slice("5:5")).isEmpty());
        }
    }

    @Test
    void anArrayWrittenBackwardsIsScannedForwards() throws IOException {
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            List<Double> values = scanned(array.slice("::-1, :"));
            assertEquals(0.0, values.getFirst());
            assertEquals(ROWS * COLUMNS - 1.0, values.getLast());
        }
    }
}
