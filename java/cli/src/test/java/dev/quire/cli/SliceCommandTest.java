package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.array.ArraySpec;
import dev.quire.array.MappedArray;
import dev.quire.array.Order;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SliceCommandTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void createArray() throws IOException {
        file = ArrayFiles.counting(folder.resolve("a.npy"), "<i4", Order.FORTRAN, 4, 5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[0:10,::2] | [[0, 2, 4], [5, 7, 9], [10, 12, 14], [15, 17, 19]]",
                "[::-2, -1] | [19, 9]",
                "[...,0]    | [0, 5, 10, 15]",
                "3          | [15, 16, 17, 18, 19]",
                "[-1, -1]   | 19",
                "[9:, 0]    | []",
                "[None, 1, 3:1:-1] | [[8, 7]]"
            })
    void selectionsMeanWhatTheyMeanInPython(String selection, String values) {
        Map<String, Object> facts = Tool.run("slice", file, selection, "--json").json();
        assertEquals(JsonReader.value(values), facts.get("values"));
        assertEquals("<i4", facts.get("dtype"));
    }

    @Test
    void tablesNamePositionsOfTheFile() {
        assertEquals(
                List.of(file + "[::-2, 1::3]: shape (2, 2) of <i4", "     [1]  [4]", "[3]   16   19", "[1]    6    9"),
                Tool.run("slice", file, "[::-2, 1::3]").fine().lines());
        assertEquals(
                List.of(file + "[1:3, 0]: shape (2,) of <i4", "[1]   5", "[2]  10"),
                Tool.run("slice", file, "[1:3, 0]").fine().lines());
        assertEquals("19", Tool.run("slice", file, "[-1,-1]").fine().lines().getLast());
        assertEquals(
                "no elements", Tool.run("slice", file, "[9:]").fine().lines().getLast());
    }

    @Test
    void moreAxesAreTablesInSequence() throws IOException {
        Path deep = ArrayFiles.counting(folder.resolve("deep.npy"), "u1", 2, 2, 2, 2);
        List<String> lines = Tool.run("slice", deep, "[::-1, 1:]").fine().lines();
        assertEquals(
                List.of("", "[1, 1, ...]", "     [0]  [1]", "[0]   12   13", "[1]   14   15", "", "[0, 1, ...]"),
                lines.subList(1, 8));
    }

    @Test
    void whatIsTooMuchIsLeftOutInTheMiddle() throws IOException {
        Path wide = ArrayFiles.counting(folder.resolve("wide.npy"), "f8", 1000, 1000);
        List<String> lines = Tool.run("slice", wide).fine().lines();
        assertTrue(lines.size() < 50, lines.size() + " lines");
        assertTrue(lines.stream().skip(1).allMatch(line -> line.length() <= 100));
        assertTrue(lines.get(1).contains("[0]") && lines.get(1).contains("[999]"), lines.get(1));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("[999]")));
        assertTrue(lines.getLast().contains("left out"));
    }

    @Test
    void programsGetAllAndNotMoreThanTheyCanTake() throws IOException {
        Path wide = ArrayFiles.counting(folder.resolve("wide.npy"), "f8", 2000);
        List<?> values = (List<?>) Tool.run("slice", wide, "--json").json().get("values");
        assertEquals(2000, values.size());
        Path large = folder.resolve("large.npy");
        MappedArray.create(large, ArraySpec.of("u1", 1_000_001)).close();
        assertTrue(Tool.run("slice", large, "--json").details().contains("select fewer"));
    }

    /** 128 bytes of file; NumPy makes such an array, and nobody wants the lists. */
    @Test
    void emptyRowsByTheMillionAreNotPrinted() throws IOException {
        Path empty = folder.resolve("empty.npy");
        MappedArray.create(empty, ArraySpec.of("f8", 200_000_000, 0)).close();
        assertTrue(Tool.run("slice", empty, "--json").details().contains("select fewer"));
        assertTrue(Tool.run("slice", empty).fine().out().contains("(200000000, 0)"));
        assertEquals(List.of(), Tool.run("slice", empty, "0", "--json").json().get("values"));
    }

    @Test
    void everyTypeOfElementIsShown() throws IOException {
        Object[][] cases = {
            {"?", "true", true},
            {"i1", "1", new BigDecimal(1)},
            {"u8", "1", new BigDecimal(1)},
            {"f2", "1.0", new BigDecimal("1.0")},
            {"f4", "1.0", new BigDecimal("1.0")},
            {"c16", "1.0+0.0j", List.of(new BigDecimal("1.0"), new BigDecimal("0.0"))}
        };
        for (Object[] each : cases) {
            Path one = folder.resolve("one.npy");
            MappedArray.create(one, ArraySpec.of((String) each[0], 1), 1).close();
            assertEquals(
                    "[0]  " + each[1], Tool.run("slice", one).fine().lines().getLast());
            assertEquals(
                    List.of(each[2]), Tool.run("slice", one, "--json").json().get("values"));
        }
        Path third = folder.resolve("third.npy");
        MappedArray.save(third, new double[] {1 / 3.0, Double.NaN});
        assertTrue(Tool.run("slice", third).fine().out().contains("0.33333333\n"));
        assertEquals(
                "0.3333333333333333",
                Tool.run("slice", third, "0").fine().lines().getLast());
        assertTrue(Tool.run("slice", third, "--json").fine().out().contains("[0.3333333333333333, \"NaN\"]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a]", "[1:2:3:4]", "[::0]", "[1;2]"})
    void selectionsThatAreNoneAreMisuse(String selection) {
        assertTrue(Tool.run("slice", file, selection).misuse().contains("SELECTION '" + selection + "'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[4]", "[0,0,0]", "[..., ...]", "[:, -6]"})
    void selectionsThatAreNotThereAreRefused(String selection) {
        String said = Tool.run("slice", file, selection).details();
        assertTrue(said.contains(file.toString()) && said.contains("(4, 5)"), said);
    }
}
