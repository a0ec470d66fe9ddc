package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.shared.SharedArray;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types of 8 and 16 bits that models have: values as ml_dtypes has them, and every operation of arrays. */
class NarrowFloatTest {
    private static final int COUNT = 3 * 4096 + 77;

    @TempDir
    Path folder;

    private static ArrayView over(Mapping mapping, String dtype, long... shape) {
        return ArrayView.over(mapping.bytes(), DType.parse(dtype), Shape.of(shape), Order.C);
    }

    /** What {@code make_narrow_floats.py} wrote with ml_dtypes. What is too large is refused here. */
    @Test
    void codesAreThoseOfMlDtypes() throws IOException {
        int checked = 0;
        try (Mapping mapping = Mapping.anonymous(8);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        Objects.requireNonNull(NarrowFloatTest.class.getResourceAsStream("/golden/narrow_floats.txt")),
                        StandardCharsets.US_ASCII))) {
            for (String line; (line = lines.readLine()) != null; checked++) {
                String[] words = line.split(" ");
                ArrayView value = over(mapping, words[1], 1);
                ArrayView code = value.view(DType.parse("u" + value.dtype().itemBytes()));
                int first = Integer.parseUnsignedInt(words[2], 16);
                int second = Integer.parseUnsignedInt(words[3], 16);
                if (words[0].equals("decode")) {
                    code.setLong(0, first);
                    float wanted = Float.intBitsToFloat(second);
                    assertEquals(wanted, value.getFloat(0), line);
                    assertEquals((double) wanted, value.getDouble(0), line);
                } else {
                    code.setLong(0, second);
                    double wanted = value.getDouble(0);
                    double from = Float.intBitsToFloat(first);
                    if (Double.isFinite(wanted)) {
                        value.setDouble(0, from);
                        assertEquals(second, code.getLong(0), line);
                    } else {
                        assertThrows(ArithmeticException.class, () -> value.setDouble(0, from), line);
                    }
                }
            }
        }
        assertTrue(checked > 2000, checked + " lines");
    }

    /** A double is rounded once: by way of a float it would be a tie, and go the other way. */
    @Test
    void doublesAreRoundedOnce() throws IOException {
        try (Mapping mapping = Mapping.anonymous(8)) {
            ArrayView value = over(mapping, "bfloat16", 1);
            value.setDouble(0, 1 + 0x1p-8 + 0x1p-40);
            assertEquals(1 + 0x1p-7, value.getDouble(0));
            value.setDouble(0, 1 + 0x1p-8);
            assertEquals(1, value.getDouble(0));
        }
    }

    @Test
    void whatTheTypeDoesNotHaveIsRefused() throws IOException {
        try (Mapping mapping = Mapping.anonymous(8)) {
            ArrayView narrow = over(mapping, "float8_e4m3fn", 4);
            narrow.setDouble(0, 448);
            narrow.setDouble(1, -464); // nearer to -448 than to anything else
            narrow.setDouble(2, Double.NaN);
            assertEquals(-448, narrow.getDouble(1));
            assertTrue(Double.isNaN(narrow.getDouble(2)));
            assertThrows(ArithmeticException.class, () -> narrow.setDouble(0, 465));
            assertThrows(ArithmeticException.class, () -> narrow.setDouble(0, Double.POSITIVE_INFINITY));
            assertThrows(ArithmeticException.class, () -> narrow.setLong(0, 17)); // 16 or 18
            narrow.setLong(0, 18);
            ArrayView wide = over(mapping, "float8_e5m2", 4);
            wide.setDouble(0, Double.NEGATIVE_INFINITY);
            assertEquals(Double.NEGATIVE_INFINITY, wide.getDouble(0));
            assertThrows(ArithmeticException.class, () -> wide.setDouble(0, 61440));
            ArrayView brain = over(mapping, "bfloat16", 4);
            assertThrows(ArithmeticException.class, () -> brain.setDouble(0, 1e39));
            assertThrows(ArithmeticException.class, () -> brain.setLong(0, 257));
            brain.setLong(0, 256);
            assertThrows(UnsupportedOperationException.class, () -> brain.getLong(0));
        }
    }

    /** Reductions have the bits of those of the same numbers as doubles; bfloat16 by the kernels too. */
    @ParameterizedTest
    @ValueSource(strings = {"<bfloat16", ">bfloat16", "float8_e4m3fn", "float8_e5m2"})
    void reductionsAreThoseOfDoubles(String dtype) throws IOException {
        try (Mapping mapping = Mapping.anonymous(COUNT * 2L);
                Mapping other = Mapping.anonymous(COUNT * 8L)) {
            ArrayView narrow = over(mapping, dtype, COUNT);
            ArrayView doubles = over(other, "<f8", COUNT);
            narrow.copyFrom(
                    new Random(3).doubles(COUNT).map(x -> (x - 0.4) * 300).toArray());
            doubles.copyFrom(narrow);
            assertArrayEquals(doubles.toDoubles(), narrow.toDoubles());
            assertEquals(doubles.summary(), narrow.summary());
            assertEquals(doubles.sum(), narrow.sum());
            assertEquals(doubles.std(), narrow.std());
            assertEquals(doubles.argmax(), narrow.argmax());
            ArrayView square = doubles.slice(Index.range(0, 100 * 120)).reshape(100, 120);
            ArrayView narrowSquare = narrow.slice(Index.range(0, 100 * 120)).reshape(100, 120);
            assertArrayEquals(square.along(0).sum(), narrowSquare.along(0).sum());
            assertArrayEquals(square.along(1).max(), narrowSquare.along(1).max());
            assertEquals(
                    square.slice(Index.all(), Index.range(0, 120, 3)).sum(),
                    narrowSquare.slice(Index.all(), Index.range(0, 120, 3)).sum());
            narrow.setDouble(COUNT - 3, Double.NaN);
            assertTrue(Double.isNaN(narrow.min()) && Double.isNaN(narrow.sum()));
        }
    }

    /** The float with 16 zero bits behind each code is its value. */
    @Test
    void everyBrainIsReducedAsItsFloat() throws IOException {
        try (Mapping mapping = Mapping.anonymous(4096 * 2);
                Mapping other = Mapping.anonymous(4096 * 4)) {
            for (int first = 0; first < 65536; first += 4096) {
                ArrayView codes = over(mapping, "<u2", 4096);
                ArrayView floats = over(other, "<f4", 4096);
                for (int i = 0; i < 4096; i++) {
                    codes.setLong(i, first + i);
                    floats.view(DType.parse("<u4")).setLong(i, (long) (first + i) << 16);
                }
                assertEquals(
                        floats.summary(), codes.view(DType.parse("<bfloat16")).summary());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"BFLOAT16", "FLOAT8_E4M3FN", "FLOAT8_E5M2"})
    void filesThatCannotNameItAreRefused(ElementType type) throws IOException {
        Path npy = folder.resolve("a.npy");
        ArrayFileException e = assertThrows(
                ArrayFileException.UnsupportedDType.class,
                () -> MappedArray.create(npy, ArraySpec.of(type.numpyName(), 3), 1));
        assertTrue(e.getMessage().contains(npy.toString()) && e.getMessage().contains("view("), e.getMessage());
        assertTrue(Files.notExists(npy));
        Path raw = folder.resolve("a.raw");
        MappedArray.create(raw, ArraySpec.of(type.numpyName(), 3), 1.5).close();
        assertEquals(3L * type.itemBytes(), Files.size(raw));
        try (MappedArray array = MappedArray.openRaw(raw, MapMode.READ_ONLY, type.numpyName(), 3)) {
            assertEquals(4.5, array.sum());
            assertEquals(DType.parse(array.dtype().toString()), array.dtype());
        }
    }

    /** The header of a segment has four bytes for it. */
    @Test
    void sharedMemoryHoldsTheBits() throws IOException {
        DType brain = DType.parse("bfloat16");
        assertThrows(
                IllegalArgumentException.class,
                () -> SharedArray.create(brain, Shape.of(3), Order.C).close());
        try (SharedArray shared = SharedArray.anonymous(DType.parse("<u2"), Shape.of(3), Order.C)) {
            ArrayView values = shared.array().view(brain);
            values.fill(1.5);
            assertEquals(4.5, values.sum());
            assertEquals(0x3FC0, shared.array().getLong(1));
        }
    }

    @Test
    void viewsOfAnotherTypeShareTheBytes() throws IOException {
        try (Mapping mapping = Mapping.anonymous(64)) {
            ArrayView ints = over(mapping, "<i4", 4, 4);
            ints.setLong(1, 2, Float.floatToRawIntBits(1.5f));
            assertEquals(1.5f, ints.transpose().view(DType.parse("<f4")).getFloat(2, 1));
            assertThrows(IllegalArgumentException.class, () -> ints.view(DType.parse("<f8")));
        }
    }
}
