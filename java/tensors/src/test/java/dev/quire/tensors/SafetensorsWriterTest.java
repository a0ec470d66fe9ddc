package dev.quire.tensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.array.ArraySpec;
import dev.quire.array.DType;
import dev.quire.array.MappedArray;
import dev.quire.array.Shape;
import dev.quire.array.WriteOptions;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    Path folder;

    private static SafetensorsWriter.Filler of(byte[] data) {
        return bytes -> bytes.copyFrom(0, data, 0, data.length);
    }

    private Path written(SafetensorsWriter writer) throws IOException {
        Path file = folder.resolve("written.safetensors");
        writer.write(file, WriteOptions.DEFAULT);
        return file;
    }

    @Test
    void everyTypeByteForByteAsTheReference() throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter().metadata("made by", "the reference \"writer\"\n\u0001");
        for (int i = 0; i < GoldenFileTest.TYPES.size(); i++) {
            TensorType type = GoldenFileTest.TYPES.get(i);
            writer.add("t" + i, type, Shape.of(3, 4), of(GoldenFileTest.data(i, type, 12)));
        }
        assertArrayEquals(Files.readAllBytes(Samples.golden("types.safetensors")), Files.readAllBytes(written(writer)));
    }

    @Test
    void namesAndShapesByteForByteAsTheReference() throws IOException {
        List<String> names = List.of("\ud83d\ude00", "\uff5e", "a\"b\\c\t\0\u007f\u2028", "z", "");
        List<Shape> shapes = List.of(Shape.of(), Shape.of(0), Shape.of(2, 0, 3), Shape.of(5), Shape.of(1));
        SafetensorsWriter writer = new SafetensorsWriter();
        for (int i = 0; i < names.size(); i++) {
            byte[] data = Samples.data(i, (int) shapes.get(i).elementCount() * 4);
            writer.add(names.get(i), TensorType.F32, shapes.get(i), of(data));
        }
        assertArrayEquals(Files.readAllBytes(Samples.golden("names.safetensors")), Files.readAllBytes(written(writer)));
        assertArrayEquals(
                Files.readAllBytes(Samples.golden("none.safetensors")),
                Files.readAllBytes(written(new SafetensorsWriter())));
        writer = new SafetensorsWriter().add("four", TensorType.F4, Shape.of(2, 8), of(Samples.data(0, 8)));
        assertArrayEquals(
                Files.readAllBytes(Samples.golden("packed.safetensors")), Files.readAllBytes(written(writer)));
    }

    /** Arrays of any layout: big-endian, in Fortran order, and views with gaps. */
    @Test
    void arraysAreStoredAsTheFormatHasThem() throws IOException {
        Path npz = Samples.golden("arrays.npz");
        Path file = folder.resolve("arrays.safetensors");
        try (TensorFile archive = TensorFile.open(npz)) {
            TensorFile.write(
                    file,
                    Map.of(
                            "plain", archive.tensor("plain"),
                            "big", archive.tensor("big"),
                            "fortran", archive.tensor("fortran"),
                            "part", archive.tensor("plain").slice("::2, ::-1")));
        }
        try (TensorFile found = TensorFile.open(file)) {
            assertEquals(List.of("big", "fortran", "part", "plain"), found.names());
            assertArrayEquals(Samples.data(0, 48), found.bytes("plain").toArray());
            assertArrayEquals(Samples.data(1, 48), found.bytes("big").toArray());
            assertArrayEquals(Samples.data(2, 48), found.bytes("fortran").toArray());
            assertEquals("(2, 4)", found.info("part").shape().toString());
            assertEquals(
                    found.tensor("plain").getFloat(2, 3), found.tensor("part").getFloat(1, 0));
        }
    }

    @Test
    void aFileThatIsThereStaysUntilTheNewOneIsWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("model.safetensors"), "the old one");
        SafetensorsWriter writer = new SafetensorsWriter()
                .add("a", TensorType.U8, Shape.of(1 << 20), bytes -> {
                    bytes.fill((byte) 1);
                    assertEquals("the old one", Files.readString(file));
                })
                .add("b", TensorType.U8, Shape.of(1), _ -> {
                    throw new IOException("enough");
                });
        IOException e = assertThrows(IOException.class, () -> writer.write(file, WriteOptions.DEFAULT));
        assertEquals("enough", e.getMessage());
        assertEquals("the old one", Files.readString(file));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList());
        }
        MappingException exists = assertThrows(
                MappingException.class, () -> new SafetensorsWriter().write(file, WriteOptions.DEFAULT.replace(false)));
        assertEquals(ErrorCode.EXISTS, exists.code());
    }

    @Test
    void whatSafetensorsDoesNotHave() throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter().add("a", TensorType.U8, Shape.of(1), of(new byte[1]));
        SafetensorsWriter.Filler none = of(new byte[0]);
        assertThrows(IllegalArgumentException.class, () -> writer.add("a", TensorType.U8, Shape.of(1), none));
        assertThrows(
                IllegalArgumentException.class, () -> writer.add("__metadata__", TensorType.U8, Shape.of(1), none));
        assertThrows(IllegalArgumentException.class, () -> writer.add("q", TensorType.Q4_0, Shape.of(32), none));
        assertThrows(IllegalArgumentException.class, () -> writer.add("f", TensorType.F4, Shape.of(3), none));
        assertThrows(IllegalArgumentException.class, () -> writer.add("\ud800", TensorType.U8, Shape.of(1), none));
        assertThrows(IllegalArgumentException.class, () -> writer.metadata("k", "\udc00"));
        Path complex = folder.resolve("complex.npy");
        try (MappedArray array = MappedArray.create(complex, ArraySpec.of(DType.parse("<c16"), Shape.of(2)))) {
            assertThrows(IllegalArgumentException.class, () -> writer.add("c", array));
        }
    }

    @Test
    void manyEntriesOfMetadataStayInTheirSequence() throws IOException {
        SafetensorsWriter writer =
                new SafetensorsWriter().metadata("z", "1").metadata("a", "2").metadata("z", "3");
        try (TensorFile file = TensorFile.open(written(writer))) {
            assertEquals("{z=3, a=2}", file.metadata().toString());
        }
    }

    /** What is stored into the mapped file is what another mapping reads, and an open one cannot be written to. */
    @Test
    void tensorsCanBeChangedInPlaceIfTheFileIsOpenedForIt() throws IOException {
        Path file = written(new SafetensorsWriter().add("a", TensorType.F32, Shape.of(2), of(new byte[8])));
        try (TensorFile open = TensorFile.open(file, MapMode.READ_WRITE, dev.quire.MapOptions.DEFAULT);
                TensorFile copy = TensorFile.open(file, MapMode.COPY_ON_WRITE, dev.quire.MapOptions.DEFAULT)) {
            open.tensor("a").setDouble(0, 2.5);
            copy.tensor("a").setDouble(1, 9);
        }
        try (TensorFile open = TensorFile.open(file)) {
            assertArrayEquals(new double[] {2.5, 0}, open.tensor("a").toDoubles());
            assertThrows(
                    UnsupportedOperationException.class, () -> open.tensor("a").setDouble(0, 1));
        }
        assertTrue(Files.exists(file));
        assertFalse(Files.exists(folder.resolve("none")));
    }
}
