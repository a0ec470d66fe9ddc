package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong(-5);

    private void work(boolean terminal, long millis) {
        try (Progress progress = new Progress("work", 8 << 20, new PrintStream(shown), terminal, clock::get)) {
            progress.advance(1 << 20);
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
            progress.advance(1 << 20);
            progress.advance(6 << 20);
        }
    }

    @Test
    void shortWorkShowsNothing() {
        work(true, 999);
        assertEquals("", shown.toString());
    }

    @Test
    void whereNobodyLooksNothingIsShown() {
        work(false, 5000);
        assertEquals("", shown.toString());
    }

    @Test
    void longWorkShowsABar() {
        work(true, 1000);
        assertTrue(shown.toString().contains("work"), shown.toString());
        assertTrue(shown.toString().contains("8/8 MiB"), shown.toString());
    }
}
