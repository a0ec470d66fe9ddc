package dev.quire.tensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.array.ArrayView;
import dev.quire.array.ElementType;
import dev.quire.tensors.MetadataValue.Type;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the reference writers: make_golden.py says how they were made. scripts/tensors-oracle makes others. */
class GoldenFileTest {
    /** In the sequence of make_golden.py. */
    static final List<TensorType> TYPES = List.of(
            TensorType.BOOL,
            TensorType.U8,
            TensorType.I8,
            TensorType.F8_E5M2,
            TensorType.F8_E4M3,
            TensorType.F8_E8M0,
            TensorType.F8_E4M3FNUZ,
            TensorType.F8_E5M2FNUZ,
            TensorType.I16,
            TensorType.U16,
            TensorType.F16,
            TensorType.BF16,
            TensorType.I32,
            TensorType.U32,
            TensorType.F32,
            TensorType.C64,
            TensorType.F64,
            TensorType.I64,
            TensorType.U64);

    static byte[] data(int tensor, TensorType type, int elements) {
        byte[] data = Samples.data(tensor, elements * type.blockBytes());
        if (type == TensorType.BOOL) {
            for (int i = 0; i < data.length; i++) {
                data[i] &= 1;
            }
        }
        return data;
    }

    @Test
    void everyTypeOfSafetensors() throws IOException {
        try (TensorFile file = TensorFile.open(Samples.golden("types.safetensors"))) {
            assertEquals(TensorFormat.SAFETENSORS, file.format());
            assertEquals("the reference \"writer\"\n\u0001", file.metadata("made by"));
            assertEquals(TYPES.size(), file.names().size());
            for (int i = 0; i < TYPES.size(); i++) {
                TensorInfo info = file.info("t" + i);
                assertEquals(TYPES.get(i), info.type());
                assertEquals("(3, 4)", info.shape().toString());
                assertArrayEquals(data(i, info.type(), 12), file.bytes("t" + i).toArray(), info::toString);
                if (info.dtype().isPresent()) {
                    elementsAreThoseOf(file.tensor("t" + i), data(i, info.type(), 12), ByteOrder.LITTLE_ENDIAN);
                }
            }
        }
    }

    /** Elements of all types but complex ones, against the JDK's own reading of the bytes. */
    private static void elementsAreThoseOf(ArrayView array, byte[] data, ByteOrder order) {
        ByteBuffer bytes = ByteBuffer.wrap(data).order(order);
        ElementType type = array.dtype().type();
        if (type.isComplex()) {
            return;
        }
        ArrayView flat = array.flatten();
        for (int i = 0; i < flat.length(); i++) {
            int at = i * type.itemBytes();
            double expected = switch (type) {
                case BOOL, INT8 -> bytes.get(at);
                case UINT8 -> bytes.get(at) & 0xff;
                case INT16 -> bytes.getShort(at);
                case UINT16 -> bytes.getShort(at) & 0xffff;
                case FLOAT16 -> Float.float16ToFloat(bytes.getShort(at));
                case INT32 -> bytes.getInt(at);
                case UINT32 -> bytes.getInt(at) & 0xffff_ffffL;
                case FLOAT32 -> bytes.getFloat(at);
                case FLOAT64 -> bytes.getDouble(at);
                case INT64 -> bytes.getLong(at);
                case UINT64 -> flat.getDouble(i); // the bytes were compared
                default ->
                    type.numpyName().equals("bfloat16")
                            ? Float.intBitsToFloat(bytes.getShort(at) << 16)
                            : flat.getDouble(i);
            };
            assertEquals(expected, flat.getDouble(i), type + " " + i);
        }
    }

    @Test
    void namesAndShapes() throws IOException {
        List<String> names = List.of("\ud83d\ude00", "\uff5e", "a\"b\\c\t\0\u007f\u2028", "z", "");
        List<String> shapes = List.of("()", "(0,)", "(2, 0, 3)", "(5,)", "(1,)");
        try (TensorFile file = TensorFile.open(Samples.golden("names.safetensors"))) {
            assertEquals(names.size(), file.names().size());
            for (int i = 0; i < names.size(); i++) {
                ArrayView tensor = file.tensor(names.get(i));
                assertEquals(shapes.get(i), tensor.shape().toString());
                elementsAreThoseOf(tensor, Samples.data(i, (int) tensor.length() * 4), ByteOrder.LITTLE_ENDIAN);
            }
        }
        try (TensorFile file = TensorFile.open(Samples.golden("none.safetensors"))) {
            assertEquals(List.of(), file.names());
            assertEquals(Map.of(), file.metadata());
        }
    }

    @Test
    void typesBelowAByte() throws IOException {
        try (TensorFile file = TensorFile.open(Samples.golden("packed.safetensors"))) {
            TensorInfo info = file.info("four");
            assertEquals(TensorType.F4, info.type());
            assertEquals("(2, 8)", info.shape().toString());
            assertArrayEquals(Samples.data(0, 8), file.bytes("four").toArray());
            assertEquals(4, file.blocks("four").blocksPerRow());
            TensorFileException e = assertThrows(TensorFileException.UnsupportedType.class, () -> file.tensor("four"));
            assertTrue(e.getMessage().contains("blocks()"), e::getMessage);
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> file.blocks("four").toFloats());
        }
    }

    @Test
    void aModelInManyFiles() throws IOException {
        try (TensorFile file = TensorFile.open(Samples.golden("sharded/model.safetensors.index.json"))) {
            assertEquals(TensorFormat.SAFETENSORS_INDEX, file.format());
            assertEquals(List.of("first", "third", "second"), file.names());
            assertEquals("144", file.metadata("total_size"));
            for (int i = 0; i < 3; i++) {
                String name = List.of("first", "second", "third").get(i);
                assertArrayEquals(Samples.data(i, 48), file.bytes(name).toArray());
                assertTrue(
                        file.info(name).file().endsWith(i == 1 ? "2-of-00002.safetensors" : "1-of-00002.safetensors"));
            }
        }
    }

    @Test
    void anArchive() throws IOException {
        try (TensorFile file = TensorFile.open(Samples.golden("arrays.npz"))) {
            assertEquals(TensorFormat.NPZ, file.format());
            assertEquals(List.of("plain", "big", "fortran", "half"), file.names());
            for (int i = 0; i < 3; i++) {
                FloatBuffer floats = ByteBuffer.wrap(Samples.data(i, 48))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer();
                ArrayView array = file.tensor(file.names().get(i));
                for (int k = 0; k < 12; k++) {
                    assertEquals(
                            floats.get(k),
                            array.getFloat(k / 4, k % 4),
                            file.names().get(i) + " " + k);
                }
            }
            elementsAreThoseOf(file.tensor("half"), Samples.data(3, 10), ByteOrder.LITTLE_ENDIAN);
            assertEquals(Map.of(), file.metadata());
            assertTrue(file.contains("big"));
            assertThrows(TensorFileException.NotFound.class, () -> file.info("huge"));
        }
    }

    // ------------------------------------------------------------------------------------------------------- GGUF

    @ParameterizedTest
    @ValueSource(strings = {"little.gguf", "big.gguf", "two.gguf"})
    void everyTypeOfMetadata(String name) throws IOException {
        try (TensorFile file = TensorFile.open(Samples.golden(name))) {
            assertEquals(TensorFormat.GGUF, file.format());
            Map<String, String> texts = new LinkedHashMap<>();
            for (Map.Entry<String, MetadataValue> pair : file.metadata().entrySet()) {
                texts.put(pair.getKey(), pair.getValue().text());
            }
            assertEquals(
                    "{general.architecture=made-up, general.alignment=64, u8=200, i8=-100, u16=60000, i16=-30000,"
                            + " u32=4000000000, i32=-2000000000, f32=1.5, u64=18446744073709551614,"
                            + " i64=-9223372036854775808, f64=-0.1, bool=true, text=gr\u00fc\u00df \ud83d\ude00,"
                            + " texts=[token 0, token 1, token 2, token 3, token 4, token 5, token 6, token 7, ..."
                            + " 1000 in all], ints=[1, -2, 3], floats=[0.5, -0.25], bools=[true, false],"
                            + " nested=[[...], [...], [...]], deep=[[...], [...]], last=end}",
                    texts.toString());
            assertEquals("made-up", file.metadata("general.architecture"));
            assertThrows(TensorFileException.NotFound.class, () -> file.metadata("nothing"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"little.gguf", "big.gguf"})
    void arraysOfMetadata(String name) throws IOException {
        try (TensorFile file = TensorFile.open(Samples.golden(name))) {
            Map<String, MetadataValue> metadata = file.metadata();
            List<String> tokens = metadata.get("texts").toStrings();
            assertEquals(1000, tokens.size());
            assertEquals("token 999", tokens.get(999));
            assertArrayEquals(new long[] {1, -2, 3}, metadata.get("ints").toLongs());
            assertArrayEquals(new double[] {1, -2, 3}, metadata.get("ints").toDoubles());
            assertArrayEquals(new double[] {0.5, -0.25}, metadata.get("floats").toDoubles());
            assertTrue(metadata.get("bools").elements().get(0).asBoolean());
            List<MetadataValue> nested = metadata.get("nested").elements();
            assertArrayEquals(new long[] {5, 6}, nested.get(2).toLongs());
            MetadataValue deep = metadata.get("deep");
            assertEquals(Type.ARRAY, deep.elementType());
            assertEquals(
                    List.of("b", "c"), deep.elements().get(0).elements().get(1).toStrings());
            assertEquals(List.of("d"), deep.elements().get(1).elements().get(0).toStrings());
            assertEquals(0x1p64 - 2, metadata.get("u64").asDouble(), 0);
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> metadata.get("f32").asLong());
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> metadata.get("u8").length());
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> metadata.get("texts").toLongs());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"little.gguf", "big.gguf", "two.gguf"})
    void tensorsWithReversedAxes(String name) throws IOException {
        List<TensorType> types = List.of(
                TensorType.F32,
                TensorType.F16,
                TensorType.F64,
                TensorType.I8,
                TensorType.I16,
                TensorType.I32,
                TensorType.I64);
        List<String> shapes = List.of("(2, 3, 1, 5)", "(3, 1, 5)", "(1, 5)");
        ByteOrder order = name.startsWith("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        try (TensorFile file = TensorFile.open(Samples.golden(name))) {
            assertEquals(types.size(), file.names().size());
            for (int i = 0; i < types.size(); i++) {
                TensorInfo info = file.info("g" + i);
                assertEquals(types.get(i), info.type());
                assertEquals(shapes.get(i % 3), info.shape().toString());
                assertEquals(0, info.offset() % 64);
                assertEquals(
                        order,
                        info.type().blockBytes() == 1
                                ? order
                                : info.dtype().get().order());
                elementsAreThoseOf(
                        file.tensor("g" + i), Samples.data(i, (int) info.byteSize()), ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quants.gguf", "quants_big.gguf"})
    void floatsHaveTheBitsOfTheReference(String name) throws IOException {
        ByteBuffer floats = ByteBuffer.wrap(Files.readAllBytes(Samples.golden("quants.f32")))
                .order(ByteOrder.LITTLE_ENDIAN);
        try (TensorFile file = TensorFile.open(Samples.golden(name))) {
            assertEquals(13, file.names().size());
            for (TensorInfo info : file.tensors()) {
                assertTrue(info.type().isReadable(), info::toString);
                float[] found = file.blocks(info.name()).toFloats();
                for (int i = 0; i < found.length; i++) {
                    float expected = floats.getFloat();
                    if (!Float.isNaN(expected) || !Float.isNaN(found[i])) {
                        int element = i;
                        assertEquals(
                                Float.floatToRawIntBits(expected),
                                Float.floatToRawIntBits(found[i]),
                                () -> info + " at " + element);
                    }
                }
            }
        }
        assertEquals(0, floats.remaining());
    }

    /** Rows, and parts that begin and end within a block. */
    @Test
    void rowsAndParts() throws IOException {
        try (TensorFile file = TensorFile.open(Samples.golden("quants.gguf"))) {
            for (TensorInfo info : file.tensors()) {
                BlockView blocks = file.blocks(info.name());
                float[] all = blocks.toFloats();
                assertEquals(info.shape().dim(0), blocks.rows());
                assertEquals(info.byteSize(), blocks.rows() * blocks.blocksPerRow() * blocks.blockBytes());
                assertArrayEquals(
                        blocks.bytes()
                                .slice(blocks.row(0).byteSize(), blocks.row(0).byteSize())
                                .toArray(),
                        blocks.row(1).toArray());
                for (int first : new int[] {0, 1, 31, 32, 33, all.length - 1}) {
                    for (int count : new int[] {0, 1, 2, 31, 32, all.length - first}) {
                        int most = Math.min(count, all.length - first);
                        float[] part = new float[most + 2];
                        part[most + 1] = 7;
                        blocks.read(first, part, 1, most);
                        assertArrayEquals(
                                Arrays.copyOfRange(all, first, first + most),
                                Arrays.copyOfRange(part, 1, most + 1),
                                info + " from " + first + ", " + most);
                        assertEquals(7, part[most + 1]);
                    }
                }
                assertThrows(IndexOutOfBoundsException.class, () -> blocks.read(all.length, new float[1], 0, 1));
                assertThrows(IndexOutOfBoundsException.class, () -> blocks.read(0, new float[1], 0, 2));
                assertThrows(IndexOutOfBoundsException.class, () -> blocks.row(blocks.rows()));
            }
        }
    }
}
