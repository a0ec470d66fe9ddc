package dev.quire.internal.backing;

import dev.quire.internal.ffi.QuireHeader;

/**
 * Sets up the JDK's linker for the calls that every mapping makes, on a thread of its own as soon as there is a
 * library. That takes longer than all the rest of a process's first mapping; it and those after it need not wait
 * ({@link FirstCalls}), and what comes then finds much of it done. Nothing depends on it: who needs the linker before
 * does the work, or waits for it.
 */
public final class LinkerStart implements Runnable {
    /** Set by the thread when the bindings' own handles are there. */
    private static volatile boolean done;

    private LinkerStart() {}

    /** Whether mapping and unmapping through the bindings costs no set-up any more. */
    static boolean isDone() {
        return done;
    }

    /** Called once, with the library loaded. */
    static void begin() {
        isStarted(new Thread(null, new LinkerStart(), "quire-start", 0, false));
    }

    /** Where no thread can be started, {@link FirstCalls} go on as they begin, and other calls set the linker up. */
    static boolean isStarted(Thread thread) {
        try {
            thread.setDaemon(true);
            thread.start();
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    @Override
    public void run() {
        QuireHeader.quire_map_file$handle();
        QuireHeader.quire_unmap$handle();
        done = true;
    }
}
