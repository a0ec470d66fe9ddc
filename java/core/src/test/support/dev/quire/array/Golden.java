package dev.quire.array;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/** The files that src/test/python/make_golden.py had NumPy write, and what it says about them. */
final class Golden {

    private Golden() {}

    static byte[] bytes(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ByteSource source(String name) {
        return ByteSource.of(name, bytes(name));
    }

    /** A member of arrays.npz. */
    record Member(
            String name, String dtype, Order order, Shape shape, long start, long bytes, long headerBytes, long crc) {

        ElementType type() {
            return DType.parse(dtype).type();
        }

        /** The bytes of the element with this place in C sequence, in the order the file has them. */
        byte[] element(long k) {
            if (type() == ElementType.BOOL) {
                return new byte[] {(byte) (k % 3 == 0 ? 1 : 0)};
            }
            byte[] little = new byte[16];
            for (int i = 0; i < little.length; i++) {
                little[i] = (byte) ((i < 8 ? mix(k) : mix(k + (1L << 32))) >>> 8 * (i % 8));
            }
            return ordered(Arrays.copyOf(little, type().itemBytes()));
        }

        private byte[] ordered(byte[] element) {
            int part = type().componentBytes();
            byte[] ordered = element.clone();
            for (int i = 0; DType.parse(dtype).order() == ByteOrder.BIG_ENDIAN && i < element.length; i++) {
                ordered[i] = element[i / part * part + part - 1 - i % part];
            }
            return ordered;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static long mix(long k) {
        long z = (k + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    static Stream<Member> members() {
        return new String(bytes("manifest.txt"), StandardCharsets.US_ASCII)
                .lines()
                .map(Golden::member);
    }

    private static Member member(String line) {
        String[] fields = line.split(" ");
        long[] dims = Arrays.stream(fields[3].replaceAll("[()]", "").split(","))
                .filter(dim -> !dim.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        return new Member(
                fields[0],
                fields[1],
                fields[2].equals("True") ? Order.FORTRAN : Order.C,
                Shape.of(dims),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]),
                Long.parseLong(fields[6]),
                Long.parseLong(fields[7]));
    }
}
