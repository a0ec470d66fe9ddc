package dev.quire.internal.backing;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

/** Only makes things faster. */
class LinkerStartTest {
    /** In a process group without room for another thread. */
    @Test
    void noThreadIsNoFailure() {
        Thread refused = new Thread() {
            @Override
            public void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        };
        assertFalse(LinkerStart.isStarted(refused));
    }
}
