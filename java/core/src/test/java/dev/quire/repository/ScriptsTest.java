package dev.quire.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code scripts/lib.sh} says before it installs anything, on a machine that has nothing but a package tool of
 * ours.
 */
@DisabledOnOs(OS.WINDOWS)
class ScriptsTest {
    @TempDir
    private Path machine;

    private Path shell;

    @BeforeEach
    void aRootWithAPackageTool() throws IOException {
        shell = Path.of("/bin/sh");
        tool("id", "echo 0");
        tool("apt-get", "echo apt-get \"$@\" >&2; exit 1"); // its output is shown because it fails
        tool("dirname", "echo scripts");
    }

    private void tool(String name, String commands) throws IOException {
        Path file = Files.writeString(machine.resolve(name), "#!/bin/sh\n" + commands + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    /** All that the script printed; it has to fail. */
    private String run(String function, String install) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                shell.toString(), "-c", "cd scripts && cd .. && . scripts/lib.sh && " + function, "scripts/verify");
        builder.directory(Repository.file(".").toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", machine.toString());
        builder.environment().put("HOME", machine.toString());
        builder.environment().put("QUIRE_INSTALL", install);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), printed);
        return printed;
    }

    @Test
    void whatIsMissingIsNamedBeforeItIsInstalled() throws Exception {
        for (String[] need :
                new String[][] {{"need_maven", "Maven", "maven"}, {"need_compiler", "C compiler", "gcc libc6-dev"}}) {
            String printed = run(need[0], "yes");
            int named = printed.indexOf(
                    "verify: no " + need[1] + " found; installing with apt-get: " + need[2] + " (QUIRE_INSTALL=no");
            int installed = printed.indexOf("apt-get update");
            assertTrue(named >= 0 && installed > named, printed);
        }
    }

    @Test
    void nothingIsInstalledWhenAskedNotTo() throws Exception {
        String printed = run("need_compiler", "no");
        assertFalse(printed.contains("apt-get update"), printed);
        assertTrue(printed.startsWith("verify: no C compiler found: install gcc"), printed);
    }
}
