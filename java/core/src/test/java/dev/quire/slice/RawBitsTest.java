package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quire.Mapping;
import java.io.IOException;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Bits that a careless conversion loses. */
final class RawBitsTest {
    @Test
    void nanPayloadsSurvive() throws IOException {
        long[] bits = {0x7FF0000000000001L, 0xFFF8000000000123L, 0x7FFFFFFFFFFFFFFFL, 0x8000000000000000L};
        int[] small = {0x7FC00123, 0xFFC00001, 0x7FFFFFFF, 0x80000000};
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            try (Mapping map = Mapping.anonymous(32)) {
                map.bytes().longs(order).copyFrom(0, bits, 0, bits.length);
                double[] doubles = map.bytes().doubles(order).toArray();
                map.bytes().fill((byte) 0);
                map.bytes().doubles(order).copyFrom(0, doubles, 0, doubles.length);
                assertArrayEquals(bits, map.bytes().longs(order).toArray());
                map.bytes().slice(0, 16).ints(order).copyFrom(0, small, 0, small.length);
                float[] floats = map.bytes().slice(0, 16).floats(order).toArray();
                map.bytes().slice(0, 16).floats(order).copyFrom(0, floats, 0, floats.length);
                assertArrayEquals(small, map.bytes().slice(0, 16).ints(order).toArray());
            }
        }
    }

    @Test
    void lengthsThatDoNotFitAreRefused() throws IOException {
        try (Mapping map = Mapping.anonymous(13)) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, map::doubles);
            assertEquals(
                    "13 bytes of anonymous memory are no whole number of elements of 8 bytes; slice the bytes first",
                    e.getMessage());
            assertEquals(1, map.bytes().slice(5, 8).doubles().length());
        }
    }
}
