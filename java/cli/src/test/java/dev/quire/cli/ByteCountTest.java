package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteCountTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4097, 4097",
        "7b, 7",
        "64KiB, 65536",
        "64kib, 65536",
        "64K, 65536",
        "1kB, 1000",
        "3 MiB, 3145728",
        "1.5GiB, 1610612736",
        "2GB, 2000000000",
        "1TiB, 1099511627776",
        "9223372036854775807, 9223372036854775807"
    })
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
        assertEquals(bytes, ByteCount.parse(text).bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "x", "1X", "1iB", "KiB", "1,5KiB", "0x10", "1e3", "1 2", ".5KiB"})
    void otherTextsAreRefusedWithAnExample(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> ByteCount.parse(text))
                .getMessage();
        assertTrue(message.contains("'" + text + "'") && message.contains("64KiB"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "0.3", "8388608TiB", "99999999999999999999999999TiB"})
    void bytesThatCannotBeCountedAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ByteCount.parse(text));
    }
}
