package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexTest {

    @Test
    void readsWhatPythonReads() {
        assertEquals(List.of(Index.range(0, 10), Index.every(2)), Index.parse("[0:10,::2]"));
        assertEquals(
                List.of(Index.at(-1), Index.all(), Index.rest(), Index.newAxis()), Index.parse("-1, :, ..., None"));
        assertEquals(
                List.of(Index.from(3), Index.to(-3), Index.range(9, 0, -2)), Index.parse(" [ 3: , :-3,9 : 0 : -2 ]"));
        assertEquals(List.of(Index.at(4)), Index.parse("[4,]"));
        assertEquals(List.of(Index.every(1)), Index.parse("::"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0:10, ::2 | [0:10, ::2]
            ..., None, -1 | [..., None, -1]
            5:, :5, ::-1 | [5:, :5, ::-1]
            """)
    void writesWhatItReads(String text, String written) {
        assertEquals(written, Index.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "a",
                "1.5",
                "1:2:3:4",
                "1:x",
                "[1",
                "1]",
                "..",
                "1,,2",
                "[[1]]",
                "99999999999999999999",
                "::0"
            })
    void refusesTheRest(String text) {
        assertThrows(IllegalArgumentException.class, () -> Index.parse(text));
    }
}
