package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.error.ReadOnlyMemoryException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every kind of slice does, whatever its element type. Values are boxed here; arrays are of the primitive type.
 *
 * @param <S> the kind
 */
abstract class SliceContract<S extends Slice> {
    private static final int COUNT = 1000;

    @TempDir
    Path folder;

    private Path file;
    private Mapping map;

    abstract int elementBytes();

    abstract S of(ByteSlice bytes, ByteOrder order);

    abstract Object get(S slice, long index);

    abstract void set(S slice, long index, Object value);

    abstract S part(S slice, long from, long count);

    abstract Object array(int length);

    abstract void copyTo(S slice, long index, Object target, int from, int count);

    abstract void copyFrom(S slice, long index, Object source, int from, int count);

    abstract void copyAcross(S slice, long index, S target, long at, long count);

    abstract Object toArray(S slice);

    abstract void fill(S slice, Object value);

    abstract long mismatch(S slice, S other);

    abstract int compare(S slice, S other);

    /** A value that differs for every index, and has every bit set in some. */
    abstract Object value(long index);

    @BeforeEach
    void map() throws IOException {
        file = folder.resolve("slices.bin");
        Files.write(file, new byte[COUNT * 8 + 64]);
        map = Mapping.open(file, MapMode.READ_WRITE);
    }

    @AfterEach
    void close() {
        map.close();
    }

    /** Byte orders by alignments. */
    static Stream<Arguments> places() {
        return Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)
                .flatMap(order -> Stream.of(0L, 1L, 7L, 8L).map(offset -> Arguments.of(order, offset)));
    }

    private S slice(ByteOrder order, long offset) {
        return of(map.bytes().slice(offset, (long) COUNT * elementBytes()), order);
    }

    private S filled(ByteOrder order, long offset) {
        S slice = slice(order, offset);
        for (long i = 0; i < COUNT; i++) {
            set(slice, i, value(i));
        }
        return slice;
    }

    @ParameterizedTest
    @MethodSource("places")
    void keepsWhatWasStored(ByteOrder order, long offset) {
        S slice = filled(order, offset);
        assertEquals(COUNT, slice.length());
        assertEquals((long) COUNT * elementBytes(), slice.byteSize());
        assertEquals(offset, slice.offset());
        for (long i = 0; i < COUNT; i++) {
            assertEquals(value(i), get(slice, i));
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void storesInItsByteOrder(ByteOrder order, long offset) {
        S slice = filled(order, offset);
        S other = of(map.bytes().slice(offset, (long) COUNT * elementBytes()), swapped(order));
        byte[] mine = map.bytes().slice(offset, elementBytes()).toArray();
        set(other, 0, get(slice, 0));
        byte[] theirs = map.bytes().slice(offset, elementBytes()).toArray();
        for (int i = 0; i < mine.length; i++) {
            assertEquals(mine[i], theirs[theirs.length - 1 - i]);
        }
    }

    private static ByteOrder swapped(ByteOrder order) {
        return order == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    @ParameterizedTest
    @MethodSource("places")
    void copiesToAndFromArrays(ByteOrder order, long offset) {
        S slice = filled(order, offset);
        Object array = array(COUNT + 2);
        copyTo(slice, 0, array, 1, COUNT);
        for (int i = 0; i < COUNT; i++) {
            assertEquals(value(i), Array.get(array, i + 1));
        }
        copyFrom(slice, 10, array, 1, 5);
        assertEquals(value(0), get(slice, 10));
        assertEquals(value(4), get(slice, 14));
        assertEquals(value(15), get(slice, 15));
        assertEquals(COUNT, Array.getLength(toArray(slice)));
    }

    @ParameterizedTest
    @MethodSource("places")
    void copiesBetweenSlicesThatOverlap(ByteOrder order, long offset) {
        S slice = filled(order, offset);
        copyAcross(slice, 0, slice, 3, COUNT - 3);
        for (long i = 3; i < COUNT; i++) {
            assertEquals(value(i - 3), get(slice, i));
        }
        copyAcross(slice, 3, slice, 0, COUNT - 3);
        for (long i = 0; i < COUNT - 3; i++) {
            assertEquals(value(i), get(slice, i));
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void copiesBetweenByteOrders(ByteOrder order, long offset) throws IOException {
        S slice = filled(order, offset);
        try (Mapping other = Mapping.anonymous((long) COUNT * elementBytes())) {
            S target = of(other.bytes(), swapped(order));
            copyAcross(slice, 0, target, 0, COUNT);
            assertEquals(value(COUNT - 1), get(target, COUNT - 1));
            assertEquals(-1, mismatch(slice, target));
            set(target, 500, value(7));
            assertEquals(500, mismatch(slice, target));
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void partsCompose(ByteOrder order, long offset) {
        S part = part(part(filled(order, offset), 100, 500), 50, 10);
        assertEquals(10, part.length());
        assertEquals(value(150), get(part, 0));
        assertEquals(offset + 150L * elementBytes(), part.offset());
        assertEquals(0, part(part, 10, 0).length());
        assertThrows(IndexOutOfBoundsException.class, () -> part(part, 10, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> part(part, -1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> part(part, 1, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("places")
    void fillsAndCompares(ByteOrder order, long offset) {
        S slice = slice(order, offset);
        fill(slice, value(3));
        S left = part(slice, 0, 400);
        S right = part(slice, 500, 400);
        assertEquals(value(3), get(slice, COUNT - 1));
        assertEquals(-1, mismatch(left, right));
        assertEquals(0, compare(left, right));
        assertEquals(399, mismatch(part(left, 0, 399), right));
        assertTrue(compare(part(left, 0, 399), right) < 0);
        set(right, 200, value(5));
        assertEquals(200, mismatch(left, right));
        assertEquals(Integer.signum(compare(left, right)), -Integer.signum(compare(right, left)));
        assertFalse(compare(left, right) == 0);
    }

    @Test
    void refusesEveryIndexOutside() {
        S slice = slice(ByteOrder.nativeOrder(), 1);
        for (long index : new long[] {-1, COUNT, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 61, (1L << 61) + 1, 1L << 63}) {
            assertThrows(IndexOutOfBoundsException.class, () -> get(slice, index), () -> "get " + index);
            assertThrows(IndexOutOfBoundsException.class, () -> set(slice, index, value(0)), () -> "set " + index);
            assertThrows(IndexOutOfBoundsException.class, () -> copyTo(slice, index, array(1), 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> copyFrom(slice, index, array(1), 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> copyAcross(slice, index, slice, 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> copyAcross(slice, 0, slice, index, 1));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> copyTo(slice, 0, array(5), 3, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> copyTo(slice, COUNT - 2, array(5), 0, 3));
    }

    @Test
    void refusesToWriteReadOnlyMemory() throws IOException {
        filled(ByteOrder.LITTLE_ENDIAN, 0);
        byte[] before = Files.readAllBytes(file);
        try (Mapping readOnly = Mapping.open(file, MapMode.READ_ONLY)) {
            S slice = of(readOnly.bytes().slice(0, 80), ByteOrder.LITTLE_ENDIAN);
            assertTrue(slice.isReadOnly());
            assertTrue(slice.segment().isReadOnly());
            assertThrows(ReadOnlyMemoryException.class, () -> set(slice, 0, value(1)));
            assertThrows(ReadOnlyMemoryException.class, () -> copyFrom(slice, 0, array(1), 0, 1));
            assertThrows(ReadOnlyMemoryException.class, () -> fill(slice, value(1)));
            assertThrows(ReadOnlyMemoryException.class, () -> copyAcross(slice, 0, slice, 1, 1));
        }
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void throwsOnceClosed() {
        S slice = slice(ByteOrder.nativeOrder(), 0);
        map.close();
        assertThrows(IllegalStateException.class, () -> get(slice, 0));
        assertThrows(IllegalStateException.class, () -> set(slice, 0, value(0)));
        assertThrows(IllegalStateException.class, () -> toArray(slice));
        assertThrows(IllegalStateException.class, slice::residency);
        assertThrows(IllegalStateException.class, () -> slice.advise(dev.quire.hint.Hint.RANDOM));
        assertThrows(IllegalStateException.class, slice::populate);
    }

    @Test
    void viewsOfTheJdkSeeTheSameBytes() {
        S slice = filled(ByteOrder.BIG_ENDIAN, 1);
        assertEquals(
                slice.segment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 5),
                slice.byteBuffer().get(5));
        assertEquals(slice.order(), slice.byteBuffer().order());
        assertEquals(slice.byteSize(), slice.byteBuffer().capacity());
    }

    @Test
    void emptySlicesDoNothing() throws IOException {
        try (Mapping empty = Mapping.open(file, MapMode.READ_WRITE, MapOptions.DEFAULT.length(0))) {
            S slice = of(empty.bytes(), ByteOrder.nativeOrder());
            assertEquals(0, slice.length());
            fill(slice, value(1));
            assertEquals(0, Array.getLength(toArray(slice)));
            assertEquals(-1, mismatch(slice, slice));
            assertThrows(IndexOutOfBoundsException.class, () -> get(slice, 0));
        }
    }
}
