package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that cannot be mapped, in every command that takes one. */
class RefusedFilesTest {
    @TempDir
    private Path folder;

    private static String failure(String command, Path file) {
        Object[] arguments = Stream.concat(Arrays.stream(command.split(" ")), Stream.of(file))
                .toArray();
        String said = assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> Tool.run(arguments).details());
        assertTrue(said.contains(file.toString()), said);
        return said;
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "stats --dtype f8", "residency", "evict", "touch"})
    void missing(String command) {
        assertTrue(failure(command, folder.resolve("missing \u00e9")).contains("no such file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "stats --dtype f8", "residency", "evict", "touch", "tour"})
    void directory(String command) {
        assertTrue(failure(command, folder).contains("directory"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "stats --dtype f8", "residency", "evict", "touch", "tour"})
    void pipe(String command) throws Exception {
        Path pipe = folder.resolve("pipe");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo");
        assertEquals(
                0,
                new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor());
        assertTrue(failure(command, pipe).contains("cannot be mapped"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "stats --dtype f8", "residency", "evict", "touch"})
    void fileOfTheKernel(String command) {
        Path maps = Path.of("/proc/self/maps");
        assumeTrue(Files.exists(maps), "no /proc");
        assertTrue(failure(command, maps).contains("cannot be mapped"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"residency", "evict", "touch", "stats --dtype u1"})
    void beyondTheEnd(String command) throws Exception {
        Path file = Files.write(folder.resolve("short"), new byte[10]);
        assertTrue(failure(command + " --offset 11", file).matches("(?s).*(10 bytes|the file has 10).*"));
        String length = command.startsWith("stats") ? " --count 8" : " --length 8";
        assertTrue(failure(command + " --offset 3" + length, file).matches("(?s).*(10 bytes|the file has 10).*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "stats --dtype f8", "residency", "evict", "touch"})
    void anEmptyFileIsFine(String command) throws Exception {
        Path file = Files.createFile(folder.resolve("empty"));
        Object[] arguments = Stream.concat(Arrays.stream(command.split(" ")), Stream.of(file))
                .toArray();
        assertTrue(Tool.run(arguments).fine().out().contains(file.toString()));
    }
}
