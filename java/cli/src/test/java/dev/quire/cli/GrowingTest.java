package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.array.ArrayAppender;
import dev.quire.array.Order;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code create} and {@code append}. */
class GrowingTest {
    @TempDir
    private Path folder;

    private static List<BigDecimal> dims(long... lengths) {
        return Arrays.stream(lengths).mapToObj(BigDecimal::valueOf).toList();
    }

    @Test
    void zerosAreTheDefault() {
        Path file = folder.resolve("a.npy");
        Map<String, Object> facts =
                Tool.run("create", file, "--shape", "3,2", "--json").json();
        assertEquals("<f8", facts.get("dtype"));
        assertEquals(dims(3, 2), facts.get("shape"));
        assertEquals(48, Tool.number(facts, "bytes"));
        Map<String, Object> stats = Tool.run("stats", file, "--json").json();
        assertEquals(6, Tool.number(stats, "count"));
        assertEquals(new BigDecimal("0.0"), stats.get("max"));
    }

    @ParameterizedTest
    @CsvSource({
        "u8, 18446744073709551615, 18446744073709551615",
        "i8, -9223372036854775808, -9223372036854775808",
        "i8, 9007199254740993, 9007199254740993",
        ">i2, 1e3, 1000",
        "?, true, true",
        "f4, 0.1, 0.1",
        "f2, nan, NaN",
        ">f8, -inf, -Infinity",
        "c16, 2.5, 2.5+0.0j"
    })
    void anyValueOfTheTypeCanFillIt(String dtype, String value, String shown) {
        Path file = folder.resolve("a.npy");
        Tool.run("create", file, "--shape", "2,2", "--dtype", dtype, "--fill=" + value, "--order", "F")
                .fine();
        assertEquals("F", Tool.run("info", file, "--json").json().get("order"));
        assertEquals(shown, Tool.run("slice", file, "[-1,-1]").fine().lines().getLast());
    }

    @ParameterizedTest
    @CsvSource({
        "u1, 256",
        "u1, -1",
        "u8, -1",
        "i4, 1.5",
        "i8, 9223372036854775808",
        "f4, 1e39",
        "f8, x",
        "?, 2",
        "i4, nan"
    })
    void otherValuesAreMisuse(String dtype, String value) {
        Path file = folder.resolve("a.npy");
        String said = Tool.run("create", file, "--shape", "2", "--dtype", dtype, "--fill=" + value)
                .misuse();
        assertTrue(said.contains("'" + value + "' is not a value of"), said);
        assertTrue(Files.notExists(file));
    }

    @Test
    void theNameOrAnOptionTellsTheFormat() throws IOException {
        Tool.run("create", folder.resolve("a.mmap"), "--shape", "4", "--dtype", "f4")
                .fine();
        assertEquals(64 + 16, Files.size(folder.resolve("a.mmap")));
        Tool.run("create", folder.resolve("a.bin"), "--shape", "4", "--dtype", "f4", "--fill", "1")
                .fine();
        assertEquals(16, Files.size(folder.resolve("a.bin")));
        Tool.run("create", folder.resolve("a.npy"), "--shape", "4", "--dtype", "f4", "--format", "raw")
                .fine();
        assertEquals(16, Files.size(folder.resolve("a.npy")));
        assertTrue(Tool.run("create", folder.resolve("b.npy"), "--shape", "-1")
                .misuse()
                .contains("'--shape'"));
        assertTrue(Tool.run("create", folder.resolve("a.npy"), "--shape", "1")
                .details()
                .contains("--force"));
    }

    @Test
    void rowsComeBehind() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<i4", 2, 3);
        Path rows = ArrayFiles.counting(folder.resolve("rows.mmap"), "<f8", 1, 3);
        Map<String, Object> facts = Tool.run("append", file, rows, "--json").json();
        assertEquals(dims(2, 3), facts.get("shapeBefore"));
        assertEquals(dims(3, 3), facts.get("shape"));
        assertEquals(3, Tool.number(facts, "elements"));
        Path raw = Files.write(folder.resolve("row.raw"), new byte[] {9, 8, 7});
        String said = Tool.run("append", file, raw, "--dtype", "u1").fine().out();
        assertTrue(said.contains("from shape (3, 3) to (4, 3)"), said);
        assertEquals(
                JsonReader.value("[[0, 1, 2], [3, 4, 5], [0, 1, 2], [9, 8, 7]]"),
                Tool.run("slice", file, "--json").json().get("values"));
    }

    @Test
    void columnsComeBehindInFortranOrder() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<i4", Order.FORTRAN, 2, 3);
        Path columns = ArrayFiles.counting(folder.resolve("c.npy"), "<i4", 2, 1);
        assertEquals(
                dims(2, 4), Tool.run("append", file, columns, "--json").json().get("shape"));
    }

    @Test
    void whatDoesNotFitChangesNothing() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "u1", 2, 3);
        byte[] before = Files.readAllBytes(file);
        Path wide = ArrayFiles.counting(folder.resolve("wide.npy"), "u1", 2, 4);
        assertTrue(Tool.run("append", file, wide).details().contains("(2, 4) do not fit"));
        Path large = folder.resolve("large.npy");
        Tool.run("create", large, "--shape", "1,3", "--fill", "300").fine();
        assertTrue(Tool.run("append", file, large).details().contains("not a value of uint8"));
        try (ArrayAppender _ = ArrayAppender.open(file)) {
            assertTrue(Tool.run("append", file, file).details().contains("another writer"));
        }
        assertArrayEquals(before, Arrays.copyOf(Files.readAllBytes(file), before.length));
        assertEquals(6, Tool.number(Tool.run("stats", file, "--json").json(), "count"));
        Path mmap = ArrayFiles.counting(folder.resolve("a.mmap"), "f8", 3);
        assertTrue(Tool.run("append", mmap, mmap).details().contains("quire convert"));
    }
}
