package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The cases with names; {@link ArrayLayoutPropertyTest} has the rest. */
class ArrayLayoutTest {

    private static final ArrayLayout GRID = ArrayLayout.contiguous(Shape.of(3, 4), Order.C, 8);

    @Test
    void findsElements() {
        assertEquals(0, GRID.offsetOf(0, 0));
        assertEquals(88, GRID.offsetOf(2, 3));
        assertEquals(
                8 * (2 + 3 * 3),
                ArrayLayout.contiguous(Shape.of(3, 4), Order.FORTRAN, 8).offsetOf(2, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> GRID.offsetOf(3, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> GRID.offsetOf(0, -1));
        assertThrows(IllegalArgumentException.class, () -> GRID.offsetOf(0));
    }

    @Test
    void refusesSelectionsThatDoNotFit() {
        assertThrows(IllegalArgumentException.class, () -> GRID.select(Index.parse("0, 0, 0")));
        assertThrows(IllegalArgumentException.class, () -> GRID.select(Index.parse("..., ...")));
        assertThrows(IndexOutOfBoundsException.class, () -> GRID.select(Index.parse("3")));
        assertThrows(IndexOutOfBoundsException.class, () -> GRID.select(Index.parse("-4")));
    }

    @Test
    void stretchesTheRestOverTheAxesLeft() {
        ArrayLayout cube = ArrayLayout.contiguous(Shape.of(2, 3, 4), Order.C, 1);
        assertEquals(Shape.of(2, 3), cube.select(Index.parse("..., 0")).shape());
        assertEquals(Shape.of(3, 4), cube.select(Index.parse("0, ...")).shape());
        assertEquals(Shape.of(2, 3, 4), cube.select(Index.parse("...")).shape());
        assertEquals(
                Shape.of(1, 2, 3, 4, 1),
                cube.select(Index.parse("None, ..., None")).shape());
        assertEquals(Shape.of(), cube.select(Index.parse("1, 2, ..., 3")).shape());
    }

    @Test
    void survivesExtremeBounds() {
        ArrayLayout row = ArrayLayout.contiguous(Shape.of(10), Order.C, 8);
        long min = Long.MIN_VALUE;
        long max = Long.MAX_VALUE;
        assertEquals(Shape.of(10), row.select(List.of(Index.range(min, max))).shape());
        assertEquals(Shape.of(1), row.select(List.of(Index.range(3, max, max))).shape());
        assertEquals(
                Shape.of(1), row.select(List.of(Index.range(max, min, min))).shape());
        assertEquals(Shape.of(0), row.select(List.of(Index.range(max, min, 1))).shape());
        assertEquals(Shape.of(10), row.select(List.of(Index.every(-1))).shape());
    }

    @Test
    void reshapesOnlyWhereStridesAllow() {
        assertArrayEquals(
                new long[] {48, 24, 8},
                GRID.reshape(Shape.of(2, 2, 3), Order.C).orElseThrow().strides());
        assertEquals(Optional.empty(), GRID.transpose().reshape(Shape.of(12), Order.C));
        assertTrue(GRID.transpose().reshape(Shape.of(12), Order.FORTRAN).isPresent());
        assertTrue(GRID.select(Index.parse("::-1, ::-1")).flatten().isPresent());
        assertFalse(GRID.select(Index.parse(":, :3")).flatten().isPresent());
        assertThrows(IllegalArgumentException.class, () -> GRID.reshape(Shape.of(13), Order.C));
    }

    @Test
    void broadcastsLengthOneOnly() {
        ArrayLayout column = ArrayLayout.contiguous(Shape.of(3, 1), Order.C, 8);
        assertEquals(Shape.of(2, 3, 5), column.broadcast(Shape.of(2, 3, 5)).shape());
        assertArrayEquals(
                new long[] {0, 8, 0}, column.broadcast(Shape.of(2, 3, 5)).strides());
        assertThrows(IllegalArgumentException.class, () -> column.broadcast(Shape.of(4, 1)));
        assertThrows(IllegalArgumentException.class, () -> column.broadcast(Shape.of(3)));
    }

    @Test
    void takesPartsOfElements() {
        ArrayLayout records = ArrayLayout.contiguous(Shape.of(10), Order.C, 9);
        ArrayLayout values = records.part(1, 8, Shape.of());
        assertEquals(9 * 4 + 1, values.offsetOf(4));
        assertFalse(values.isContiguous(Order.C));
        ArrayLayout pairs = records.part(1, 4, Shape.of(2));
        assertEquals(Shape.of(10, 2), pairs.shape());
        assertEquals(9 * 4 + 5, pairs.offsetOf(4, 1));
        assertThrows(IllegalArgumentException.class, () -> records.part(2, 8, Shape.of()));
        assertThrows(IllegalArgumentException.class, () -> records.part(-1, 8, Shape.of()));
    }

    @Test
    void refusesAxesThatAreNoPermutation() {
        assertThrows(IllegalArgumentException.class, () -> GRID.transpose(0, 0));
        assertThrows(IllegalArgumentException.class, () -> GRID.transpose(0));
        assertThrows(IllegalArgumentException.class, () -> GRID.transpose(0, 2));
    }
}
