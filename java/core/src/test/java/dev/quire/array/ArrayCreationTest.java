package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Confinement;
import dev.quire.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Creating and converting files: whole or not at all. */
class ArrayCreationTest {
    private static final long LARGE = 10_000_000_000L;

    @TempDir
    private Path folder;

    private static ChildJvm child(String... arguments) {
        ChildJvm child = ChildJvm.onClassPath(ArrayCreationMain.class, arguments);
        String library = System.getProperty("dev.quire.library");
        return library == null ? child : child.flags("-Ddev.quire.library=" + library);
    }

    @Test
    void aFailedCreateLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("a.npy");
        MappedArray.save(file, new double[] {1.5, 2});
        ArraySpec narrow = ArraySpec.of("<i4", 2);
        assertThrows(ArithmeticException.class, () -> MappedArray.create(file, narrow, new double[] {1.5, 2}));
        assertArrayEquals(new double[] {1.5, 2}, (double[]) MappedArray.load(file));
        assertEquals(1, folder.toFile().list().length);
    }

    @Test
    void whatIsMappedIsReplacedOrTheRefusalSaysWhy() throws IOException {
        Path file = folder.resolve("a.npy");
        MappedArray.save(file, new double[] {1, 2});
        try (MappedArray mapped = MappedArray.open(file, MapMode.READ_ONLY)) {
            if (Needs.has(Capability.REPLACE_OPEN_FILE)) {
                MappedArray.save(file, new double[] {3});
            } else {
                var failure = assertThrows(MappingException.class, () -> MappedArray.save(file, new double[] {3}));
                assertEquals(ErrorCode.FILE_BUSY, failure.code());
                assertTrue(failure.getMessage().startsWith("replace " + file), failure::getMessage);
            }
            assertEquals(3, mapped.sum());
        }
        MappedArray.save(file, new double[] {4});
        assertArrayEquals(new double[] {4}, (double[]) MappedArray.load(file));
        assertEquals(1, folder.toFile().list().length);
    }

    @Test
    void aLaterCreateRemovesWhatADeadCreatorLeft() throws Exception {
        Path file = folder.resolve("a.npy");
        assertEquals(99, child("halt-named", file.toString()).run().status());
        assertEquals(1, folder.toFile().list().length, "its new file");
        ArrayCreation.create(file, ArraySpec.of("<f8", 1), WriteOptions.DEFAULT, true, _ -> {});
        assertArrayEquals(new String[] {"a.npy"}, folder.toFile().list());
    }

    @Test
    void aLivingCreatorIsLeftAlone() throws IOException {
        Path file = folder.resolve("a.npy");
        ArraySpec two = ArraySpec.of("<f8", 2);
        ArrayCreation.create(file, two, WriteOptions.DEFAULT, true, outer -> {
            ArrayCreation.create(file, two, WriteOptions.DEFAULT, true, inner -> inner.fill(1));
            outer.fill(7);
        });
        assertArrayEquals(new double[] {7, 7}, (double[]) MappedArray.load(file));
        assertEquals(1, folder.toFile().list().length);
    }

    @Test
    void aFullDiskIsARefusalAndTheOldFileStays() throws Exception {
        String[] small = Confinement.withFileSystem(folder, "size=1m");
        ChildJvm.Exit exit = child(folder.resolve("a.npy").toString(), "1000000")
                .under(small)
                .run();
        assertEquals(0, exit.status(), exit::toString);
        assertTrue(exit.out().contains("old file: 3, files: 1"), exit::toString);
    }

    /** 10 GB, of which nothing is written, by a JVM that could not hold a hundredth of it. */
    @Test
    void aLargeArrayNeedsNoHeap() throws Exception {
        assumeTrue(folder.toFile().getUsableSpace() > 3 * LARGE, "the disk has no room for it");
        assumeFalse(Files.getFileStore(folder).type().equals("tmpfs"), "it would be memory");
        Path file = folder.resolve("large.npy");
        ChildJvm.Exit exit = child(file.toString(), "large", Long.toString(LARGE / 8))
                .flags("-Xmx24m")
                .run();
        assertEquals(0, exit.status(), exit::toString);
        assertTrue(Files.size(file) > LARGE);
    }

    @ParameterizedTest
    @CsvSource({"<f4,C,a.npy", ">f8,FORTRAN,a.npy", "<i8,C,a.mmap", "u1,C,a.raw", ">c16,FORTRAN,a.npy", "f2,C,a.npy"})
    void convertsBetweenTypesOrdersAndFormats(String dtype, Order order, String name) throws IOException {
        Path source = folder.resolve("source.npy");
        int[][] values = {{1, 2, 3}, {4, 5, 6}};
        MappedArray.save(source, values);
        Path target = folder.resolve(name);
        ArraySpec spec = ArraySpec.of(dtype, 2, 3).order(order).formatOf(target);
        long[] done = new long[1];
        ArrayConversion.convert(source, target, spec, count -> done[0] = count);
        assertEquals(6, done[0]);
        RawLayout raw = RawLayout.of(spec.dtype(), 2, -1);
        try (MappedArray array = spec.hasFormat(ArrayFormat.RAW)
                ? MappedArray.openRaw(target, raw, MapMode.READ_ONLY, ArrayOptions.DEFAULT)
                : MappedArray.open(target, MapMode.READ_ONLY)) {
            ArrayView numbers = spec.dtype().type().isComplex() ? array.real() : array;
            assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, numbers.toDoubles());
            assertTrue(array.isContiguous(order));
        }
    }

    @ParameterizedTest
    @CsvSource({"300,u1", "-1,u8", "65536,<i2", "16777217,<f4", "9007199254740993,<f8", "2049,f2", "-129,i1"})
    void refusesToNarrowWhatDoesNotFit(long value, String dtype) throws IOException {
        Path source = folder.resolve("source.npy");
        MappedArray.save(source, new long[] {value});
        Path target = folder.resolve("target.npy");
        var failure = assertThrows(
                ArithmeticException.class,
                () -> ArrayConversion.convert(source, target, ArraySpec.of(dtype, 1), _ -> {}));
        assertTrue(failure.getMessage().startsWith(Long.toString(value)), failure::getMessage);
        assertTrue(Files.notExists(target));
    }
}
