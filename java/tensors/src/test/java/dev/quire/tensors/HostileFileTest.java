package dev.quire.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.array.ArrayFileException;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Files that must be refused: by an exception of the family that names the file, and within the bound of memory. */
class HostileFileTest {
    @TempDir
    Path folder;

    /** The committed ones: make_hostile.py says what is wrong with each. */
    @TestFactory
    Stream<DynamicTest> committedFiles() throws IOException {
        List<String> lines = Files.readAllLines(Samples.HOSTILE.resolve("manifest.txt"));
        assertTrue(lines.size() > 130, lines.size() + " files");
        return lines.stream()
                .map(line -> line.split("\\|", 3))
                .map(parts -> DynamicTest.dynamicTest(parts[0], () -> refuses(parts[0], parts[1], parts[2])));
    }

    private static void refuses(String name, String exception, String message) throws IOException {
        Path file = Samples.HOSTILE.resolve(name);
        IOException refused =
                Opening.refused(file, Files.size(file) + Files.size(Samples.HOSTILE.resolve("one.safetensors")));
        assertInstanceOf(familyOf(exception), refused, refused::toString);
        assertTrue(refused.getMessage().contains(message), refused::getMessage);
        assertTrue(refused.getMessage().contains(Samples.HOSTILE.toString()), refused::getMessage);
        assertFalse(refused.getMessage().matches("(?s).*[\\p{Cntrl}\u202e].*"), "control characters in the message");
    }

    private static Class<? extends IOException> familyOf(String exception) {
        return switch (exception) {
            case "BadMagic" -> TensorFileException.BadMagic.class;
            case "BadHeader" -> TensorFileException.BadHeader.class;
            case "Truncated" -> TensorFileException.Truncated.class;
            case "UnsupportedVersion" -> TensorFileException.UnsupportedVersion.class;
            case "UnsupportedType" -> TensorFileException.UnsupportedType.class;
            case "FileRefusedException" -> MappingException.class;
            case "ArrayFileException" -> ArrayFileException.class;
            default -> throw new IllegalArgumentException(exception);
        };
    }

    private TensorFileException refused(Path file) throws IOException {
        return assertInstanceOf(TensorFileException.class, Opening.refused(file, Files.size(file)));
    }

    private Path safetensors(String header) throws IOException {
        return Samples.safetensors(folder, header, 0);
    }

    @Test
    void jsonAMillionDeep() throws IOException {
        String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
        TensorFileException e = refused(safetensors("{\"a\":{\"extra\":" + deep + "}}"));
        assertTrue(e.getMessage().contains("nesting depth"), e::getMessage);
        assertTrue(
                refused(safetensors("{\"a\":".repeat(1_000_000))).getMessage().contains("nesting depth"));
    }

    @Test
    void aNumberOfAMillionDigits() throws IOException {
        String digits = "1".repeat(1_000_000);
        assertTrue(refused(safetensors("{" + Samples.tensor("a", "F32", "[" + digits + "]", 0, 4) + "}"))
                .getMessage()
                .contains("Number value length"));
    }

    @Test
    void aNameOfAMillionCharacters() throws IOException {
        String name = "n".repeat(1_000_000);
        TensorFileException e = refused(safetensors("{" + Samples.tensor(name, "F32", "[1]", 0, 4) + "}"));
        assertTrue(e.getMessage().length() < 500, e::getMessage);
        Samples.Gguf gguf =
                new Samples.Gguf(1_000_200, 1, 0).text(name).putInt(0).putInt(0).putLong(0);
        assertTrue(refused(gguf.write(folder)).getMessage().contains("1000000 bytes"));
    }

    @Test
    void aMillionNamesWithoutEnd() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 1_000_000; i++) {
            header.append(Samples.tensor(Integer.toString(i, 36), "U8", "[0]", 0, 0))
                    .append(',');
        }
        assertTrue(refused(safetensors(header.toString())).getMessage().contains("not the JSON"));
    }

    @Test
    void aMillionNamesTheLastTwice() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 1_000_000; i++) {
            header.append(Samples.tensor(Integer.toString(i, 36), "U8", "[0]", 0, 0))
                    .append(',');
        }
        header.append(Samples.tensor("0", "U8", "[0]", 0, 0)).append('}');
        assertTrue(refused(safetensors(header.toString())).getMessage().contains("more than once"));
    }

    /** Texts with one hash code in Java: "Aa" and "BB" are the same everywhere. */
    @Test
    void namesThatCollide() throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{");
        StringBuilder tensors = new StringBuilder();
        int names = 1 << 16;
        for (int i = 0; i < names; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 16; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            header.append(i == 0 ? "" : ",").append('"').append(name).append("\":\"\"");
            tensors.append(',').append(Samples.tensor(name.toString(), "U8", "[0]", 0, 0));
        }
        Path file = safetensors(header.append('}').append(tensors).append('}').toString());
        Opening.requireBounded(Files.size(file), "names that collide", () -> {
            try (TensorFile model = TensorFile.open(file)) {
                assertEquals(names, model.names().size());
            }
        });
    }

    /** What Java keeps for the shortest entries that there can be is still bounded by the text they take. */
    @Test
    void aHeaderOfTheShortestEntries() throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i < 20_000; i++) {
            header.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(Integer.toString(i, 36))
                    .append("\":\"\"");
        }
        header.append("}");
        for (int i = 0; i < 20_000; i++) {
            header.append(",").append(Samples.tensor(Integer.toString(i, 36), "U8", "[0]", 0, 0));
        }
        Path file = safetensors(header.append('}').toString());
        Opening.requireBounded(
                Files.size(file), "short entries", () -> TensorFile.open(file).close());
        StringBuilder fields = new StringBuilder("{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]");
        for (int i = 0; i < 50_000; i++) {
            fields.append(",\"\":0");
        }
        Path other = safetensors(fields.append("}}").toString());
        Opening.requireBounded(
                Files.size(other), "short fields", () -> TensorFile.open(other).close());
    }

    @Test
    void aTensorOfSixtyFourAxes() throws IOException {
        StringBuilder header = new StringBuilder("{");
        String shape = "[" + "1,".repeat(63) + "0]";
        for (int i = 0; i < 5_000; i++) {
            header.append(i == 0 ? "" : ",").append(Samples.tensor(Integer.toString(i, 36), "U8", shape, 0, 0));
        }
        Path file = safetensors(header.append('}').toString());
        Opening.requireBounded(
                Files.size(file), "axes", () -> TensorFile.open(file).close());
    }

    // ------------------------------------------------------------------------------------------------------- GGUF

    @Test
    void arraysAHundredThousandDeep() throws IOException {
        Samples.Gguf gguf = new Samples.Gguf(1_300_000, 0, 1).text("a").putInt(9);
        for (int i = 0; i < 100_000; i++) {
            gguf.putInt(9).putLong(1);
        }
        assertTrue(refused(gguf.write(folder)).getMessage().contains("more than 32 deep"));
    }

    @Test
    void theShortestPairsAndTensors() throws IOException {
        int count = 30_000;
        Samples.Gguf gguf = new Samples.Gguf(60 * count + 100, count, count);
        for (int i = 0; i < count; i++) {
            gguf.text(Integer.toString(i, 36)).putInt(0).putByte(0);
        }
        for (int i = 0; i < count; i++) {
            gguf.text(Integer.toString(i, 36)).putInt(1).putLong(0).putInt(24).putLong(0);
        }
        Path file = gguf.pad(32).write(folder);
        Opening.requireBounded(
                Files.size(file), "short pairs", () -> TensorFile.open(file).close());
        try (TensorFile model = TensorFile.open(file)) {
            assertEquals(count, model.metadata().size());
            assertEquals("0", model.metadata("zz"));
            assertEquals(0, model.tensor("zz").length());
        }
    }

    /** llama.cpp: a file of 88 bytes ended the process. */
    @Test
    void aDimensionOfZeroIsATensorWithoutElements() throws IOException {
        Path file = new Samples.Gguf(200, 1, 0)
                .text("t")
                .putInt(2)
                .putLong(0)
                .putLong(4)
                .putInt(2)
                .putLong(0)
                .pad(32)
                .write(folder);
        try (TensorFile model = TensorFile.open(file)) {
            BlockView blocks = model.blocks("t");
            assertEquals("(4, 0)", model.info("t").shape().toString());
            assertEquals(0, blocks.rows());
            assertEquals(0, blocks.toFloats().length);
            assertThrows(IndexOutOfBoundsException.class, () -> blocks.row(0));
        }
    }

    // ------------------------------------------------------------------------------------------------------ frame

    /** A header whose length looks like the first bytes of something else. */
    @Test
    void theFrameTellsAndNotTheFirstBytes() throws IOException {
        int[] lengths = {0x9c78, 0x0480, 0xda78, 0x8b1f}; // zlib, pickle, zlib again, gzip
        for (int length : lengths) {
            String header = "{\"__metadata__\":{\"k\":\"v\"}}";
            Path file = safetensors(header + " ".repeat(length - header.length()));
            try (TensorFile model = TensorFile.open(file)) {
                assertEquals(TensorFormat.SAFETENSORS, model.format());
                assertEquals("v", model.metadata("k"));
            }
        }
    }

    /** 'P' 'K' 3 4 is a length of 67 million, which a header may have: here, one of spaces and in a sparse file. */
    @Test
    void aFrameThatLooksLikeAZipArchive() throws IOException {
        Path file = folder.resolve("zip.safetensors");
        byte[] start = ByteBuffer.allocate(10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0x04034b50)
                .put((byte) '{')
                .put((byte) '}')
                .array();
        Files.write(file, start);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(8 + 0x04034b50L);
        }
        TensorFileException e = assertThrows(TensorFileException.BadHeader.class, () -> TensorFile.open(file));
        assertTrue(e.getMessage().contains("JSON"), e::getMessage); // zeros are no spaces, but it is not called a zip
    }

    // ------------------------------------------------------------------------------------------------------ index

    private Path index(String content) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), content);
    }

    @Test
    void anAbsoluteOrParentPathIsNotOpenedEvenIfItIsThere() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Path outside = Samples.safetensors(folder, "{" + Samples.tensor("a", "U8", "[1]", 0, 1) + "}", 1);
        for (String name : List.of(outside.toString(), "../" + outside.getFileName())) {
            Path index = Files.writeString(
                    inside.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"a\":\"" + name + "\"}}");
            TensorFileException e = assertThrows(TensorFileException.BadHeader.class, () -> TensorFile.open(index));
            assertTrue(e.getMessage().contains("plain name"), e::getMessage);
        }
    }

    /** Caches of models are made of links, so they are followed unless the caller says otherwise. */
    @Test
    void aLinkIsFollowedUnlessNoFollowIsAskedFor() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("blobs"));
        Path blob = Samples.safetensors(elsewhere, "{" + Samples.tensor("a", "U8", "[1]", 0, 1) + "}", 1);
        Files.createSymbolicLink(folder.resolve("shard.safetensors"), blob);
        Path index = index("{\"weight_map\":{\"a\":\"shard.safetensors\"}}");
        try (TensorFile model = TensorFile.open(index)) {
            assertEquals(List.of("a"), model.names());
        }
        MapOptions options = MapOptions.DEFAULT.with(MapOptions.Option.NO_FOLLOW);
        MappingException e =
                assertThrows(MappingException.class, () -> TensorFile.open(index, MapMode.READ_ONLY, options));
        assertEquals(ErrorCode.SYMBOLIC_LINK, e.code());
        assertTrue(e.getMessage().contains("shard.safetensors"), e::getMessage);
    }

    @Test
    void aLinkToTheIndexItselfIsNoShard() throws IOException {
        Path index = index("{\"weight_map\":{\"a\":\"shard.safetensors\"}}");
        Files.createSymbolicLink(folder.resolve("shard.safetensors"), index);
        assertThrows(TensorFileException.class, () -> TensorFile.open(index));
    }

    // --------------------------------------------------------------------------------------------------- shortened

    @Test
    void aFileThatBecomesShorterIsAFault() throws IOException {
        byte[] header =
                ("{" + Samples.tensor("a", "F32", "[1048576]", 0, 4 << 20) + "}").getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("short.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(8 + header.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .array());
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(8 + header.length + (4L << 20));
            try (TensorFile model = TensorFile.open(file)) {
                BlockView blocks = model.blocks("a");
                assertEquals(0f, blocks.toFloats()[0]);
                sparse.setLength(100);
                MemoryFaultException e = assertThrows(MemoryFaultException.class, blocks::toFloats);
                assertTrue(e.getMessage().contains("short.safetensors"), e::getMessage);
            }
        }
    }

    /** The metadata is read late, and the file may have changed by then. */
    @Test
    void metadataThatIsNoLongerThere() throws IOException {
        Path file = safetensors("{\"__metadata__\":{\"key\":\"value\"}}");
        try (TensorFile model = TensorFile.open(file)) {
            assertEquals("value", model.metadata("key"));
            try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
                other.seek(9);
                other.write('}');
            }
            assertThrows(TensorFileException.BadHeader.class, model::metadata);
        }
        List<String> texts = new ArrayList<>();
        Path gguf = new Samples.Gguf(200, 0, 1)
                .text("a")
                .putInt(9)
                .putInt(8)
                .putLong(2)
                .text("one")
                .text("two")
                .write(folder);
        try (TensorFile model = TensorFile.open(gguf)) {
            MetadataValue array = model.metadata().get("a");
            texts.addAll(array.toStrings());
            try (RandomAccessFile other = new RandomAccessFile(gguf.toFile(), "rw")) {
                other.seek(Files.size(gguf) - 5);
                other.write(0xff);
            }
            assertThrows(TensorFileException.Truncated.class, array::toStrings);
        }
        assertEquals(List.of("one", "two"), texts);
    }
}
