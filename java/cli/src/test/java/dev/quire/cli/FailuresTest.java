package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.MemoryFaultException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private String report(Throwable failure, boolean debug) {
        assertEquals(1, new Failures(new PrintStream(said), () -> debug).report(failure));
        return said.toString().strip();
    }

    @Test
    void refusalsAndFaultsAreTheirMessage() {
        assertEquals("quire: no way", report(new IOException("no way"), false));
        said.reset();
        assertEquals("quire: no way", report(new UncheckedIOException(new IOException("no way")), false));
        said.reset();
        assertEquals("quire: cut", report(new MemoryFaultException("cut", "a", 0, 1, 0, new InternalError()), false));
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
