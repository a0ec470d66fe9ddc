package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void bytesHaveTheUnitThatFits() {
        assertEquals("0 bytes", Text.bytes(0));
        assertEquals("1 byte", Text.bytes(1));
        assertEquals("1,023 bytes", Text.bytes(1023));
        assertEquals("1 KiB", Text.bytes(1024));
        assertEquals("1.5 KiB", Text.bytes(1536));
        assertEquals("2 MiB", Text.bytes(2 << 20));
        assertEquals("6 GiB", Text.bytes(6L << 30));
        assertEquals("8.0 EiB", Text.bytes(Long.MAX_VALUE));
    }

    @Test
    void durationsAndSpeedsHaveTheUnitThatFits() {
        assertEquals("12 us", Text.seconds(12.3e-6));
        assertEquals("12.3 ms", Text.seconds(12.3e-3));
        assertEquals("12.30 s", Text.seconds(12.3));
        assertEquals("500 MB/s", Text.rate(1_000_000_000, 2));
        assertEquals("4.0 GB/s", Text.rate(8_000_000_000L, 2));
    }

    @Test
    void sharesOfNothingAreWhole() {
        assertEquals("33.3%", Text.percent(1, 3));
        assertEquals("100.0%", Text.percent(0, 0));
    }
}
