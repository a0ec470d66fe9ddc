package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Runs the tool as the command line does, inside this virtual machine. */
record Tool(int status, String out, String err) {
    static Tool run(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] texts = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        int status = Main.run(out, StandardCharsets.UTF_8, new PrintStream(err, false, StandardCharsets.UTF_8), texts);
        return new Tool(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** It went well, and nothing was said beside the result. */
    Tool fine() {
        assertEquals("", err);
        assertEquals(0, status);
        return this;
    }

    /** The data or the system said no: one line, no result. */
    String details() {
        assertEquals(1, status, err);
        assertEquals("", out);
        assertEquals(1, err.lines().count(), err);
        assertSentence(err);
        return err;
    }

    /** The command line was wrong. */
    String misuse() {
        assertEquals(2, status, err);
        assertEquals("", out);
        assertSentence(err);
        assertTrue(err.contains("Try: quire"), err);
        return err;
    }

    private static void assertSentence(String err) {
        assertTrue(err.startsWith("quire: "), err);
        assertFalse(err.contains("Exception"), err);
    }

    List<String> lines() {
        return out.lines().toList();
    }

    Map<String, Object> json() {
        fine();
        assertEquals(1, lines().size(), out);
        return JsonReader.object(out);
    }

    static long number(Map<String, Object> facts, String name) {
        return ((Number) facts.get(name)).longValue();
    }
}
