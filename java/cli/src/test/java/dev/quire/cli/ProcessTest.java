package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Mapping;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The tool as a process of its own, as {@code scripts/quire} starts it. */
class ProcessTest {
    @TempDir
    private Path folder;

    /** The words of a command line that starts the tool. */
    static List<String> command(Object... arguments) {
        String path = Stream.of(Main.class, Mapping.class, CommandLine.class, ProgressBar.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                new ArrayList<>(List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", path, Main.class.getName()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return command;
    }

    private Tool quire(Object... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        int status = new ProcessBuilder(command(arguments))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        return new Tool(
                status, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    @Test
    void anArrayFromCreationToRefusal() throws IOException, InterruptedException {
        Path file = folder.resolve("a.npy");
        quire("create", file, "--shape", "2,3", "--dtype", ">i4", "--fill", "7").fine();
        quire("append", file, file).fine();
        Path copy = folder.resolve("copy.mmap");
        quire("convert", file, copy).fine();
        Map<String, Object> facts = quire("stats", copy, "--json").json();
        assertEquals(84, Tool.number(facts, "sum"));
        assertEquals("7", quire("slice", copy, "[-1,-1]").fine().lines().getLast());
        assertTrue(quire("slice", copy, "[4]").details().contains("(4, 3)"));
        quire("slice", copy, "[x]").misuse();
    }
}
