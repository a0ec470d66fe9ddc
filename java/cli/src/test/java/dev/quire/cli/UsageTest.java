package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line itself. */
class UsageTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tour",
                "doctor",
                "info",
                "stats",
                "slice",
                "convert",
                "create",
                "append",
                "residency",
                "evict",
                "touch",
                "scan",
                "tune"
            })
    void everyCommandExplainsItself(String command) {
        Tool help = Tool.run(command, "--help").fine();
        assertTrue(help.out().contains("Usage: quire " + command), help.out());
        assertTrue(help.out().contains("--json"), help.out());
        assertFalse(help.out().contains("--debug"), help.out());
        assertTrue(Tool.run("--help").fine().out().contains("\n  " + command + " "));
    }

    @Test
    void theVersionIsOneLine() {
        assertEquals(1, Tool.run("--version").fine().lines().size());
        assertTrue(Tool.run("--version").out().startsWith("quire "));
    }

    @Test
    void noCommandIsMisuse() {
        assertTrue(Tool.run().misuse().contains("which command?"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frob",
                "--frob",
                "info",
                "info a b",
                "info --frob a",
                "slice",
                "convert a",
                "create a",
                "append a",
                "stats --dtype f8"
            })
    void whatIsWrongIsSaid(String line) {
        Tool.run((Object[]) line.split(" ")).misuse();
    }

    @Test
    void whatWasPerhapsMeantIsSaid() {
        assertTrue(Tool.run("stat", "a").misuse().contains("stats"));
        assertTrue(Tool.run("info", "--jsno", "a").misuse().contains("--json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x9", "", "<", "f3", "U8", "datetime64", "O"})
    void dtypesThatAreNoneAreMisuse(String dtype) {
        String said = Tool.run("stats", "a", "--dtype", dtype).misuse();
        assertTrue(said.contains("'--dtype'") && said.contains("'" + dtype + "'"), said);
    }

    @Test
    void numbersOutOfReasonAreMisuse() {
        assertTrue(Tool.run("stats", "a", "--dtype", "f8", "--count", "-2")
                .misuse()
                .contains("-2"));
        assertTrue(Tool.run("stats", "a", "--dtype", "f8", "--shape", "4,x")
                .misuse()
                .contains("'4,x' is not a shape"));
        assertTrue(Tool.run("stats", "a", "--shape", "4").misuse().contains("--dtype"));
        assertTrue(Tool.run("stats", "a", "--dtype", "f8", "--offset", "-1")
                .misuse()
                .contains("'--offset'"));
        assertTrue(Tool.run("residency", "a", "--length", "1 apple").misuse().contains("'--length'"));
    }

    @Test
    void argumentsAreNotReadFromFiles(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("@list"), "--frob");
        assertEquals(6, Tool.number(Tool.run("info", file, "--json").json(), "fileBytes"));
        assertTrue(Tool.run("info", "@missing").details().contains("@missing"));
    }
}
