package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quire.MapMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Acceptance 38: SciRS2 files, decoded here by the format's own words and no code of the library. */
class SciFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"<f4,1,1", "<f8,2,2", "<i4,3,3", "<i8,4,4", "<f8,2,5", "<i4,3,6"})
    void roundTrip(String dtype, int tag, int rank) throws IOException {
        long[] dims = new long[rank];
        Arrays.setAll(dims, axis -> axis + 2);
        Shape shape = Shape.of(dims);
        int count = (int) shape.elementCount();
        double[] values = new double[count];
        Arrays.setAll(values, i -> i - 3);
        Path file = folder.resolve("a.mmap");
        MappedArray.create(file, ArraySpec.of(dtype, dims).formatOf(file), values)
                .close();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals("MMAP", new String(bytes.array(), 0, 4, java.nio.charset.StandardCharsets.US_ASCII));
        assertEquals(1, bytes.get(4));
        assertEquals(tag, bytes.get(5));
        assertEquals(rank, bytes.getShort(6));
        assertEquals(count, bytes.getLong(8));
        for (int axis = 0; axis < 6; axis++) {
            assertEquals(axis < rank ? dims[axis] : 0, bytes.getLong(16 + 8 * axis));
        }
        assertEquals(64 + count * DType.parse(dtype).itemBytes(), bytes.limit());
        for (int i = 0; i < count; i++) {
            double element = switch (tag) {
                case 1 -> bytes.getFloat(64 + 4 * i);
                case 2 -> bytes.getDouble(64 + 8 * i);
                case 3 -> bytes.getInt(64 + 4 * i);
                default -> bytes.getLong(64 + 8 * i);
            };
            assertEquals(i - 3, element);
        }
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            assertEquals(ArrayFormat.SCIRS2, array.format());
            assertArrayEquals(values, array.toDoubles());
        }
    }

    @ParameterizedTest
    @CsvSource({"<i2,2", ">f8,2", "<f8,7"})
    void refusesWhatTheFormatCannotHold(String dtype, int rank) {
        long[] dims = new long[rank];
        Arrays.fill(dims, 2);
        Path file = folder.resolve("b.mmap");
        assertThrows(
                ArrayFileException.class,
                () -> MappedArray.create(file, ArraySpec.of(dtype, dims).formatOf(file)));
        assertEquals(0, folder.toFile().list().length);
    }
}
