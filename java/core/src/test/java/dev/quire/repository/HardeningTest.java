package dev.quire.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.testing.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code native/check-hardening.sh} refuses a library for each protection that it is built without. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HardeningTest {
    private static final List<String> PROTECTED = List.of(
            "-fPIC", "-fstack-protector-strong", "-fcf-protection", "-Wl,-z,relro", "-Wl,-z,now", "-Wl,-z,noexecstack");

    @TempDir
    private Path folder;

    @Test
    void whatIsProtectedPasses() throws Exception {
        assertEquals("", refusal(PROTECTED));
    }

    @ParameterizedTest
    @CsvSource({
        "'-Wl,-z,norelro', relocations writable",
        "'-Wl,-z,lazy', binds symbols late",
        "'-Wl,-z,execstack', executable stack",
        "'-Wl,-N -nodefaultlibs', writable and executable",
        "-fno-stack-protector, look after its stack",
        "-fcf-protection=none, calls may enter anywhere",
        "'-Wl,-rpath,/tmp', looks for libraries in a folder"
    })
    void whatIsNotIsNamed(String weakness, String named) throws Exception {
        List<String> flags = new ArrayList<>(PROTECTED);
        flags.addAll(List.of(weakness.split(" "))); // the last of its kind counts
        String refusal = refusal(flags);
        assertTrue(refusal.contains(named), refusal);
    }

    /** What the check says of a library that is compiled so; nothing if it passes. */
    private String refusal(List<String> flags) throws IOException, InterruptedException {
        Path source = Files.writeString(
                folder.resolve("probe.c"),
                "void fill(char *);\nint quire_probe(void) { char room[64]; fill(room); return room[1]; }\n");
        Path library = folder.resolve("libquire.so");
        List<String> compiler = new ArrayList<>(List.of("gcc", "-O1", "-shared", "-o", library.toString()));
        compiler.addAll(flags);
        compiler.add(source.toString());
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "no gcc");
        String[] compiled = run(compiler);
        assertEquals("0", compiled[0], compiled[1]);
        String[] checked = run(List.of(
                Repository.file("native/check-hardening.sh").toAbsolutePath().toString(), library.toString()));
        assertEquals(checked[1].contains("protected: "), checked[0].equals("0"), checked[1]);
        return checked[0].equals("0") ? "" : checked[1];
    }

    private static String[] run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new String[] {String.valueOf(process.waitFor()), printed};
    }
}
