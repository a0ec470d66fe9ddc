package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatsCommandTest {
    @TempDir
    private Path folder;

    private Path file(Samples samples, int before, int after) throws IOException {
        byte[] bytes = ByteBuffer.allocate(before + samples.bytes().length + after)
                .put(before, samples.bytes())
                .array();
        return Files.write(folder.resolve("numbers"), bytes);
    }

    private Map<String, Object> stats(Samples samples) throws IOException {
        return Tool.run("stats", file(samples, 0, 0), "--json", "--dtype", samples.dtype())
                .json();
    }

    @ParameterizedTest
    @MethodSource("dev.quire.cli.Samples#dtypes")
    void everyDtypeAgreesWithExactArithmetic(String dtype) throws IOException {
        Samples samples = Samples.random(dtype, 1001);
        Map<String, Object> facts = Tool.run(
                        "stats", file(samples, 3, 5), "--dtype", dtype, "--offset", 3, "--count", 1001, "--json")
                .json();
        assertExact(samples, facts);
        assertEquals(samples.dtype().toString(), facts.get("dtype"));
    }

    private static void assertExact(Samples samples, Map<String, Object> facts) {
        List<BigDecimal> values = samples.values();
        BigDecimal count = BigDecimal.valueOf(values.size());
        BigDecimal sum = values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal mean = sum.divide(count, MathContext.DECIMAL128);
        BigDecimal squares =
                values.stream().map(value -> value.subtract(mean).pow(2)).reduce(BigDecimal.ZERO, BigDecimal::add);
        double std = Math.sqrt(squares.divide(count, MathContext.DECIMAL128).doubleValue());
        BigDecimal magnitude = values.stream().map(BigDecimal::abs).reduce(BigDecimal.ZERO, BigDecimal::add);

        assertEquals(count, facts.get("count"));
        assertEquals((long) samples.bytes().length, Tool.number(facts, "bytes"));
        assertSame(samples, Collections.min(values), number(facts, "min"));
        assertSame(samples, Collections.max(values), number(facts, "max"));
        assertEquals(mean.doubleValue(), number(facts, "mean").doubleValue(), 1e-15 * magnitude.doubleValue());
        assertEquals(std, number(facts, "std").doubleValue(), 1e-12 * std);
        if (samples.dtype().type().isInteger()) {
            assertSame(samples, sum, number(facts, "sum"));
        } else {
            assertEquals(sum.doubleValue(), number(facts, "sum").doubleValue(), 1e-14 * magnitude.doubleValue());
        }
    }

    /** Integers digit by digit; a float is written with the digits that tell it from its neighbours. */
    private static void assertSame(Samples samples, BigDecimal expected, BigDecimal written) {
        if (samples.dtype().type().isInteger()) {
            assertEquals(expected.toBigIntegerExact().toString(), written.toString());
        } else {
            assertEquals(expected.doubleValue(), written.doubleValue());
        }
    }

    private static BigDecimal number(Map<String, Object> facts, String name) {
        return (BigDecimal) facts.get(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f4", ">f4", "<f8", ">f8"})
    void notANumberSpreads(String dtype) throws IOException {
        Map<String, Object> facts = stats(Samples.of(dtype, 1, Double.NaN, -3));
        for (String name : List.of("sum", "mean", "std", "min", "max")) {
            assertEquals("NaN", facts.get(name), name);
        }
        assertEquals(3, Tool.number(facts, "count"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f4", ">f4", "<f8", ">f8"})
    void infinitiesAreTexts(String dtype) throws IOException {
        Map<String, Object> facts = stats(Samples.of(dtype, 1, Double.NEGATIVE_INFINITY, 3));
        assertEquals("-Infinity", facts.get("sum"));
        assertEquals("-Infinity", facts.get("mean"));
        assertEquals("NaN", facts.get("std"));
        assertEquals("-Infinity", facts.get("min"));
        assertEquals(3, Tool.number(facts, "max"));
        assertEquals(
                "NaN",
                stats(Samples.of(dtype, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY))
                        .get("sum"));
    }

    @ParameterizedTest
    @MethodSource("dev.quire.cli.Samples#dtypes")
    void nothingHasNoSmallest(String dtype) throws IOException {
        Map<String, Object> facts = stats(Samples.random(dtype, 0));
        assertEquals(0, Tool.number(facts, "count"));
        assertEquals(0, Tool.number(facts, "sum"));
        assertEquals("NaN", facts.get("mean"));
        assertEquals("NaN", facts.get("std"));
        assertNull(facts.get("min"));
        assertNull(facts.get("max"));
    }

    @Test
    void allFactsAreThere() throws IOException {
        assertEquals(
                List.of("path", "dtype", "count", "sum", "mean", "std", "min", "max", "bytes", "seconds"),
                List.copyOf(stats(Samples.random("f8", 5)).keySet()));
    }

    @Test
    void peopleSeeTheSame() throws IOException {
        Tool shown = Tool.run("stats", file(Samples.of("f8", 1, 2, 6), 0, 0), "--dtype", "f8")
                .fine();
        assertTrue(shown.lines().getFirst().contains("24 bytes of <f8"), shown.out());
        assertEquals(
                List.of("count  3", "sum    9.0", "mean   3.0", "std    2.160246899469287", "min    1.0", "max    6.0"),
                shown.lines().subList(1, 7));
    }

    @Test
    void aRestIsRefusedWithTheCountThatLeavesItOut() throws IOException {
        Path file = file(Samples.random("f8", 4), 1, 2);
        String said = Tool.run("stats", file, "--dtype", "f8", "--offset", 1).details();
        assertTrue(said.contains("34 bytes") && said.contains("shape (4,)") && said.contains("the last 2"), said);
    }

    @Test
    void offsetsTakeUnits() throws IOException {
        Path file = file(Samples.of("f8", 7), 2048, 0);
        assertEquals(
                7,
                Tool.number(
                        Tool.run("stats", file, "--dtype", "f8", "--offset", "2KiB", "--json")
                                .json(),
                        "sum"));
    }
}
