package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.error.ReadOnlyMemoryException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Acceptance 32, 33, 34, 35: files NumPy wrote are read in place, and Quire writes the same bytes. */
class ArrayFileTest {
    @TempDir
    private Path folder;

    private Path golden(String name) throws IOException {
        return Files.write(folder.resolve(name), Golden.bytes(name));
    }

    static Stream<Golden.Member> members() {
        return Golden.members();
    }

    @ParameterizedTest
    @MethodSource("members")
    void mapsEveryMemberInPlaceAndWritesTheSameBytes(Golden.Member member) throws IOException {
        Path archive = golden("arrays.npz");
        try (MappedArray array =
                MappedArray.openMember(archive, member.name(), MapMode.READ_ONLY, ArrayOptions.DEFAULT)) {
            assertEquals(member.shape(), array.shape());
            assertEquals(DType.parse(member.dtype()), array.dtype());
            int k = 0;
            for (long[] index : Indices.of(member.shape())) {
                byte[] element = new byte[member.type().itemBytes()];
                array.bytes.copyTo(array.layout.offsetOf(index), element, 0, element.length);
                assertArrayEquals(member.element(k++), element);
            }
            ArraySpec spec = ArraySpec.of(array.dtype(), array.shape()).order(member.order());
            Path copy = folder.resolve("copy.npy");
            MappedArray.create(copy, spec, array).close();
            byte[] contents = Arrays.copyOfRange(
                    Golden.bytes("arrays.npz"), (int) member.start(), (int) (member.start() + member.bytes()));
            assertArrayEquals(contents, Files.readAllBytes(copy), "the bits of NaN too");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"version1.npy", "version2.npy", "version3.npy", "aligned.npy", "odd_offset.npy", "wide_v2.npy"})
    void readsEveryVersion(String name) throws IOException {
        ArrayOptions options = ArrayOptions.DEFAULT.headerLimit(1 << 20);
        try (MappedArray array = MappedArray.open(golden(name), MapMode.READ_ONLY, options)) {
            assertEquals(ArrayFormat.NPY, array.format());
            assertTrue(array.shape().elementCount() > 0);
        }
    }

    @Test
    void refusesADeflatedMemberAndSaysWhatToDo() throws IOException {
        Path archive = golden("deflated.npz");
        NpzMember member = NpzMember.list(archive).getFirst();
        assertFalse(member.isMappable());
        var failure = assertThrows(
                ArrayFileException.MemberNotMappable.class,
                () -> MappedArray.openMember(archive, member.name(), MapMode.READ_ONLY, ArrayOptions.DEFAULT));
        assertTrue(failure.getMessage().contains("store it instead: numpy.savez"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"strings.npy", "dates.npy", "objects.npy"})
    void refusesWhatItCannotMapByName(String name) throws IOException {
        Path file = golden(name);
        assertThrows(ArrayFileException.UnsupportedDType.class, () -> MappedArray.open(file, MapMode.READ_ONLY));
    }

    @Test
    void oneByteMissingIsToldWithBothSizes() throws IOException {
        Path file = folder.resolve("short.npy");
        MappedArray.save(file, new double[] {1, 2, 3});
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
        var failure = assertThrows(ArrayFileException.Truncated.class, () -> MappedArray.open(file, MapMode.READ_ONLY));
        assertEquals(152, failure.expectedBytes());
        assertEquals(151, failure.foundBytes());
    }

    @Test
    void unknownContentIsNoArray() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "hello, world");
        assertThrows(ArrayFileException.BadMagic.class, () -> MappedArray.open(file, MapMode.READ_ONLY));
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThrows(ArrayFileException.class, () -> MappedArray.open(empty, MapMode.READ_ONLY));
    }

    @Test
    void rawInfersADimensionAtAnyOffset() throws IOException {
        Path file = Files.write(folder.resolve("raw.bin"), new byte[] {9, 0, 1, 0, 2, 0, 3, 0, 4});
        RawLayout raw = RawLayout.of(DType.parse(">i2"), -1, 2).offset(1);
        try (MappedArray array = MappedArray.openRaw(file, raw, MapMode.READ_ONLY, ArrayOptions.DEFAULT)) {
            assertArrayEquals(new long[] {1, 2, 3, 4}, array.toLongs());
            assertEquals(Shape.of(2, 2), array.shape());
        }
        RawLayout uneven = RawLayout.of(DType.parse(">i2"), -1, 2);
        assertThrows(
                ArrayFileException.ShapeMismatch.class,
                () -> MappedArray.openRaw(file, uneven, MapMode.READ_ONLY, ArrayOptions.DEFAULT));
    }

    @Test
    void rawInOneShortCall() throws IOException {
        Path file = Files.write(folder.resolve("short.bin"), new byte[] {0, 1, 0, 2, 0, 3, 0, 4});
        try (MappedArray array = MappedArray.openRaw(file, MapMode.READ_ONLY, ">i2")) {
            assertArrayEquals(new short[] {1, 2, 3, 4}, (short[]) array.toJavaArray());
        }
        try (MappedArray array = MappedArray.openRaw(file, MapMode.READ_WRITE, ">i2", -1, 2)) {
            array.copyFrom(new int[][] {{5, 6}, {7, 8}});
        }
        assertArrayEquals(new byte[] {0, 5, 0, 6, 0, 7, 0, 8}, Files.readAllBytes(file));
        assertThrows(
                ArrayFileException.ShapeMismatch.class,
                () -> MappedArray.openRaw(file, MapMode.READ_ONLY, "i2", -1, 3));
    }

    @Test
    void anotherDTypeThanAskedForIsTold() throws IOException {
        Path file = folder.resolve("typed.npy");
        MappedArray.save(file, new double[] {1, 2, 3});
        ArrayOptions doubles = ArrayOptions.DEFAULT.dtype(DType.parse("<f8"));
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY, doubles)) {
            assertEquals(6, array.sum());
        }
        for (String other : new String[] {">f8", "<f4", "i8"}) {
            ArrayOptions wrong = ArrayOptions.DEFAULT.dtype(DType.parse(other));
            var failure = assertThrows(
                    ArrayFileException.DTypeMismatch.class, () -> MappedArray.open(file, MapMode.READ_ONLY, wrong));
            assertEquals(DType.parse(other).toString(), failure.expected());
            assertEquals("<f8", failure.found());
        }
    }

    @Test
    void modesKeepTheirPromises() throws IOException {
        Path file = folder.resolve("modes.npy");
        MappedArray.save(file, new double[] {1, 2, 3});
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            assertThrows(ReadOnlyMemoryException.class, () -> array.setDouble(0, 9));
            assertThrows(ReadOnlyMemoryException.class, () -> array.fill(9));
        }
        try (MappedArray array = MappedArray.open(file, MapMode.COPY_ON_WRITE)) {
            assertTrue(array.toString().contains("copy-on-write (clean)"), array::toString);
            array.slice("1:").setDouble(0, 9);
            assertEquals(9, array.getDouble(1));
            assertTrue(array.toString().contains("copy-on-write (dirty)"), array::toString);
        }
        try (MappedArray array = MappedArray.open(file, MapMode.READ_WRITE)) {
            assertArrayEquals(new double[] {1, 2, 3}, array.toDoubles());
            array.setDouble(2, 5);
        }
        assertArrayEquals(new double[] {1, 2, 5}, (double[]) MappedArray.load(file));
    }

    @Test
    void closingRevokesEveryView() throws IOException {
        Path file = folder.resolve("closed.npy");
        MappedArray.save(file, new double[][] {{1, 2}, {3, 4}});
        MappedArray array = MappedArray.open(file, MapMode.READ_ONLY);
        ArrayView view = array.transpose().slice("0");
        array.close();
        array.close();
        assertThrows(IllegalStateException.class, () -> view.getDouble(0));
        assertThrows(IllegalStateException.class, view::sum);
    }

    @Test
    void lifetimesOfArrays() throws IOException {
        Path file = folder.resolve("auto.npy");
        MappedArray.save(file, new int[] {1, 2});
        MapOptions undeletable = MapOptions.DEFAULT.with(MapOptions.Option.DENY_DELETE);
        MappedArray auto = MappedArray.open(
                file,
                MapMode.READ_ONLY,
                ArrayOptions.DEFAULT.lifetime(Lifetime.AUTO).mapping(undeletable));
        auto.close();
        assertEquals(3, auto.sum());
        try (MappedArray confined =
                MappedArray.open(file, MapMode.READ_ONLY, ArrayOptions.DEFAULT.lifetime(Lifetime.CONFINED))) {
            assertEquals(3, confined.sum());
        }
    }

    @Test
    void opensAHugeArrayInConstantMemory() throws IOException {
        Path file = folder.resolve("huge.npy");
        long rows = 100L << 17; // of 1,024 doubles: 100 GiB
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            byte[] header = NpyHeader.of(DType.parse("<f8"), Shape.of(rows, 1024), Order.C)
                    .toBytes();
            channel.write(java.nio.ByteBuffer.wrap(header), 0);
            channel.write(java.nio.ByteBuffer.allocate(1), header.length + rows * 8192 - 1);
        }
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            assertEquals(0, array.getDouble(rows - 1, 1023));
            assertTrue(array.residency().residentPages() < 1000);
        }
    }

    @Test
    void structuredElementsGiveAViewForEachField() throws IOException {
        StructuredType type = new StructuredType(
                java.util.List.of(
                        new StructuredType.Field("a", java.util.Optional.empty(), 0, DType.parse("|u1"), Shape.of()),
                        new StructuredType.Field("b", java.util.Optional.empty(), 1, DType.parse("<i4"), Shape.of(2))),
                9);
        byte[] header = NpyHeader.of(type, Shape.of(3), Order.C).toBytes();
        java.nio.ByteBuffer file =
                java.nio.ByteBuffer.allocate(header.length + 27).order(ByteOrder.LITTLE_ENDIAN);
        file.put(header);
        for (int i = 0; i < 3; i++) {
            file.put((byte) (250 + i)).putInt(i * 10).putInt(-i);
        }
        Path path = Files.write(folder.resolve("fields.npy"), file.array());
        try (MappedArray array = MappedArray.open(path, MapMode.READ_ONLY)) {
            assertArrayEquals(new long[] {250, 251, 252}, array.field("a").toLongs());
            assertArrayEquals(
                    new long[] {0, 0, 10, -1, 20, -2}, array.field("b").toLongs());
            assertThrows(UnsupportedOperationException.class, array::sum);
            assertThrows(IllegalArgumentException.class, () -> array.getDouble(0));
        }
    }
}
