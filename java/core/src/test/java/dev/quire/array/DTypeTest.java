package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DTypeTest {

    @ParameterizedTest
    @EnumSource
    void parsesEveryNameOfAType(ElementType type) {
        assertEquals(new DType(type, ByteOrder.LITTLE_ENDIAN), DType.parse("<" + type.code()));
        assertEquals(new DType(type, ByteOrder.BIG_ENDIAN), DType.parse(">" + type.code()));
        for (String spelling : List.of(type.code(), "=" + type.code(), "|" + type.code(), type.numpyName())) {
            assertEquals(DType.of(type), DType.parse(spelling));
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesWhatItReads(ElementType type) {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            DType dtype = new DType(type, order);
            assertEquals(dtype, DType.parse(dtype.toString()));
            assertEquals(
                    type.itemBytes() == 1 ? '|' : order == ByteOrder.LITTLE_ENDIAN ? '<' : '>',
                    dtype.toString().charAt(0));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?,|b1", "b,|i1", "B,|u1", ">h,>i2", "<H,<u2", "<i,<i4", "<I,<u4", "<q,<i8", "<Q,<u8", "<e,<f2", "<f,<f4",
        ">d,>f8", "<F,<c8", ">D,>c16", "<b1,|b1", ">i1,|i1"
    })
    void parsesLetters(String text, String written) {
        assertEquals(written, DType.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "|O,Python objects",
        "<U12,unicode strings",
        "|S5,byte strings",
        "|V8,raw bytes",
        "<M8[ns],dates",
        "<m8[25us],time spans",
        "<f16,long doubles",
        "<c32,complex long doubles"
    })
    void refusesWhatCannotBeMappedByName(String text, String kind) {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> DType.parse(text));
        assertTrue(failure.getMessage().contains("is a dtype of " + kind), failure::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<", "f3", "<<f8", "l", "<L", "int", "M9", "S[ns]", "f8 ", "S9999999999"})
    void refusesWhatIsNoDType(String text) {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> DType.parse(text));
        assertTrue(failure.getMessage().contains("is not a dtype; one looks like <f8"), failure::getMessage);
    }

    @Test
    void knowsSizes() {
        assertEquals(4, new UnmappableType("<U1", "x", 4).itemBytes());
        assertEquals(48, UnmappableType.find("<U12").orElseThrow().itemBytes());
        assertEquals(0, UnmappableType.find("|O").orElseThrow().itemBytes());
        assertEquals(8, UnmappableType.find("<M8[D]").orElseThrow().itemBytes());
        assertEquals(16, DType.parse("c16").itemBytes());
        assertEquals(8, ElementType.COMPLEX128.componentBytes());
        assertEquals(8, ElementType.FLOAT64.componentBytes());
    }

    @Test
    void refusesFieldsThatOverlapOrStickOut() {
        StructuredType.Field first =
                new StructuredType.Field("a", Optional.empty(), 0, DType.parse("<f8"), Shape.of(2));
        StructuredType.Field second =
                new StructuredType.Field("b", Optional.empty(), 8, DType.parse("<f8"), Shape.of());
        assertThrows(IllegalArgumentException.class, () -> new StructuredType(List.of(first, second), 24));
        assertThrows(IllegalArgumentException.class, () -> new StructuredType(List.of(first), 15));
        assertEquals("[('a', '<f8', (2,)), ('', '|V4')]", new StructuredType(List.of(first), 20).toString());
    }
}
