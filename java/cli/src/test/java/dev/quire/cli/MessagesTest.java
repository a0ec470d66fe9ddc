package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.array.MappedArray;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read: the file that they named, why, and what to do; nothing of the machine room. */
class MessagesTest {
    @TempDir
    private Path folder;

    /** Runs a line of sh in the folder, with the tool as {@code "$@"}. */
    private Tool shell(String line) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", line, "sh"));
        command.addAll(ProcessTest.command());
        Path out = Files.createTempFile("quire", ".out");
        Path err = Files.createTempFile("quire", ".err");
        try {
            int status = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start()
                    .waitFor();
            return new Tool(
                    status,
                    Files.readString(out, StandardCharsets.ISO_8859_1),
                    Files.readString(err, StandardCharsets.ISO_8859_1));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "stats --dtype f8", "residency", "evict", "touch", "slice", "scan"})
    void aMissingFileIsAMissingFile(String command) {
        Path missing = folder.resolve("none.npy");
        String said = Tool.run((Object[]) (command + " " + missing).split(" ")).details();
        assertTrue(said.contains(missing + ": there is no such file"), said);
        for (String inside : List.of("segment", "NOT_FOUND", "ENOENT", "ERROR_", "at 0", "at byte 0")) {
            assertFalse(said.contains(inside), said);
        }
    }

    @Test
    void temporaryNamesAreNobodysBusiness() throws Exception {
        Path array = folder.resolve("a.npy");
        MappedArray.save(array, new double[3]);
        for (Path target : List.of(
                folder.resolve("none").resolve("b.npy"),
                folder.resolve("x".repeat(300) + ".npy"),
                folder.resolve("a.npy").resolve("b.npy"))) {
            for (Tool failed :
                    List.of(Tool.run("create", target, "--shape", "3"), Tool.run("convert", array, target))) {
                String said = failed.details();
                assertTrue(said.contains(target.toString()), said);
                assertFalse(said.contains("quire-new"), said);
            }
        }
    }

    /** What fits the limit is written; what does not is refused, by its name. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no limit of file sizes")
    void aLimitOfFileSizesIsOnlyMetByFilesThatAreTooLong() throws Exception {
        MappedArray.save(folder.resolve("rows.npy"), new double[3]);
        MappedArray.save(folder.resolve("many.npy"), new double[1 << 18]);
        assertEquals(
                0,
                shell("ulimit -f 1024 && exec \"$@\" append rows.npy rows.npy").status());
        try (MappedArray rows = MappedArray.open(folder.resolve("rows.npy"), MapMode.READ_ONLY)) {
            assertEquals(6, rows.length());
        }
        for (String command :
                List.of("append rows.npy many.npy", "create new.npy --shape 1000000", "convert many.npy new.npy")) {
            String said = shell("ulimit -f 1024 && exec \"$@\" " + command).details();
            assertTrue(said.contains(command.contains("rows") ? "rows.npy" : "new.npy"), said);
            assertTrue(said.matches("(?s).*ulimit -f allows (524288|1048576) bytes.*"), said);
            assertFalse(said.contains("quire-new"), said);
        }
        assertFalse(Files.exists(folder.resolve("new.npy")));
    }

    /** {@code printf} in the shell writes the bytes; what Java's own locale is does not matter here. */
    @ParameterizedTest
    @CsvSource({
        "C, caf\\303\\251",
        "C.UTF-8, caf\\351",
        "C, caf\\351",
        "C.UTF-8, \\303\\251\\377x",
        "C, caf\\303\\251 \\351"
    })
    @EnabledOnOs(OS.LINUX)
    void everyNameIsTheNameThatWasTyped(String locale, String name) throws Exception {
        MappedArray.save(folder.resolve("plain.npy"), new double[] {1, 2, 3.5});
        String start = "LC_ALL=" + locale + "; export LC_ALL; name=$(printf '" + name + "'); ";
        assertEquals(0, shell(start + "cp plain.npy \"$name.npy\"").status());
        Tool found = shell(start + "exec \"$@\" stats \"$name.npy\"");
        assertEquals("", found.err());
        assertTrue(found.out().contains("3.5"), found.out());
        assertEquals("", shell(start + "exec \"$@\" info \"$PWD/$name.npy\"").err());
        assertEquals(
                "",
                shell(start + "exec \"$@\" convert plain.npy \"$name-2.npy\"").err());
        assertEquals(
                "",
                shell(start + "exec \"$@\" append \"$name-2.npy\" plain.npy").err());
        assertEquals(
                "",
                shell(start + "cat plain.npy plain.npy | cmp -n 24 -i 128 - \"$name-2.npy\"")
                        .out());
        assertEquals(0, shell(start + "test $(wc -c < \"$name-2.npy\") = 176").status());
        String missing = shell(start + "exec \"$@\" info \"$name-none.npy\"").details();
        assertTrue(missing.contains("-none.npy: there is no such file"), missing);
        assertTrue(missing.chars().noneMatch(Character::isISOControl) || missing.indexOf('\n') == missing.length() - 1);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*")) {
            assertFalse(files.iterator().hasNext(), "nothing hidden is left");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "info",
                "info --json",
                "stats",
                "stats --json",
                "residency",
                "evict",
                "touch",
                "slice",
                "scan",
                "frob",
                "clean"
            })
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its file systems have no such names")
    void nothingInANameReachesTheTerminal(String command) throws Exception {
        Path there = folder.resolve("\033[31mred\007\u009b1m.npy");
        MappedArray.save(there, new double[3]);
        Path missing = folder.resolve("\033]0;title\007\u202e.npy");
        for (Path file : List.of(there, missing)) {
            List<Object> words = new ArrayList<>(List.of((Object[]) command.split(" ")));
            words.add(file);
            Tool told = Tool.run(words.toArray());
            for (String said : List.of(told.out(), told.err())) {
                assertTrue(
                        said.chars().noneMatch(one -> Character.isISOControl(one) && one != '\n'),
                        () -> command + ": " + said.replace("\033", "ESC"));
            }
            assertFalse(told.err().contains("defect"), told.err());
        }
    }
}
