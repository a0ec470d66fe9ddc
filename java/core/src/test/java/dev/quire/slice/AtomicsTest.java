package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Mapping;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Atomic operations on mapped words, in both byte orders. */
final class AtomicsTest {
    static List<ByteOrder> orders() {
        return List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void longsBehaveAsTheirNamesSay(ByteOrder order) throws IOException {
        try (Mapping map = Mapping.anonymous(64)) {
            LongSlice words = map.bytes().longs(order);
            words.setVolatile(1, 10);
            assertEquals(10, words.getVolatile(1));
            words.setRelease(1, 11);
            assertEquals(11, words.getAcquire(1));
            words.setOpaque(1, 12);
            assertEquals(12, words.getOpaque(1));
            assertFalse(words.compareAndSet(1, 10, 99));
            assertTrue(words.compareAndSet(1, 12, 0x0102030405060708L));
            assertEquals(0x0102030405060708L, words.compareAndExchange(1, 5, 6));
            assertEquals(0x0102030405060708L, words.getAndAdd(1, 1));
            assertEquals(0x0102030405060709L, words.getAndSet(1, 0b1100));
            assertEquals(0b1100, words.getAndBitwiseOr(1, 0b0011));
            assertEquals(0b1111, words.getAndBitwiseAnd(1, 0b0101));
            assertEquals(0b0101, words.getAndBitwiseXor(1, 0b1100));
            assertEquals(0b1001, words.get(1));
            assertEquals(0, words.get(0));
            assertEquals(0, words.get(2));
            assertThrows(IndexOutOfBoundsException.class, () -> words.getAndAdd(8, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> words.getVolatile(-1));
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void intsBehaveAsTheirNamesSay(ByteOrder order) throws IOException {
        try (Mapping map = Mapping.anonymous(64)) {
            IntSlice words = map.bytes().ints(order);
            words.setVolatile(1, 10);
            assertEquals(10, words.getVolatile(1));
            words.setRelease(1, 11);
            assertEquals(11, words.getAcquire(1));
            words.setOpaque(1, 12);
            assertEquals(12, words.getOpaque(1));
            assertFalse(words.compareAndSet(1, 10, 99));
            assertTrue(words.compareAndSet(1, 12, 0x01020304));
            assertEquals(0x01020304, words.compareAndExchange(1, 5, 6));
            assertEquals(0x01020304, words.getAndAdd(1, 1));
            assertEquals(0x01020305, words.getAndSet(1, 0b1100));
            assertEquals(0b1100, words.getAndBitwiseOr(1, 0b0011));
            assertEquals(0b1111, words.getAndBitwiseAnd(1, 0b0101));
            assertEquals(0b0101, words.getAndBitwiseXor(1, 0b1100));
            assertEquals(0b1001, words.get(1));
        }
    }

    @Test
    void refusesWordsThatAreNotAligned() throws IOException {
        try (Mapping map = Mapping.anonymous(64)) {
            LongSlice longs = map.bytes().slice(4, 16).longs();
            IntSlice ints = map.bytes().slice(2, 16).ints();
            assertEquals(0, longs.get(0));
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> longs.compareAndSet(0, 0, 1));
            assertTrue(e.getMessage().contains("multiples of 8"), e.getMessage());
            assertThrows(IllegalArgumentException.class, () -> ints.getAndAdd(0, 1));
            assertThrows(IllegalArgumentException.class, () -> ints.getVolatile(0));
            assertEquals(0, map.bytes().slice(4, 16).ints().getAndAdd(0, 1));
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void countsExactlyUnderContention(ByteOrder order) throws Exception {
        try (Mapping map = Mapping.anonymous(8)) {
            LongSlice counter = map.bytes().longs(order);
            Runnable adding = () -> {
                for (int i = 0; i < 200_000; i++) {
                    counter.getAndAdd(0, 1);
                }
            };
            Thread first = Thread.ofPlatform().start(adding);
            Thread second = Thread.ofVirtual().start(adding);
            first.join();
            second.join();
            assertEquals(400_000, counter.get(0));
        }
    }
}
