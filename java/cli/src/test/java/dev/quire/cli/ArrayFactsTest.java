package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.params.provider.ValueSource;

/** {@code info} and {@code stats} on every format. */
class ArrayFactsTest {
    @TempDir
    private Path folder;

    private static List<BigDecimal> dims(long... lengths) {
        return Arrays.stream(lengths).mapToObj(BigDecimal::valueOf).toList();
    }

    private static void assertArray(Map<String, Object> facts, Object... named) {
        for (int i = 0; i < named.length; i += 2) {
            Object fact = facts.get(named[i]);
            Object expected = named[i + 1];
            assertEquals(
                    expected instanceof Number number ? BigDecimal.valueOf(number.longValue()) : expected,
                    fact,
                    named[i].toString());
        }
    }

    @Test
    void npyTellsItself() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), ">f4", Order.FORTRAN, 2, 3);
        Map<String, Object> facts = Tool.run("info", file, "--json").json();
        assertArray(facts, "format", "npy", "dtype", ">f4", "shape", dims(2, 3), "order", "F");
        assertArray(facts, "byteOrder", "big-endian", "dataOffset", 128, "dataBytes", 24, "fileBytes", 152);
    }

    @Test
    void mmapTellsItself() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.mmap"), "<i8", 7);
        Map<String, Object> facts = Tool.run("info", file, "--json").json();
        assertArray(facts, "format", "mmap", "dtype", "<i8", "shape", dims(7), "order", "C");
        assertArray(facts, "byteOrder", "little-endian", "dataOffset", 64, "dataBytes", 56, "fileBytes", 120);
    }

    @Test
    void rawIsWhatTheOptionsSay() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.raw"), "<i2", 12);
        Map<String, Object> facts = Tool.run(
                        "info", file, "--dtype", ">u2", "--shape", "-1,5", "--offset", 4, "--order", "F", "--json")
                .json();
        assertArray(facts, "format", "raw", "dtype", ">u2", "shape", dims(2, 5), "order", "F");
        assertArray(facts, "byteOrder", "big-endian", "dataOffset", 4, "dataBytes", 20, "fileBytes", 24);
        assertNull(Tool.run("info", file, "--json").json().get("format"));
    }

    @Test
    void membersOfAnArchiveAreListed() throws IOException {
        Path one = ArrayFiles.counting(folder.resolve("one.npy"), "<f8", 3);
        Path two = ArrayFiles.counting(folder.resolve("two.npy"), "u1", 2, 2);
        Path text = Files.writeString(folder.resolve("text"), "hello");
        Path file = ArrayFiles.archive(folder.resolve("all.npz"), true, one, two, text);
        Map<String, Object> facts = Tool.run("info", file, "--json").json();
        assertEquals("npz", facts.get("format"));
        assertEquals(3, ((List<?>) facts.get("members")).size());
        assertTrue(facts.get("members").toString().contains("two.npy"));
        Map<String, Object> member =
                Tool.run("info", file, "--member", "two", "--json").json();
        assertArray(member, "format", "npz", "dtype", "|u1", "shape", dims(2, 2), "byteOrder", "not applicable");
        assertArray(member, "dataBytes", 4, "fileBytes", Files.size(file));
        String shown = Tool.run("info", file).fine().out();
        assertTrue(shown.contains("one.npy: <f8") && shown.contains("text: not an array"), shown);
    }

    @Test
    void aMemberThatIsAloneNeedsNoName() throws IOException {
        Path one = ArrayFiles.counting(folder.resolve("one.npy"), "<f8", 3);
        Path file = ArrayFiles.archive(folder.resolve("one.npz"), true, one);
        assertArray(Tool.run("info", file, "--json").json(), "dtype", "<f8", "shape", dims(3));
        assertArray(Tool.run("stats", file, "--json").json(), "count", 3);
    }

    @Test
    void whatCannotBeMappedIsStillDescribed() throws IOException {
        Path words = ArrayFiles.npy(folder.resolve("words.npy"), "'<U3'", "(2,)", new byte[24]);
        Map<String, Object> facts = Tool.run("info", words, "--json").json();
        assertArray(facts, "format", "npy", "dtype", "<U3", "shape", dims(2), "dataBytes", 24);
        assertTrue(Tool.run("info", words).fine().out().contains("unicode strings"));
        assertTrue(Tool.run("stats", words).details().contains("unicode strings"));
        Path deflated = ArrayFiles.archive(folder.resolve("deflated.npz"), false, words);
        assertTrue(Tool.run("info", deflated).fine().out().contains("compressed"));
        assertTrue(Tool.run("stats", deflated).details().contains("numpy.savez"));
    }

    @ParameterizedTest
    @CsvSource({"?, 0, 1, 1", "i1, 0, 5, 15", "<u4, 0, 5, 15", ">i8, 0, 5, 15", ">f2, 0, 5, 15", "<f4, 0, 5, 15"})
    void everyDtypeHasStatistics(String dtype, int min, int max, int sum) throws IOException {
        long[] shape = dtype.equals("?") ? new long[] {2} : new long[] {2, 3};
        for (Order order : Order.values()) {
            Path file = ArrayFiles.counting(folder.resolve(order + ".npy"), dtype, order, shape);
            Map<String, Object> facts = Tool.run("stats", file, "--json").json();
            assertEquals(min, Tool.number(facts, "min"));
            assertEquals(max, Tool.number(facts, "max"));
            assertEquals(sum, Tool.number(facts, "sum"));
        }
    }

    @Test
    void emptyAndSingleElementsHaveStatistics() throws IOException {
        Path none = ArrayFiles.counting(folder.resolve("none.npy"), "f8", 3, 0);
        assertArray(Tool.run("stats", none, "--json").json(), "count", 0, "min", null, "mean", "NaN");
        Path one = ArrayFiles.counting(folder.resolve("one.npy"), "f8");
        assertArray(Tool.run("stats", one, "--json").json(), "count", 1);
    }

    /** As NumPy reads a[...]['o']['y']: the axes of the inner field come behind those of the outer. */
    @Test
    void aFieldOfAFieldIsChosenByBothNames() throws IOException {
        Path nested = ArrayFiles.npy(
                folder.resolve("nested.npy"),
                "[('o', [('x', '|u1'), ('y', '|u1', (2,))], (2,)), ('z', '|u1')]",
                "(1,)",
                new byte[] {1, 2, 3, 4, 5, 6, 7});
        String[] outer = {"slice", nested.toString(), "...", "--field", "o", "--json"};
        assertTrue(Tool.run((Object[]) outer).details().contains("--field o --field: x, y"));
        assertEquals(
                "[[[2, 3], [5, 6]]]",
                String.valueOf(Tool.run("slice", nested, "...", "--field", "o", "--field", "y", "--json")
                        .json()
                        .get("values")));
        assertTrue(Tool.run("stats", nested, "--field", "o", "--field", "w")
                .details()
                .contains("no field 'w'"));
        assertTrue(Tool.run("stats", nested, "--field", "z", "--field", "w")
                .details()
                .contains("no fields"));
    }

    @Test
    void oneOfManyIsChosenByName() throws IOException {
        Path pairs =
                ArrayFiles.npy(folder.resolve("pairs.npy"), "[('a', '|u1'), ('b', '|i1', (2,))]", "(2,)", new byte[] {
                    1, -2, 3, 4, -5, 6
                });
        assertArray(Tool.run("stats", pairs, "--field", "a", "--json").json(), "sum", 5, "count", 2, "bytes", 2);
        assertArray(Tool.run("stats", pairs, "--field", "b", "--json").json(), "sum", 2, "count", 4);
        assertTrue(Tool.run("stats", pairs).details().contains("--field: a, b"));
        assertTrue(Tool.run("stats", pairs, "--field", "c").details().contains("no field 'c'"));
        Path complex = ArrayFiles.counting(folder.resolve("c.npy"), "c8", 3);
        assertArray(Tool.run("stats", complex, "--field", "imag", "--json").json(), "count", 3);
        assertTrue(Tool.run("stats", complex).details().contains("--field real"));
        assertTrue(Tool.run("stats", complex, "--field", "a").details().contains("real and imag"));
        Path plain = ArrayFiles.counting(folder.resolve("p.npy"), "f8", 3);
        assertTrue(Tool.run("stats", plain, "--field", "a").details().contains("no fields"));
        Path both = ArrayFiles.archive(folder.resolve("both.npz"), true, complex, plain);
        assertTrue(Tool.run("stats", both).details().contains("--member: c.npy, p.npy"));
        assertTrue(Tool.run("stats", plain, "--member", "x").details().contains("not an archive"));
    }

    @Test
    void aHeaderIsNotTakenForNumbers() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<f8", 4);
        for (String command : List.of("info", "stats", "slice")) {
            assertTrue(Tool.run(command, file, "--dtype", "f8").details().contains("says itself what it holds"));
        }
        assertArray(
                Tool.run("stats", file, "--dtype", "f8", "--offset", 128, "--json")
                        .json(),
                "count",
                4);
        Path raw = ArrayFiles.counting(folder.resolve("a.raw"), "<f8", 4);
        assertTrue(Tool.run("stats", raw).details().contains("--dtype"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "stats", "slice"})
    void aDamagedFileIsRefused(String command) throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<f8", 4);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        String said = Tool.run(command, file).details();
        assertTrue(said.contains("truncated") && said.contains("160 bytes") && said.contains("159"), said);
        assertFalse(said.contains("openRaw"), said);
    }
}
