package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.cache.ArrayKey;
import dev.quire.cache.CachedArray;
import dev.quire.cache.MappingCache;
import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.DoubleSlice;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of other libraries do with arrays, written with this one; they see public packages only. */
class ArrayWalkTest {
    private static final RawLayout DOUBLES = RawLayout.of(DType.parse("<f8"), -1);

    @TempDir
    private Path folder;

    /** SciRS2's {@code MmapArray}. */
    @Nested
    class SciRs2 {
        private Path created() throws IOException {
            Path path = folder.resolve("a.mmap");
            MappedArray.save(path, new double[][] {{1, 2, 3}, {4, 5, 6}});
            return path;
        }

        @Test
        void createWriteAndReadBack() throws IOException {
            Path path = folder.resolve("new.mmap");
            ArraySpec spec = ArraySpec.of("<f8", 2, 3).formatOf(path);
            try (MappedArray array = MappedArray.create(path, spec, new double[][] {{1, 2, 3}, {4, 5, 6}})) {
                array.setDouble(1, 2, 60);
                array.flush();
            }
            try (MappedArray array = MappedArray.open(path, MapMode.READ_ONLY)) {
                assertEquals(ArrayFormat.SCIRS2, array.format());
                assertEquals(60, array.getDouble(1, 2));
                assertEquals(Shape.of(2, 3), array.shape());
                assertArrayEquals(new long[] {24, 8}, array.strideBytes());
                assertFalse(array.shape().isEmpty());
                assertEquals(path.toString(), array.name());
                assertArrayEquals(new double[][] {{1, 2, 3}, {4, 5, 60}}, (double[][]) array.toJavaArray());
                assertThrows(ReadOnlyMemoryException.class, () -> array.setDouble(0, 0, 0));
            }
        }

        @Test
        void copyOnWriteLeavesTheFileAndSaysWhetherItIsDirty() throws IOException {
            Path path = created();
            byte[] before = Files.readAllBytes(path);
            try (MappedArray array = MappedArray.open(path, MapMode.COPY_ON_WRITE)) {
                assertTrue(array.toString().contains("copy-on-write (clean), shape (2, 3), strides [24, 8] bytes"));
                array.setDouble(0, 0, -1);
                array.flush();
                assertEquals(-1, array.getDouble(0, 0));
                assertTrue(
                        array.toString().contains("(dirty)") && array.toString().contains(path.toString()));
            }
            assertArrayEquals(before, Files.readAllBytes(path));
        }

        @Test
        void anotherTypeIsAMismatchThatNamesBoth() throws IOException {
            Path path = created();
            ArrayFileException.DTypeMismatch mismatch = assertThrows(
                    ArrayFileException.DTypeMismatch.class,
                    () -> MappedArray.open(path, MapMode.READ_ONLY, ArrayOptions.DEFAULT.dtype(DType.parse("<i4"))));
            assertEquals("<i4", mismatch.expected());
            assertEquals("<f8", mismatch.found());
        }

        @Test
        void emptyArraysWorkAndSevenAxesAreRefused() throws IOException {
            Path path = folder.resolve("empty.mmap");
            MappedArray.save(path, new double[0]);
            try (MappedArray array = MappedArray.open(path, MapMode.READ_WRITE)) {
                assertTrue(array.shape().isEmpty());
                assertEquals(0, array.shape().elementCount());
                assertEquals(0, array.sum());
            }
            ArraySpec seven = ArraySpec.of("<f8", 1, 1, 1, 1, 1, 1, 1).format(ArrayFormat.SCIRS2);
            Path refused = folder.resolve("seven.mmap");
            String said = assertThrows(ArrayFileException.ShapeMismatch.class, () -> MappedArray.create(refused, seven))
                    .getMessage();
            assertTrue(said.contains("more than the 6 axes"), said);
            assertTrue(Files.notExists(refused));
        }

        @Test
        void whatIsNotContiguousIsSavedAnyway() throws IOException {
            Path path = created();
            Path columns = folder.resolve("columns.mmap");
            try (MappedArray array = MappedArray.open(path, MapMode.READ_ONLY)) {
                array.slice(":, ::2").transpose().save(columns);
                assertThrows(
                        IllegalArgumentException.class, () -> array.transpose().flatten());
            }
            assertArrayEquals(new double[][] {{1, 4}, {3, 6}}, (double[][]) MappedArray.load(columns));
        }
    }

    /** ferray-io's {@code memmap}. */
    @Nested
    class Ferray {
        private Path saved(String dtype) throws IOException {
            Path path = folder.resolve("a.npy");
            MappedArray.create(path, ArraySpec.of(dtype, 3), new double[] {1, 2, 3})
                    .close();
            return path;
        }

        @Test
        void aTypedSliceOfAnNpy() throws IOException {
            try (MappedArray array = MappedArray.open(saved("<f8"), MapMode.READ_ONLY)) {
                DoubleSlice values = array.bytes().doubles(ByteOrder.LITTLE_ENDIAN);
                assertEquals(3, values.length());
                assertEquals(2, values.get(1));
                assertArrayEquals(new double[] {1, 2, 3}, array.toDoubles());
            }
        }

        @Test
        void changesReachTheFileInOneModeAndStayInTheOther() throws IOException {
            Path path = saved("<f8");
            try (MappedArray array = MappedArray.open(path, MapMode.READ_WRITE)) {
                array.bytes().doubles(ByteOrder.LITTLE_ENDIAN).set(0, 10);
                array.flush();
            }
            try (MappedArray array = MappedArray.open(path, MapMode.COPY_ON_WRITE)) {
                array.bytes().doubles(ByteOrder.LITTLE_ENDIAN).set(0, 99);
            }
            assertArrayEquals(new double[] {10, 2, 3}, (double[]) MappedArray.load(path));
        }

        @Test
        void otherByteOrdersAreReadAndShortFilesRefused() throws IOException {
            Path path = saved(">f4");
            try (MappedArray array = MappedArray.open(path, MapMode.READ_ONLY)) {
                assertEquals(3, array.getFloat(2));
                assertEquals(6, array.sum());
            }
            byte[] whole = Files.readAllBytes(path);
            Files.write(path, Arrays.copyOf(whole, whole.length - 1));
            ArrayFileException.Truncated truncated =
                    assertThrows(ArrayFileException.Truncated.class, () -> MappedArray.open(path, MapMode.READ_ONLY));
            assertEquals(whole.length, truncated.expectedBytes());
            assertEquals(whole.length - 1, truncated.foundBytes());
        }
    }

    /** pyz3's {@code mmap}; memory shared by name is in {@code dev.quire.shared}. */
    @Nested
    class Pyz3 {
        @Test
        void rawArraysAreCreatedFilledAndReduced() throws IOException {
            Path path = folder.resolve("a.raw");
            ArraySpec spec = ArraySpec.of("<f4", 100, 10).formatOf(path);
            try (MappedArray array = MappedArray.create(path, spec, 2.5)) {
                assertEquals(100, array.shape().dim(0));
                assertEquals(2500, array.sum());
                assertEquals(2.5, array.mean());
                assertEquals(0, array.std());
                array.slice("10:20").fill(-1);
                assertEquals(-1, array.min());
                assertEquals(2.5, array.max());
            }
            assertEquals(4000, Files.size(path));
        }

        @Test
        void shapesAreInferredBehindAHeaderOfOddLength() throws IOException {
            Path path = folder.resolve("a.raw");
            MappedArray.save(path, new double[] {1, 2, 3, 4, 5, 6});
            byte[] values = Files.readAllBytes(path);
            byte[] behind = new byte[7 + values.length];
            System.arraycopy(values, 0, behind, 7, values.length);
            Files.write(path, behind);
            RawLayout rows = RawLayout.of(DType.parse("<f8"), -1, 2).offset(7);
            try (MappedArray array = MappedArray.openRaw(path, rows, MapMode.READ_ONLY, ArrayOptions.DEFAULT)) {
                assertEquals(Shape.of(3, 2), array.shape());
                assertArrayEquals(new double[] {9, 12}, array.along(0).sum());
            }
        }

        @Test
        void aCacheHandsOutTheSameArray() throws IOException {
            Path path = folder.resolve("weights.npy");
            MappedArray.save(path, new float[] {1, 2, 3});
            ArrayKey key = ArrayKey.of(path, MapMode.READ_ONLY);
            try (MappingCache cache = new MappingCache(16, 1L << 30);
                    CachedArray first = cache.use(key);
                    CachedArray again = cache.use(key)) {
                assertSame(first.array(), again.array());
                assertEquals(1, cache.statistics().hits());
            }
        }

        @Test
        void rawBytesAreReadSlicedAndChangedInPlace() throws IOException {
            Path path = Files.writeString(folder.resolve("text"), "hello world");
            try (Mapping map = Mapping.open(path, MapMode.READ_WRITE)) {
                ByteSlice bytes = map.bytes();
                byte[] word = new byte[5];
                bytes.copyTo(6, word, 0, 5);
                assertArrayEquals("world".getBytes(StandardCharsets.US_ASCII), word);
                bytes.set(0, (byte) 'H');
                map.flush();
            }
            assertEquals("Hello world", Files.readString(path));
        }

        @Test
        void aPassInChunksWithHints() throws IOException {
            Path path = folder.resolve("large.npy");
            MappedArray.create(path, ArraySpec.of("<i4", 1000, 100), 3).close();
            try (MappedArray array = MappedArray.open(path, MapMode.READ_ONLY)) {
                for (Hint hint : new Hint[] {Hint.SEQUENTIAL, Hint.RANDOM, Hint.WILLNEED, Hint.DONTNEED}) {
                    assertFalse(array.advise(hint).result() == HintResult.IGNORED, hint.toString());
                }
                double total = array.chunks(64).mapToDouble(ArrayView::sum).sum();
                assertEquals(300_000, total);
            }
        }

        @Test
        void anonymousMemoryIsATypedArray() throws IOException {
            try (Mapping memory = Mapping.anonymous(80)) {
                ArrayView array = ArrayView.over(memory.bytes(), DType.parse("<f8"), Shape.of(10), Order.C);
                array.fill(1.5);
                assertEquals(15, array.sum());
            }
        }
    }

    /** pybind11's {@code MemoryMappedArray}. */
    @Nested
    class Pybind {
        private MappedArray open(Path path) throws IOException {
            return MappedArray.openRaw(path, DOUBLES, MapMode.READ_ONLY, ArrayOptions.DEFAULT);
        }

        @Test
        void writeBinaryAndOpen() throws IOException {
            Path path = folder.resolve("a.bin");
            MappedArray.save(path, new double[] {1.5, -2.5});
            assertEquals(16, Files.size(path));
            try (MappedArray array = open(path)) {
                assertEquals(2, array.shape().elementCount());
                assertArrayEquals(new double[] {1.5, -2.5}, array.toDoubles());
            }
        }

        @Test
        void closingIsSafeWhileViewsAreHeld() throws IOException {
            Path path = folder.resolve("a.bin");
            MappedArray.save(path, new double[] {1, 2});
            MappedArray array = open(path);
            ArrayView view = array.slice("1:");
            array.close();
            assertThrows(IllegalStateException.class, () -> view.getDouble(0));
        }

        @Test
        void aViewAloneKeepsTheMapping() throws IOException {
            Path path = folder.resolve("a.bin");
            MappedArray.save(path, new double[] {1, 2});
            ArrayOptions automatic = ArrayOptions.DEFAULT
                    .lifetime(Lifetime.AUTO)
                    .mapping(MapOptions.DEFAULT.with(MapOptions.Option.DENY_DELETE));
            ArrayView view = MappedArray.openRaw(path, DOUBLES, MapMode.READ_ONLY, automatic)
                    .slice("1:");
            System.gc();
            assertEquals(2, view.getDouble(0));
        }

        @Test
        void missingUnmappableAndEmptyFilesAreClear() throws IOException {
            assertThrows(MappingException.class, () -> open(folder.resolve("missing")));
            assertThrows(MappingException.class, () -> open(folder));
            try (MappedArray array = open(Files.createFile(folder.resolve("empty")))) {
                assertTrue(array.shape().isEmpty());
                assertEquals(0, array.memory().byteSize());
            }
        }
    }
}
