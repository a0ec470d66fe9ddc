package dev.quire.tensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files for tests: those that make_golden.py wrote, and small ones made here. */
final class Samples {
    /** scripts/tensors-oracle has the tests read files with other numbers. */
    static final Path GOLDEN = Path.of(System.getProperty("quire.tensors.golden", "src/test/resources/golden"));

    static final long SEED = Long.getLong("quire.tensors.seed", 21);

    static final Path HOSTILE = Path.of("src/test/resources/hostile");

    private Samples() {}

    static Path golden(String name) {
        return GOLDEN.resolve(name);
    }

    /** What make_golden.py calls data(): the bytes of a tensor. */
    static byte[] data(int tensor, int size) {
        ByteBuffer data = ByteBuffer.allocate(Math.ceilDiv(size, 8) * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int k = 0; data.hasRemaining(); k++) {
            data.putLong(mix((SEED << 48 | (long) tensor << 32 | k) + 1));
        }
        return java.util.Arrays.copyOf(data.array(), size);
    }

    private static long mix(long seed) {
        long z = seed * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** A safetensors file: the length, the header, so many zeros. */
    static Path safetensors(Path folder, String header, int zeros) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + zeros).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        return Files.write(Files.createTempFile(folder, "made", ".safetensors"), file.array());
    }

    static String tensor(String name, String type, String shape, long from, long to) {
        return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":[" + from + ","
                + to + "]}";
    }

    /** Makes a GGUF file piece by piece, little-endian. */
    static final class Gguf {
        private final ByteBuffer bytes;

        Gguf(int capacity, long tensors, long pairs) {
            bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
            bytes.put("GGUF".getBytes(StandardCharsets.US_ASCII))
                    .putInt(3)
                    .putLong(tensors)
                    .putLong(pairs);
        }

        Gguf text(String text) {
            byte[] raw = text.getBytes(StandardCharsets.UTF_8);
            bytes.putLong(raw.length).put(raw);
            return this;
        }

        Gguf putInt(int value) {
            bytes.putInt(value);
            return this;
        }

        Gguf putLong(long value) {
            bytes.putLong(value);
            return this;
        }

        Gguf putByte(int value) {
            bytes.put((byte) value);
            return this;
        }

        Gguf pad(int alignment) {
            bytes.position(Math.ceilDiv(bytes.position(), alignment) * alignment);
            return this;
        }

        Gguf zeros(int count) {
            bytes.position(bytes.position() + count);
            return this;
        }

        Path write(Path folder) throws IOException {
            byte[] all = java.util.Arrays.copyOf(bytes.array(), bytes.position());
            return Files.write(Files.createTempFile(folder, "made", ".gguf"), all);
        }
    }
}
