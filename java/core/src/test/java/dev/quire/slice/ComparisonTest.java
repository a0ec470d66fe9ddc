package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Mapping;
import java.io.IOException;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where slices differ, around the borders of the blocks that are compared at once. */
final class ComparisonTest {
    private static final int FIRST = 512;
    private static final int BLOCK = 32 << 10;
    private static final int BYTES = FIRST + 2 * BLOCK + 40;

    private Mapping left;
    private Mapping right;

    @BeforeEach
    void map() throws IOException {
        left = Mapping.anonymous(BYTES);
        right = Mapping.anonymous(BYTES);
    }

    @AfterEach
    void unmap() {
        left.close();
        right.close();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, FIRST - 1, FIRST, FIRST + 1, FIRST + BLOCK - 1, FIRST + BLOCK, FIRST + 2 * BLOCK, BYTES - 1})
    void findsTheOneByte(int at) {
        right.bytes().set(at, (byte) 0x80);
        assertEquals(at, left.bytes().mismatch(right.bytes()));
        assertEquals(at / 2, left.shorts().mismatch(right.shorts()));
        assertEquals(at / 4, left.ints().mismatch(right.ints()));
        assertEquals(at / 8, left.longs().mismatch(right.longs()));
        assertEquals(at / 8, left.doubles().mismatch(right.bytes().doubles(ByteOrder.BIG_ENDIAN)));
        assertTrue(left.bytes().compare(right.bytes()) < 0, "bytes compare as unsigned numbers");
        assertTrue(right.bytes().compare(left.bytes()) > 0);
        right.bytes().set(at, (byte) 0);
        assertEquals(-1, left.bytes().mismatch(right.bytes()));
        assertEquals(0, left.floats().compare(right.floats()));
    }

    @Test
    void aSliceThatBeginsTheOtherDiffersAtItsEnd() {
        LongSlice shorter = left.longs().slice(0, 70);
        assertEquals(70, shorter.mismatch(right.longs()));
        assertEquals(70, right.bytes().longs(ByteOrder.BIG_ENDIAN).mismatch(shorter));
        assertTrue(shorter.compare(right.longs()) < 0);
        assertTrue(right.longs().compare(shorter) > 0);
    }

    @Test
    void bitsCountAndNotValues() {
        left.doubles().set(3, 0.0);
        right.doubles().set(3, -0.0);
        assertEquals(3, left.doubles().mismatch(right.doubles()));
        assertTrue(right.doubles().compare(left.doubles()) < 0);
        left.doubles().set(3, Double.NaN);
        right.doubles().set(3, Double.NaN);
        assertEquals(-1, left.doubles().mismatch(right.doubles()));
        assertTrue(left.doubles().contentEquals(right.doubles()));
    }

    /** Elements count, not how they are stored; and as many of them. */
    @Test
    void equalContents() {
        left.ints().set(5, 0x01020304);
        IntSlice turned = right.bytes().ints(ByteOrder.BIG_ENDIAN);
        assertFalse(left.ints().contentEquals(turned));
        turned.set(5, 0x01020304);
        assertTrue(left.ints().contentEquals(turned));
        assertFalse(left.bytes().contentEquals(right.bytes()));
        assertFalse(left.bytes().slice(0, 8).contentEquals(right.bytes().slice(0, 7)));
        assertTrue(left.bytes().slice(0, 0).contentEquals(right.bytes().slice(9, 0)));
        assertTrue(left.shorts().slice(0, 4).contentEquals(right.shorts().slice(0, 4)));
        assertFalse(left.longs().contentEquals(right.longs()));
        assertFalse(left.floats().contentEquals(right.floats()));
    }
}
