package dev.quire.internal;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** What a flight recording shows of the library. Nothing is computed and nothing is kept when no recording runs. */
final class Events {
    private static final String CATEGORY = "Quire";

    private Events() {}

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

        /** Ends the event and keeps it if a recording wants it. */
        final void done(Subject memory, long at, long size, Object result, long effective) {
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
        String advice = "";
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
