package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands that write do to what is there, and how they name what they make. */
class WritingTest {
    @TempDir
    private Path folder;

    private static byte[] output(int status, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        assertEquals(status, Main.run(out, StandardCharsets.UTF_8, errors, arguments));
        assertEquals("", err.toString(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(one);
        all.writeBytes(other);
        return all.toByteArray();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s.csv", "img.png", "plain", "x.npy.gz"})
    void anEndingThatIsNoFormatIsRefused(String name) throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<f8", 3);
        Path out = folder.resolve(name);
        assertTrue(Tool.run("convert", file, out).details().contains("--format"));
        assertTrue(Tool.run("create", out, "--shape", "3").details().contains("--format"));
        assertFalse(Files.exists(out));
        Tool.run("convert", file, out, "--format", "npy").fine();
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(out));
    }

    @Test
    void aDashIsStandardOutput() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<f8", 3, 4);
        assertArrayEquals(Files.readAllBytes(file), output(0, "convert", file.toString(), "-"));
        Path raw = folder.resolve("a.raw");
        Tool.run("convert", file, raw, "--dtype", ">i2").fine();
        assertArrayEquals(
                Files.readAllBytes(raw),
                output(0, "convert", file.toString(), "-", "--format", "raw", "--dtype", ">i2"));
        Path ones = folder.resolve("ones.npy");
        Tool.run("create", ones, "--shape", "2,2", "--fill", "1").fine();
        assertArrayEquals(Files.readAllBytes(ones), output(0, "create", "-", "--shape", "2,2", "--fill", "1"));
        assertEquals(128 + 32, output(0, "create", "-", "--shape", "2,2").length);
        assertTrue(Tool.run("convert", file, "-", "--json").misuse().contains("--json"));
        assertFalse(Files.exists(Path.of("-")));
    }

    @Test
    void aReaderThatHasEnoughEndsIt() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<f8", 300_000);
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        assertEquals(1, Main.run(closed, StandardCharsets.UTF_8, errors, "convert", file.toString(), "-"));
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNotRegularIsNotReplaced() throws Exception {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<f8", 3);
        Path fifo = folder.resolve("fifo.npy");
        assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0, "there is no mkfifo");
        for (String[] command : new String[][] {
            {"convert", file.toString(), fifo.toString(), "--force"},
            {"create", fifo.toString(), "--shape", "3", "--force"}
        }) {
            assertTrue(Tool.run((Object[]) command).details().contains("not a regular file"));
        }
        assertFalse(Files.isRegularFile(fifo));
        Path link = Files.createSymbolicLink(folder.resolve("link.npy"), file);
        assertTrue(Tool.run("create", link, "--shape", "3", "--force", "--no-follow")
                .details()
                .contains("link"));
        Tool.run("create", link, "--shape", "7", "--force").fine();
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(128 + 56, Files.size(file));
    }

    @Test
    void aReplacedFileKeepsItsMode() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<f8", 3);
        assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("posix"), "no permissions here");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Tool.run("convert", file, file, "--force", "--dtype", "f4").fine();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.createLink(folder.resolve("b.npy"), file);
        Tool warned = Tool.run("convert", file, file, "--force");
        assertEquals(0, warned.status());
        assertTrue(warned.err().startsWith("quire: " + file + ": replaced; "), warned.err());
    }

    @Test
    void infoTellsOfSurplusBytesAndAppendRefusesThem() throws IOException {
        Path file = ArrayFiles.counting(folder.resolve("a.npy"), "<f8", 2, 3);
        byte[] both = joined(Files.readAllBytes(file), Files.readAllBytes(file));
        Files.write(file, both);
        Path row = ArrayFiles.counting(folder.resolve("row.npy"), "<f8", 3);
        assertTrue(Tool.run("append", file, row).details().contains("176 bytes lie behind the array, from byte 176"));
        assertArrayEquals(both, Files.readAllBytes(file));
        Tool info = Tool.run("info", file).fine();
        assertTrue(info.out().contains("surplus      176 bytes behind the array: not part of it"), info.out());
        Map<String, Object> facts = Tool.run("info", file, "--json").json();
        assertEquals(176, Tool.number(facts, "surplusBytes"));
        assertEquals(false, facts.get("surplusIsInterruptedAppend"));
    }

    @Test
    void cleanRemovesLeftovers() throws IOException {
        Path left = Files.write(folder.resolve(".a.npy.0123456789abcdef.quire-new"), new byte[2048]);
        Path mine = Files.write(folder.resolve("a.quire-new"), new byte[1]);
        Path link = Files.createSymbolicLink(folder.resolve(".b.npy.0123456789abcdef.quire-new"), mine);
        Tool cleaned = Tool.run("clean", folder).fine();
        assertEquals(List.of(left + ": removed, 2 KiB", folder + ": 1 file removed, 2 KiB"), cleaned.lines());
        assertEquals(List.of(link, mine), files());
        assertEquals(0, Tool.number(Tool.run("clean", folder, "--json").json(), "removed"));
        assertTrue(Tool.run("clean", mine).details().contains("not a directory"));
        assertTrue(Tool.run("clean", folder.resolve("none")).details().contains("none"));
        assertTrue(Tool.run("--help").out().contains("quire clean DIR"));
    }

    @Test
    void aBadMemberHidesNoOther() throws IOException {
        Path good = ArrayFiles.counting(folder.resolve("a.npy"), "<f8", 3);
        Path bad = Files.writeString(folder.resolve("b.npy"), "this is not an array");
        Path archive = ArrayFiles.archive(folder.resolve("all.npz"), true, good, bad);
        Tool info = Tool.run("info", archive).fine();
        assertTrue(info.out().contains("member       a.npy: <f8"), info.out());
        assertTrue(info.out().contains("member       b.npy: cannot be read: " + archive + "!b.npy"), info.out());
        assertEquals(
                3,
                Tool.number(
                        Tool.run("stats", archive, "--member", "a", "--json").json(), "count"));
        assertTrue(Tool.run("stats", archive, "--member", "b").details().contains("b.npy"));
    }

    @Test
    void bytesBehindAnArchiveAreNotInTheWay() throws IOException {
        Path good = ArrayFiles.counting(folder.resolve("a.npy"), "<f8", 3);
        Path archive = ArrayFiles.archive(folder.resolve("all.npz"), true, good);
        Files.write(archive, joined(Files.readAllBytes(archive), new byte[345]));
        assertEquals(3, Tool.number(Tool.run("stats", archive, "--json").json(), "count"));
    }

    @Test
    void namesInFilesDoNotReachTheTerminalAsTheyAre() throws IOException {
        Path file =
                ArrayFiles.npy(folder.resolve("esc.npy"), "[('\u001b[2J', '<f8'), ('b', '<f8')]", "(1,)", new byte[16]);
        for (Object[] command : new Object[][] {
            {"info", file}, {"stats", file}, {"stats", file, "--field", "\u001b]0;x"}, {"slice", file}
        }) {
            Tool run = Tool.run(command);
            assertFalse((run.out() + run.err()).contains("\u001b"), () -> run.out() + run.err());
            assertTrue((run.out() + run.err()).contains("\\x1b[2J"), () -> run.out() + run.err());
        }
    }
}
