package dev.quire.internal;

import dev.quire.hint.Hint;
import dev.quire.hint.LibraryFacts;
import dev.quire.hint.Statistics;
import dev.quire.internal.Events.Span;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.backing.Subject;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/**
 * The events for the flight recorder. Only what asks {@link Events#on} first comes here, and it names none of the
 * classes of events: none is loaded before there is a recording. (The recorder loads an event's superclass while it
 * changes the event, so that class cannot make events.)
 */
final class JfrEvents {
    private static final String CATEGORY = "Quire";

    private JfrEvents() {}

    private static Span begun(MemoryEvent event) {
        event.begin();
        return event;
    }

    /** Tells the recording what serves this process, and each later one, at the first mapping of the process. */
    static void start() {
        Started.now();
    }

    private static final class Started {
        static {
            new StartEvent().commit();
            FlightRecorder.addPeriodicEvent(StartEvent.class, () -> new StartEvent().commit());
            FlightRecorder.addPeriodicEvent(StatisticsEvent.class, () -> new StatisticsEvent().commit());
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
            LibraryFacts facts = LibraryQuery.facts();
            library = facts.file().isEmpty() ? facts.origin() : facts.file();
            version = facts.version();
            healing = NativeLibrary.healing().name();
            kernels = facts.kernels();
        }
    }

    /** What was asked of pages since the process began. */
    @Name("dev.quire.Statistics")
    @Label("Statistics")
    @Category(CATEGORY)
    @Period("10 s")
    @StackTrace(false)
    static final class StatisticsEvent extends Event {
        @Label("Hints")
        @Description("How many times each hint was given, by outcome")
        final String hints;

        @Label("Populated")
        @DataAmount
        final long populatedBytes;

        @Label("Prefetched")
        @DataAmount
        final long prefetchedBytes;

        @Label("Evicted")
        @DataAmount
        final long evictedBytes;

        @Label("Batches")
        final long batches;

        @Label("Reads in Place")
        final long inPlaceReads;

        @Label("Mapped Reads")
        final long mappedReads;

        @Label("Direct Reads")
        final long directReads;

        @Label("Buffered Reads")
        final long bufferedReads;

        @Label("Waits")
        final long waits;

        StatisticsEvent() {
            Statistics now = Counters.ofProcess();
            hints = now.hints().toString();
            populatedBytes = now.populatedBytes();
            prefetchedBytes = now.prefetchedBytes();
            evictedBytes = now.evictedBytes();
            batches = now.batches();
            inPlaceReads = now.inPlaceReads();
            mappedReads = now.mappedReads();
            directReads = now.directReads();
            bufferedReads = now.bufferedReads();
            waits = now.waits();
        }
    }

    static Span hint(Hint hint) {
        return begun(new HintEvent(hint));
    }

    static Span map() {
        return begun(new MapEvent());
    }

    static Span unmap() {
        return begun(new UnmapEvent());
    }

    static Span resize() {
        return begun(new ResizeEvent());
    }

    static Span protect() {
        return begun(new ProtectEvent());
    }

    static Span seal() {
        return begun(new SealEvent());
    }

    static Span freeze() {
        return begun(new FreezeEvent());
    }

    static Span restore() {
        return begun(new RestoreEvent());
    }

    static Span populate() {
        return begun(new PopulateEvent());
    }

    static Span prefetch() {
        return begun(new PrefetchEvent());
    }

    static Span flush() {
        return begun(new FlushEvent());
    }

    static Span lock() {
        return begun(new LockEvent());
    }

    static Span evict() {
        return begun(new EvictEvent());
    }

    static Span discard() {
        return begun(new DiscardEvent());
    }

    static Span fault() {
        return begun(new FaultEvent());
    }

    /** Of every event: which memory, which range of it, how long it took, and what came of it. */
    abstract static class MemoryEvent extends Event implements Span {
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

        @Override
        public void end(Subject memory, long at, long size, Object result, long effective) {
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

    @Name("dev.quire.Resize")
    @Label("Resize")
    @Category(CATEGORY)
    static final class ResizeEvent extends MemoryEvent {}

    @Name("dev.quire.Protect")
    @Label("Protect")
    @Category(CATEGORY)
    static final class ProtectEvent extends MemoryEvent {}

    @Name("dev.quire.Seal")
    @Label("Seal")
    @Category(CATEGORY)
    static final class SealEvent extends MemoryEvent {}

    @Name("dev.quire.Freeze")
    @Label("Freeze")
    @Category(CATEGORY)
    static final class FreezeEvent extends MemoryEvent {}

    @Name("dev.quire.Restore")
    @Label("Restore")
    @Category(CATEGORY)
    static final class RestoreEvent extends MemoryEvent {}

    @Name("dev.quire.Hint")
    @Label("Hint")
    @Category(CATEGORY)
    static final class HintEvent extends MemoryEvent {
        @Label("Hint")
        final String hint;

        HintEvent(Hint hint) {
            this.hint = hint.name();
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
