package dev.quire.internal;

import dev.quire.internal.backing.Subject;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * What a flight recording shows of the library. Nothing is computed and nothing is kept when no recording runs, and
 * nothing of the flight recorder is loaded then, nor where the runtime image does not have it.
 */
final class Events {
    private static final boolean AVAILABLE =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private Events() {}

    /**
     * Whether there has been a recording. Until then no event may be made: the first one costs the flight recorder's
     * own start, which is longer than everything else that the first mapping does.
     */
    static boolean on() {
        return AVAILABLE && FlightRecorder.isInitialized();
    }

    /** An event that has begun. */
    interface Span {
        /** Ends it, and keeps it if a recording wants it. */
        void end(Subject memory, long offset, long length, Object outcome, long bytes);
    }

    /** Ends an event, if there is one. */
    static void end(@Nullable Span event, Subject memory, long offset, long length, Object outcome, long bytes) {
        if (event != null) {
            event.end(memory, offset, length, outcome, bytes);
        }
    }
}
