package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quire.Mapping;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Search and checksum against the naive way, around the borders of the blocks they work in. */
final class SearchTest {
    private static final int BLOCK = 64 << 10;

    @Test
    void findsNeedlesAcrossBlocks() throws IOException {
        byte[] needle = "needle".getBytes(StandardCharsets.US_ASCII);
        try (Mapping map = Mapping.anonymous(3L * BLOCK + 100)) {
            ByteSlice bytes = map.bytes();
            assertEquals(-1, bytes.indexOf(needle, 0));
            assertEquals(-1, bytes.lastIndexOf(needle));
            for (long at : new long[] {
                0, 1, BLOCK - 7, BLOCK - 6, BLOCK - 3, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3L * BLOCK + 94
            }) {
                bytes.copyFrom(at, needle, 0, needle.length);
                assertEquals(at, bytes.indexOf(needle, 0), () -> "at " + at);
                assertEquals(at, bytes.indexOf(needle, at));
                assertEquals(-1, bytes.indexOf(needle, at + 1));
                assertEquals(at, bytes.lastIndexOf(needle), () -> "last at " + at);
                bytes.fill((byte) 0);
            }
        }
    }

    @Test
    void agreesWithTheNaiveSearchForEveryStart() throws IOException {
        Random random = new Random(1);
        try (Mapping map = Mapping.anonymous(500)) {
            ByteSlice bytes = map.bytes();
            byte[] all = new byte[500];
            for (int i = 0; i < all.length; i++) {
                all[i] = (byte) (random.nextInt(2) * 255);
            }
            bytes.copyFrom(0, all, 0, all.length);
            String text = new String(all, StandardCharsets.ISO_8859_1);
            for (int length = 0; length < 9; length++) {
                for (int from = 0; from <= all.length; from++) {
                    byte[] needle = new byte[length];
                    System.arraycopy(all, Math.min(from, all.length - length), needle, 0, length);
                    String sought = new String(needle, StandardCharsets.ISO_8859_1);
                    assertEquals(text.indexOf(sought, from), bytes.indexOf(needle, from));
                    assertEquals(text.lastIndexOf(sought), bytes.lastIndexOf(needle));
                }
            }
            assertThrows(IndexOutOfBoundsException.class, () -> bytes.indexOf(new byte[1], -1));
            assertThrows(IndexOutOfBoundsException.class, () -> bytes.indexOf(new byte[1], 501));
        }
    }

    @Test
    void checksumIsThatOfTheJdk() throws IOException {
        for (int length : new int[] {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7}) {
            byte[] all = new byte[length];
            new Random(length).nextBytes(all);
            CRC32C expected = new CRC32C();
            expected.update(all);
            try (Mapping map = Mapping.anonymous(length)) {
                map.bytes().copyFrom(0, all, 0, length);
                assertEquals(expected.getValue(), map.bytes().crc32c());
            }
        }
    }
}
