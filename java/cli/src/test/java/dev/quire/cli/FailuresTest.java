package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.error.MemoryFaultException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private String report(Throwable failure, boolean debug) {
        assertEquals(1, new Failures(new PrintStream(said), () -> debug).report(failure));
        return said.toString().strip();
    }

    private static MemoryFaultException lost(Path file) throws IOException {
        Files.write(file, new byte[10_000]);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                FileChannel shorter = FileChannel.open(file, StandardOpenOption.WRITE)) {
            shorter.truncate(1);
            return assertThrows(MemoryFaultException.class, () -> map.bytes().toArray());
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "nobody can truncate a file there that is mapped")
    void refusalsAndFaultsAreTheirMessage(@TempDir Path folder) throws IOException {
        assertEquals("quire: no way", report(new IOException("no way"), false));
        said.reset();
        assertEquals("quire: no way", report(new UncheckedIOException(new IOException("no way")), false));
        said.reset();
        MemoryFaultException fault = lost(folder.resolve("cut"));
        assertEquals("quire: " + fault.getMessage(), report(fault, false));
    }

    @Test
    void exceptionsOfTheJdkThatAreOnlyAPathBecomeSentences() {
        assertEquals("quire: a: there is no such file", report(new NoSuchFileException("a"), false));
    }

    @Test
    void messagesAreOneLine() {
        assertEquals("quire: first; second", report(new IllegalStateException("first\n  second\n"), false));
    }

    @Test
    void theUnexpectedIsCalledADefect() {
        String line = report(new ClassCastException("odd"), false);
        assertTrue(line.contains("defect") && line.contains("odd") && line.contains("QUIRE_DEBUG"), line);
    }

    @Test
    void theStackIsShownOnDemandOnly() {
        assertEquals(1, report(new IOException("no"), false).lines().count());
        assertTrue(report(new IOException("no"), true).contains("at dev.quire.cli"));
        assertTrue(Tool.run("info", "missing", "--debug").err().contains("\tat "));
    }

    private String unwritten(String reason) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(reason);
            }
        };
        assertEquals(1, Main.run(broken, StandardCharsets.UTF_8, new PrintStream(said), "--version"));
        return said.toString();
    }

    @Test
    void aResultThatCannotBeWrittenIsAFailure() {
        assertEquals(
                "quire: the result could not be written: No space left on device",
                unwritten("No space left on device").strip());
    }

    @Test
    void aReaderThatHadEnoughIsNot() {
        assertEquals("", unwritten("Broken pipe"));
    }
}
