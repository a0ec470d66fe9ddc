package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void readsLikeATuple() {
        assertEquals("()", Shape.of().toString());
        assertEquals("(5,)", Shape.of(5).toString());
        assertEquals("(3, 4)", Shape.of(3, 4).toString());
    }

    @Test
    void countsElementsAndBytes() {
        assertEquals(1, Shape.of().elementCount());
        assertEquals(0, Shape.of(3, 0, 1L << 40).elementCount());
        assertEquals(24, Shape.of(2, 3, 4).elementCount());
        assertEquals(Long.MAX_VALUE, Shape.of(Long.MAX_VALUE).byteCount(1));
        assertEquals(192, Shape.of(2, 3, 4).byteCount(8));
    }

    @Test
    void refusesWhatCannotBeCounted() {
        assertThrows(IllegalArgumentException.class, () -> Shape.of(-1));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(1L << 32, 1L << 31));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(0, 1L << 32, 1L << 31));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(1L << 32, 1L << 31, 0));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(new long[65]));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(1L << 60).byteCount(8));
        assertEquals(64, Shape.of(new long[64]).rank());
    }

    @Test
    void stridesCountFromTheFastestAxis() {
        assertArrayEquals(new long[] {96, 32, 8}, Shape.of(2, 3, 4).strides(Order.C, 8));
        assertArrayEquals(new long[] {8, 16, 48}, Shape.of(2, 3, 4).strides(Order.FORTRAN, 8));
    }

    @Test
    void isAValue() {
        long[] dims = {3, 4};
        Shape shape = Shape.of(dims);
        dims[0] = 9;
        shape.dims()[1] = 9;
        assertEquals(Shape.of(3, 4), shape);
        assertEquals(Shape.of(3, 4).hashCode(), shape.hashCode());
        assertNotEquals(Shape.of(4, 3), shape);
        assertThrows(IndexOutOfBoundsException.class, () -> shape.dim(2));
        assertThrows(IndexOutOfBoundsException.class, () -> shape.dim(-1));
    }

    @Test
    void isSavedInCOrderWhereThereIsNoDifference() {
        assertEquals(Order.C, Shape.of(5).savedOrder(Order.FORTRAN));
        assertEquals(Order.C, Shape.of(1, 5, 1).savedOrder(Order.FORTRAN));
        assertEquals(Order.C, Shape.of(2, 0, 3).savedOrder(Order.FORTRAN));
        assertEquals(Order.FORTRAN, Shape.of(2, 3).savedOrder(Order.FORTRAN));
    }
}
