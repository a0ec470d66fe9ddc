package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.array.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvertCommandTest {
    @TempDir
    private Path folder;

    private static Object values(Path file, Object... raw) {
        Object[] command = Stream.concat(Stream.of("slice", file, "--json"), Stream.of(raw))
                .toArray();
        return Tool.run(command).json().get("values");
    }

    static Stream<String> formats() {
        return Stream.of("npy", "mmap", "raw");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void thereAndBackIsTheSameFile(String format) throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), ">f8", 3, 4);
        Path other = folder.resolve("other." + format);
        Path back = folder.resolve("back.npy");
        Tool.run("convert", file, other).fine();
        boolean raw = format.equals("raw");
        String[] options = raw ? new String[] {"--from-dtype", ">f8", "--from-shape", "-1,4"} : new String[0];
        Object[] command = Stream.concat(Stream.of("convert", other, back, "--byte-order", "big"), Stream.of(options))
                .toArray();
        Tool.run(command).fine();
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(back));
    }

    @Test
    void typeAndOrdersChangeAndValuesStay() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<i8", 3, 4);
        Path out = folder.resolve("out.npy");
        Map<String, Object> facts = Tool.run("convert", file, out, "--dtype", ">f4", "--order", "F", "--json")
                .json();
        assertEquals("npy", facts.get("format"));
        assertEquals(">f4", facts.get("dtype"));
        assertEquals("F", facts.get("order"));
        assertEquals("big-endian", facts.get("byteOrder"));
        assertEquals(48, Tool.number(facts, "bytes"));
        Map<String, Object> found = Tool.run("info", out, "--json").json();
        for (String name : List.of("format", "dtype", "shape", "order", "byteOrder")) {
            assertEquals(facts.get(name), found.get(name));
        }
        assertEquals(
                values(file).toString().replaceAll("\\d+", "$0.0"), values(out).toString());
    }

    @Test
    void rawIsInTheSequenceOfCUnlessOrderSaysOtherwise() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "u1", Order.FORTRAN, 2, 3);
        Path out = folder.resolve("out.raw");
        Tool.run("convert", file, out).fine();
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5}, Files.readAllBytes(out));
        Tool.run("convert", file, out, "--order", "F", "--force").fine();
        assertArrayEquals(new byte[] {0, 3, 1, 4, 2, 5}, Files.readAllBytes(out));
        assertEquals(values(file), values(out, "--dtype", "u1", "--shape", "2,3", "--order", "F"));
        Path copy = folder.resolve("copy.npy");
        Tool.run("convert", file, copy).fine();
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(copy));
    }

    @Test
    void oneMemberOrFieldComesOut() throws IOException {
        Path complex = ArrayFiles.counting(folder.resolve("c.npy"), "c8", 3);
        Path plain = ArrayFiles.counting(folder.resolve("p.npy"), "i2", 3);
        Path archive = ArrayFiles.archive(folder.resolve("all.npz"), true, complex, plain);
        Path out = folder.resolve("out.npy");
        Tool.run("convert", archive, out, "--member", "p").fine();
        assertArrayEquals(Files.readAllBytes(plain), Files.readAllBytes(out));
        Tool.run("convert", archive, out, "--member", "c", "--field", "real", "--dtype", "i2", "--force")
                .fine();
        assertArrayEquals(Files.readAllBytes(plain), Files.readAllBytes(out));
        assertTrue(Tool.run("convert", complex, out, "--dtype", "f8", "--force")
                .details()
                .contains("--field real"));
        assertArrayEquals(Files.readAllBytes(plain), Files.readAllBytes(out));
    }

    @Test
    void valuesThatTheTypeDoesNotHaveAreRefused() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "f8", 300);
        Path out = folder.resolve("out.npy");
        String said = Tool.run("convert", file, out, "--dtype", "u1").details();
        assertTrue(said.contains("256") && said.contains("uint8") && said.contains("--dtype"), said);
        assertFalse(Files.exists(out));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList());
        }
    }

    @Test
    void whatIsThereIsReplacedOnlyByForce() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "f8", 3);
        Path out = Files.writeString(folder.resolve("out.npy"), "precious");
        assertTrue(Tool.run("convert", file, out).details().contains("--force"));
        assertEquals("precious", Files.readString(out));
        Tool.run("convert", file, file, "--dtype", "f4", "--force").fine();
        assertEquals("<f4", Tool.run("info", file, "--json").json().get("dtype"));
    }

    @Test
    void targetsThatCannotBeAreRefusedWithAWayOut() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "f2", 3);
        assertTrue(Tool.run("convert", file, folder.resolve("a.npz")).details().contains("name the file .npy"));
        assertTrue(Tool.run("convert", file, folder.resolve("a.mmap")).details().contains("f4, f8, i4 and i8"));
        assertTrue(Tool.run("convert", file, folder.resolve("none/a.npy"))
                .details()
                .contains("no directory"));
        assertTrue(Tool.run("convert", file, folder).details().contains("a directory"));
        assertTrue(Tool.run("convert", file, folder.resolve("b.mmap"), "--dtype", ">f4")
                .details()
                .contains("little-endian"));
        Path raw = ArrayFiles.counting(folder.resolve("a.raw"), "f8", 3);
        assertTrue(Tool.run("convert", raw, folder.resolve("b.npy")).details().contains("--from-dtype"));
        assertTrue(Tool.run("convert", raw, folder.resolve("b.npy"), "--from-shape", "3")
                .misuse()
                .contains("--from-dtype"));
        assertTrue(Tool.run("convert", file, folder.resolve("b.npy"), "--format", "npz")
                .misuse()
                .contains("npy, mmap"));
        assertTrue(Tool.run("convert", file, folder.resolve("b.npy"), "--order", "D")
                .misuse()
                .contains("C or F"));
        assertTrue(Tool.run("convert", file, folder.resolve("b.npy"), "--byte-order", "x")
                .misuse()
                .contains("little or big"));
    }
}
