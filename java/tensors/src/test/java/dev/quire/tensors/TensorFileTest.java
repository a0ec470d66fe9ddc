package dev.quire.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.array.ArrayView;
import dev.quire.hint.Hint;
import dev.quire.hint.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFileTest {
    @TempDir
    Path folder;

    /** A file with holes in place of its tensors. */
    private Path sparse(String name, byte[] header, long dataBytes) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, header);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(header.length + dataBytes);
        }
        return file;
    }

    private static byte[] framed(String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    /** The tensors begin at any byte: here, at an odd one, and the last element is beyond 4 GiB. */
    @Test
    void unalignedTensorsOfMoreThanTwoGiB() throws IOException {
        long elements = 600_000_000;
        String header = "{" + Samples.tensor("first", "U8", "[1]", 0, 1) + ","
                + Samples.tensor("large", "F64", "[" + elements + "]", 1, 1 + 8 * elements) + "}";
        Path file = sparse("large.safetensors", framed(header), 1 + 8 * elements);
        try (TensorFile open = TensorFile.open(file, MapMode.READ_WRITE, MapOptions.DEFAULT)) {
            ArrayView large = open.tensor("large");
            assertEquals(1, (open.info("large").offset() - open.info("first").offset()) % 8);
            large.setDouble(elements - 1, 1.25);
            assertEquals(1.25, large.getDouble(elements - 1));
            assertEquals(1.25, open.tensor("large").slice("-1000:").sum());
        }
        assertEquals(0x3f, lastByte(file));
    }

    private static int lastByte(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            open.seek(open.length() - 1);
            return open.read();
        }
    }

    /** The header is all that is read: the memory that opening takes is that of a small file, to a kilobyte. */
    @Test
    void aHundredGiBOpenAsASmallFileDoes() throws IOException {
        long large = 100L << 30;
        String header = "{" + Samples.tensor("t", "U8", "[%d]", 0, 0).replace("[0,0]", "[0,%d]") + "}";
        Path big = sparse("big.safetensors", framed(String.format(header, large, large)), large);
        Path small = sparse("small.safetensors", framed(String.format(header, 100, 100)), 100);
        assertEquals(allocated(small), allocated(big), 1024);
        try (TensorFile open = TensorFile.open(big)) {
            assertEquals(0, open.tensor("t").getInt(large - 1));
        }
        Path gguf = sparse("big.gguf", gguf(large), large);
        Path smallGguf = sparse("small.gguf", gguf(128), 128);
        assertEquals(allocated(smallGguf), allocated(gguf), 1024);
        try (TensorFile open = TensorFile.open(gguf)) {
            assertEquals(0, open.tensor("t").getInt(large - 1));
        }
    }

    private byte[] gguf(long elements) throws IOException {
        Path made = new Samples.Gguf(200, 1, 0)
                .text("t")
                .putInt(1)
                .putLong(elements)
                .putInt(24)
                .putLong(0)
                .pad(32)
                .write(folder);
        return Files.readAllBytes(made);
    }

    private static double allocated(Path file) throws IOException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            least = Math.min(
                    least, Opening.allocated(() -> TensorFile.open(file).close()));
        }
        return least;
    }

    @Test
    void tenThousandTensors() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 10_000; i++) {
            header.append(i == 0 ? "" : ",")
                    .append(Samples.tensor("layer." + i + ".weight", "I16", "[3]", 6L * i, 6L * i + 6));
        }
        Path file = Samples.safetensors(folder, header.append("}").toString(), 60_000);
        Opening.requireBounded(
                Files.size(file) - 60_000,
                "10,000 tensors",
                () -> TensorFile.open(file).close());
        try (TensorFile open = TensorFile.open(file, MapMode.COPY_ON_WRITE, MapOptions.DEFAULT)) {
            List<String> names = open.names();
            assertEquals(10_000, names.size());
            for (int i = 0; i < names.size(); i++) {
                assertEquals("layer." + i + ".weight", names.get(i));
                open.tensor(names.get(i)).setLong(2, i);
            }
            assertEquals(9_999, open.tensor("layer.9999.weight").getInt(2));
            assertEquals(0, open.tensor("layer.9999.weight").getInt(0));
        }
    }

    /** A tokenizer of 262,144 texts takes no memory until it is asked for. */
    @Test
    void aLongArrayCostsNothingUntilItIsAskedFor() throws IOException {
        int count = 262_144;
        Samples.Gguf made = new Samples.Gguf(200 + 16 * count, 0, 2)
                .text("tokens")
                .putInt(9)
                .putInt(8)
                .putLong(count);
        for (int i = 0; i < count; i++) {
            made.text("\u0120" + i % 1000);
        }
        Path file = made.text("after").putInt(4).putInt(7).write(folder);
        Opening.requireBounded(0, "a tokenizer", () -> {
            try (TensorFile open = TensorFile.open(file)) {
                assertEquals("7", open.metadata("after"));
                assertEquals(count, open.metadata().get("tokens").length());
            }
        });
        try (TensorFile open = TensorFile.open(file)) {
            List<String> tokens = open.metadata().get("tokens").toStrings();
            assertEquals(count, tokens.size());
            assertEquals("\u0120143", tokens.get(count - 1));
        }
    }

    @Test
    void hintsAreForATensorAndTellWhatTheyDid() throws IOException {
        String header = "{" + Samples.tensor("a", "U8", "[65536]", 0, 65536) + ","
                + Samples.tensor("b", "F4", "[131072]", 65536, 131072) + "}";
        Path file = Samples.safetensors(folder, header, 131072);
        try (TensorFile open = TensorFile.open(file)) {
            Outcome told = open.advise("b", Hint.WILLNEED);
            assertEquals(open.bytes("b").advise(Hint.WILLNEED).result(), told.result());
            assertTrue(told.bytes() >= 0 && told.bytes() < 131072, told::toString);
            assertEquals(told.result(), open.tensor("a").advise(Hint.WILLNEED).result());
            assertThrows(TensorFileException.NotFound.class, () -> open.advise("c", Hint.WILLNEED));
        }
    }

    @Test
    void afterTheCloseAViewThrows() throws IOException {
        TensorFile file = TensorFile.open(Samples.golden("little.gguf"));
        ArrayView tensor = file.tensor("g0");
        MetadataValue texts = file.metadata().get("texts");
        TensorInfo info = file.info("g0");
        file.close();
        file.close();
        assertThrows(IllegalStateException.class, () -> tensor.getDouble(0, 0, 0, 0));
        assertThrows(IllegalStateException.class, texts::toStrings);
        assertThrows(IllegalStateException.class, () -> file.blocks("g0").toFloats());
        assertEquals("(2, 3, 1, 5)", info.shape().toString());
        assertSame(TensorType.F32, info.type());
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        try (TensorFile file = TensorFile.open(Samples.golden("types.safetensors"))) {
            assertFalse(file.contains("nothing"));
            TensorFileException e = assertThrows(TensorFileException.NotFound.class, () -> file.tensor("nothing\n"));
            assertTrue(e.getMessage().endsWith("there is no tensor \"nothing\\u000a\""), e::getMessage);
            assertEquals(Samples.golden("types.safetensors").toString(), e.file());
            assertThrows(TensorFileException.NotFound.class, () -> file.metadata("nothing"));
        }
        assertThrows(dev.quire.error.MappingException.class, () -> TensorFile.open(folder.resolve("none")));
        assertThrows(dev.quire.error.MappingException.class, () -> TensorFile.open(folder));
        MapOptions part = MapOptions.DEFAULT.offset(8);
        assertThrows(IllegalArgumentException.class, () -> TensorFile.open(folder, MapMode.READ_ONLY, part));
        assertThrows(
                TensorFileException.class,
                () -> TensorFile.open(Samples.golden("arrays.npz"), MapMode.READ_WRITE, MapOptions.DEFAULT));
    }

    /** All 42 numbers of ggml have the geometry that their tensors' sizes need. */
    @Test
    void blocksOfEveryTypeOfGguf() throws IOException {
        for (int number = 0; number <= 42; number++) {
            TensorType type = TensorType.ofGguf(number);
            if (type == null) {
                continue;
            }
            Path file = new Samples.Gguf(4000, 1, 0)
                    .text("t")
                    .putInt(2)
                    .putLong(2L * type.blockElements())
                    .putLong(3)
                    .putInt(number)
                    .putLong(0)
                    .pad(32)
                    .zeros(6 * type.blockBytes())
                    .write(folder);
            try (TensorFile open = TensorFile.open(file)) {
                BlockView blocks = open.blocks("t");
                assertEquals(3, blocks.rows());
                assertEquals(2, blocks.blocksPerRow());
                assertEquals(6L * type.blockBytes(), blocks.bytes().length());
                if (type.isReadable()) {
                    assertEquals(6 * type.blockElements(), blocks.toFloats().length);
                } else {
                    assertThrows(UnsupportedOperationException.class, blocks::toFloats);
                }
                assertEquals(
                        type.elementType().isPresent(), open.info("t").dtype().isPresent());
            }
        }
    }
}
