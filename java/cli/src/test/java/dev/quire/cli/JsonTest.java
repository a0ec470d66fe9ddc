package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quire.hint.HintResult;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void numbersAreWrittenExactly() {
        assertEquals("-9223372036854775808", Json.write(Long.MIN_VALUE));
        assertEquals("36893488147419103230", Json.write(new BigInteger("36893488147419103230")));
        assertEquals("0.1", Json.write(0.1));
        assertEquals(new BigDecimal("4.9E-324"), JsonReader.value(Json.write(Double.MIN_VALUE)));
        assertEquals(new BigDecimal("1.7976931348623157E308"), JsonReader.value(Json.write(Double.MAX_VALUE)));
    }

    @Test
    void numbersThatJsonDoesNotHaveAreTexts() {
        assertEquals(
                "[\"NaN\", \"Infinity\", \"-Infinity\"]",
                Json.write(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)));
    }

    @Test
    void nothingIsNull() {
        assertEquals("[null, 1]", Json.write(List.of(Optional.empty(), Optional.of(1))));
    }

    @Test
    void valuesOfOtherTypesAreTexts() {
        assertEquals("[\"APPLIED\", \"a\", true]", Json.write(List.of(HintResult.APPLIED, Path.of("a"), true)));
    }

    @Test
    void nestedValuesKeepTheirOrder() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("b", List.of());
        facts.put("a", Map.of());
        assertEquals("{\"b\": [], \"a\": {}}", Json.write(facts));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\"\\/", "a\nb\tc\rd\0\b\f\u007f", "\u00e9\u4e2d", "\ud83d\ude00", "\ud800"})
    void everyTextSurvives(String text) {
        assertEquals(text, JsonReader.value(Json.write(text)));
    }

    @Test
    void theReaderOfTheseTestsIsStrict() {
        for (String text :
                Arrays.asList("", "{", "[1,]", "{\"a\" 1}", "01", "nan", "NaN", "'a'", "1 2", "\"\n\"", "[1}")) {
            assertThrows(IllegalArgumentException.class, () -> JsonReader.value(text), text);
        }
    }
}
