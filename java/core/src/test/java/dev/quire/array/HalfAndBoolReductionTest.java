package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.Mapping;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Halves come to what the doubles come to that they are, bools to what the ones and zeroes come to, bit for bit: whole
 * and by rows, each long enough for a kernel, and in the other byte order by loops.
 */
class HalfAndBoolReductionTest {
    private static final int ROWS = 13;
    private static final int COLUMNS = 5100;
    private static final int COUNT = ROWS * COLUMNS;
    private static final Shape SHAPE = Shape.of(ROWS, COLUMNS);

    @ParameterizedTest
    @ValueSource(strings = {"<f2", ">f2"})
    void halvesAreDoubles(String dtype) throws IOException {
        try (Mapping halves = Mapping.anonymous(2 * COUNT + 1);
                Mapping doubles = Mapping.anonymous(8 * COUNT)) {
            DType type = DType.parse(dtype);
            ArrayView narrow = ArrayView.over(halves.bytes().slice(1, 2 * COUNT), type, SHAPE, Order.C);
            ArrayView wide = ArrayView.over(doubles.bytes(), DType.parse("f8"), SHAPE, Order.C);
            for (int i = 0; i < COUNT; i++) {
                // The factor is odd, so that all halves have a turn; NaN and infinities only in the last two rows.
                int half = i * 40_503 & 0xFFFF;
                boolean plain = i / COLUMNS < ROWS - 2;
                short bits = (short) (plain && (half & 0x7C00) == 0x7C00 ? half ^ 0x4000 : half);
                boolean turned = type.order() != ByteOrder.nativeOrder();
                Elements.setShort(halves.segment(), turned, 1 + 2L * i, bits);
                wide.setDouble(i / COLUMNS, i % COLUMNS, Float.float16ToFloat(bits));
            }
            assertSameBits(wide, narrow);
            for (String part : new String[] {"0:11", "2:7", "3:4", "11:12", "0:11, ::-1"}) {
                assertSameBits(wide.slice(part), narrow.slice(part));
            }
            ArrayView everyThird = narrow.slice("0:11, ::3");
            assertEquals(wide.slice("0:11, ::3").summary(), everyThird.summary());
        }
    }

    @Test
    void bytesThatAreNotZeroAreOne() throws IOException {
        try (Mapping bytes = Mapping.anonymous(COUNT + 1);
                Mapping doubles = Mapping.anonymous(8 * COUNT)) {
            byte[] random = new byte[COUNT + 1];
            new Random(3).nextBytes(random);
            for (int i = 0; i < COUNT; i++) {
                random[i] = i % 3 == 0 || i / COLUMNS == 4 ? 0 : i / COLUMNS == 5 ? (byte) 0x80 : random[i];
            }
            bytes.bytes().copyFrom(0, random, 0, random.length);
            ArrayView bools = ArrayView.over(bytes.bytes().slice(1, COUNT), DType.parse("?"), SHAPE, Order.C);
            ArrayView wide = ArrayView.over(doubles.bytes(), DType.parse("f8"), SHAPE, Order.C);
            long trues = 0;
            for (int i = 0; i < COUNT; i++) {
                int one = random[i + 1] != 0 ? 1 : 0;
                wide.setDouble(i / COLUMNS, i % COLUMNS, one);
                trues += one;
            }
            assertEquals(trues, bools.integerSummary().sum().longValueExact());
            assertEquals(trues, bools.sum());
            assertSameBits(wide, bools);
            assertSameBits(wide.slice("3:6"), bools.slice("3:6"));
            assertEquals(wide.slice("::2").summary(), bools.slice("::2").summary());
            assertArrayEquals(
                    wide.slice(":, 0:40").along(1).sum(),
                    bools.slice(":, 0:40").along(1).sum());
        }
    }

    private static void assertSameBits(ArrayView expected, ArrayView actual) {
        assertEquals(expected.summary(), actual.summary());
        assertEquals(expected.sum(), actual.sum());
        assertEquals(expected.min(), actual.min());
        assertEquals(expected.max(), actual.max());
        AxisReduction rows = expected.along(1);
        AxisReduction actualRows = actual.along(1);
        assertArrayEquals(rows.sum(), actualRows.sum());
        assertArrayEquals(rows.mean(), actualRows.mean());
        assertArrayEquals(rows.std(), actualRows.std());
        assertArrayEquals(rows.min(), actualRows.min());
        assertArrayEquals(rows.max(), actualRows.max());
    }
}
