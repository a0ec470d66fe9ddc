package dev.quire.internal.backing;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** The use of channels that an interrupt must not close. */
public final class InterruptGuard {
    private InterruptGuard() {}

    /** Uses a channel. */
    interface Use<T> {
        T run() throws IOException;
    }

    /**
     * Keeps the thread's interrupt flag away while a channel is used: the JDK would close it, for everybody. If an
     * interrupt comes while it is used, it is used again, and has to be opened anew. The thread gets its flag back.
     */
    static <T> T run(Use<T> use) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return use.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
