package dev.quire.internal;

import dev.quire.advice.Advice;
import dev.quire.advice.LibraryFacts;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** What a flight recording shows of the library. Nothing is computed and nothing is kept when no recording runs. */
final class Events {
    private static final String CATEGORY = "Quire";

    private Events() {}

    /**
     * Whether there has been a recording. Until then no event may be made: the first one costs the flight recorder's own
     * start, which is longer than everything else that the first mapping does.
     */
    static boolean on() {
        return FlightRecorder.isInitialized();
    }

    /** Begins an event, if there is one. */
    static void begin(@Nullable MemoryEvent event) {
        if (event != null) {
            event.begin();
        }
    }

    /** Ends an event, if there is one, and keeps it if a recording wants it. */
    static void done(@Nullable MemoryEvent event, Subject memory, long offset, long length, Object result, long bytes) {
        if (event != null) {
            event.done(memory, offset, length, result, bytes);
        }
    }

    /**
     * Makes the events of mapping: whoever maps names no class of them, so that none is loaded before there is a recording.
     * (The recorder loads an event's superclass while it changes the event: that cannot be the one that makes it.)
     */
    static final class Made {
        private Made() {}

        static MemoryEvent map() {
            return new MapEvent();
        }

        static MemoryEvent unmap() {
            return new UnmapEvent();
        }

        /** Tells the recording what serves this process, and each later one, at the first mapping of the process. */
        static void start() {
            Started.now();
        }
    }

    private static final class Started {
        static {
            new StartEvent().commit();
            FlightRecorder.addPeriodicEvent(StartEvent.class, () -> new StartEvent().commit());
        }

        private Started() {}

        static void now() {}
    }

    /** Which library serves this process, and how. Once in every part of a recording. */
    @Name("dev.quire.Start")
    @Label("Start")
    @Category(CATEGORY)
    @Period("beginChunk")
    @StackTrace(false)
    static final class StartEvent extends Event {
        @Label("Library")
        @Description("The file of the native library, or why there is none")
        final String library;

        @Label("Version")
        final String version;

        @Label("Healing")
        @Description("What becomes of accesses to lost pages of mapped files")
        final String healing;

        @Label("Kernels")
        @Description("The version of the code for reductions")
        final String kernels;

        StartEvent() {
            LibraryFacts facts = NativeLibrary.facts();
            library = facts.file().isEmpty() ? facts.origin() : facts.file();
            version = facts.version();
            healing = NativeLibrary.healing().name();
            kernels = facts.kernels();
        }
    }

    /** Of every event: which memory, which range of it, how long it took, and what came of it. */
    abstract static class MemoryEvent extends Event {
        @Label("Path or Description")
        String subject = "";

        @Label("Offset")
        @DataAmount
        long offset;

        @Label("Length")
        @DataAmount
        long length;

        @Label("Outcome")
        String outcome = "";

        @Label("Bytes It Took Effect On")
        @DataAmount
        long bytes;

        private void done(Subject memory, long at, long size, Object result, long effective) {
            end();
            if (shouldCommit()) {
                subject = memory.text();
                offset = at;
                length = size;
                outcome = result.toString();
                bytes = effective;
                commit();
            }
        }
    }

    @Name("dev.quire.Map")
    @Label("Map")
    @Category(CATEGORY)
    static final class MapEvent extends MemoryEvent {}

    @Name("dev.quire.Unmap")
    @Label("Unmap")
    @Category(CATEGORY)
    static final class UnmapEvent extends MemoryEvent {}

    @Name("dev.quire.Hint")
    @Label("Hint")
    @Category(CATEGORY)
    static final class HintEvent extends MemoryEvent {
        @Label("Advice")
        final String advice;

        HintEvent(Advice advice) {
            this.advice = advice.name();
        }
    }

    @Name("dev.quire.Populate")
    @Label("Populate")
    @Category(CATEGORY)
    static final class PopulateEvent extends MemoryEvent {}

    @Name("dev.quire.Prefetch")
    @Label("Prefetch")
    @Category(CATEGORY)
    static final class PrefetchEvent extends MemoryEvent {}

    @Name("dev.quire.Flush")
    @Label("Flush")
    @Category(CATEGORY)
    static final class FlushEvent extends MemoryEvent {}

    @Name("dev.quire.Lock")
    @Label("Lock")
    @Category(CATEGORY)
    static final class LockEvent extends MemoryEvent {}

    @Name("dev.quire.Evict")
    @Label("Evict")
    @Category(CATEGORY)
    static final class EvictEvent extends MemoryEvent {}

    @Name("dev.quire.Discard")
    @Label("Discard")
    @Category(CATEGORY)
    static final class DiscardEvent extends MemoryEvent {}

    @Name("dev.quire.Fault")
    @Label("Fault")
    @Category(CATEGORY)
    static final class FaultEvent extends MemoryEvent {}
}
