package dev.quire.internal;

import dev.quire.advice.Advice;
import dev.quire.advice.Answer;
import dev.quire.advice.ByteRange;
import dev.quire.advice.Durability;
import dev.quire.advice.Outcome;
import dev.quire.advice.Residency;
import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.internal.Events.DiscardEvent;
import dev.quire.internal.Events.EvictEvent;
import dev.quire.internal.Events.FlushEvent;
import dev.quire.internal.Events.HintEvent;
import dev.quire.internal.Events.LockEvent;
import dev.quire.internal.Events.MemoryEvent;
import dev.quire.internal.Events.PopulateEvent;
import dev.quire.internal.Events.PrefetchEvent;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with the pages of a region, each under a hold of its own. Calls that may take long go in slices, so that
 * a close or a resize is never held up for longer than one of them.
 */
public final class Pages {
    /** Long enough that the calls' own cost does not show, short enough to wait for. */
    private static final long SLICE = 64L << 20;

    /** For calls that only change how the operating system treats the range: they take no longer for more of it. */
    private static final long WHOLE = Long.MAX_VALUE;

    /** The JDK does not say which pages there are, let alone which are in memory. */
    private static final Residency UNKNOWN = new Residency(0, 0, false, new BitSet());

    private Pages() {}

    /** One slice of a call. */
    private interface Step {
        Outcome apply(long offset, long length) throws MappingException;
    }

    /** Gives a hint. A refusal of the system is an outcome; anything else would be a fault of ours, and is unchecked. */
    public static Outcome advise(Region region, long offset, long length, Advice advice) {
        Objects.requireNonNull(advice, "advice");
        boolean working = advice == Advice.WILLNEED || advice == Advice.COLLAPSE || advice == Advice.PAGEOUT;
        MemoryEvent event = Events.on() ? new HintEvent(advice) : null;
        if (event == null && !working && length > 0 && region.jdk() == null) {
            long taken = adviseBriefly(region, offset, length, advice);
            if (taken > 0) {
                return new Outcome(Answer.APPLIED, taken);
            }
        }
        try {
            return asked(
                    event,
                    region,
                    offset,
                    length,
                    working ? SLICE : WHOLE,
                    (at, bytes) -> NativeCalls.advise(region, at, bytes, advice));
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A hint's cost is the system's own call, and all that is added shows: no struct, and what is refused goes the long way. */
    private static long adviseBriefly(Region region, long offset, long length, Advice advice) {
        region.hold();
        try {
            Extent now = region.extent();
            boolean inside = offset >= 0 && offset <= now.length() - length;
            return inside ? NativeCalls.adviseBriefly(now, offset, length, advice) : 0;
        } finally {
            region.release();
        }
    }

    /** WILLNEED for many ranges in one call. */
    public static Outcome prefetch(Region region, List<ByteRange> ranges) {
        for (ByteRange range : ranges) {
            Objects.checkFromIndexSize(range.offset(), range.length(), region.length());
        }
        try {
            return asked(
                    Events.on() ? new PrefetchEvent() : null,
                    region,
                    0,
                    region.length(),
                    WHOLE,
                    (at, bytes) -> NativeCalls.prefetch(region, ranges));
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Brings pages in. */
    public static Outcome populate(Region region, long offset, long length, boolean write) throws MappingException {
        return asked(Events.on() ? new PopulateEvent() : null, region, offset, length, SLICE, (at, bytes) -> {
            if (write) {
                requireWritable(region, "populate for writing");
            }
            return NativeCalls.populate(region, at, bytes, write);
        });
    }

    /** Locks pages; if one slice is refused, the slices before it are unlocked again. */
    public static void lock(Region region, long offset, long length, boolean onFault) throws MappingException {
        region.requireNative("lock");
        long[] locked = new long[1];
        try {
            run(Events.on() ? new LockEvent() : null, region, offset, length, SLICE, (at, bytes) -> {
                NativeCalls.lock(region, at, bytes, onFault);
                locked[0] += bytes;
                return new Outcome(Answer.APPLIED, bytes);
            });
        } catch (Throwable refused) {
            undoLock(refused, region, offset, locked[0]);
            throw refused;
        }
    }

    /** What the caller hears is why the lock was refused, also if a close undid it first. */
    private static void undoLock(Throwable refused, Region region, long offset, long length) {
        try {
            if (length > 0) {
                unlock(region, offset, length);
            }
        } catch (MappingException | RuntimeException e) {
            refused.addSuppressed(e);
        }
    }

    /** Unlocks pages. */
    public static void unlock(Region region, long offset, long length) throws MappingException {
        Objects.checkFromIndexSize(offset, length, region.length());
        region.requireNative("unlock");
        region.hold();
        try {
            NativeCalls.unlock(region, offset, length);
        } finally {
            region.release();
        }
    }

    /** Asks which pages are in memory. */
    public static Residency residency(Region region, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, region.length());
        region.hold();
        try {
            return region.jdk() != null ? UNKNOWN : NativeCalls.residency(region, offset, length);
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        } finally {
            region.release();
        }
    }

    /** Writes changes back. */
    public static void flush(Region region, long offset, long length, Durability durability) throws MappingException {
        Objects.requireNonNull(durability, "durability");
        run(Events.on() ? new FlushEvent() : null, region, offset, length, SLICE, (at, bytes) -> {
            JdkFile jdk = region.jdk();
            if (jdk != null) {
                jdk.force(at, bytes);
            } else {
                NativeCalls.flush(region, at, bytes, durability);
            }
            return new Outcome(Answer.APPLIED, bytes);
        });
    }

    /** Drops pages and keeps the data. */
    public static Outcome evict(Region region, long offset, long length) throws MappingException {
        return asked(
                Events.on() ? new EvictEvent() : null,
                region,
                offset,
                length,
                WHOLE,
                (at, bytes) -> NativeCalls.evict(region, at, bytes));
    }

    /** Drops pages and the data. */
    public static Outcome discard(Region region, long offset, long length) throws MappingException {
        return asked(Events.on() ? new DiscardEvent() : null, region, offset, length, WHOLE, (at, bytes) -> {
            requireWritable(region, "discard");
            return NativeCalls.discard(region, at, bytes);
        });
    }

    /** Maps lost pages again where they are there again; which. Others may access the region meanwhile. */
    public static List<ByteRange> restore(Region region) throws MappingException {
        region.hold();
        try {
            return Faults.HEALED ? NativeCalls.restore(region) : List.of();
        } finally {
            region.release();
        }
    }

    /** Bytes of the file under the region now; -1 if it has none, is gone or was replaced. */
    public static long sizeNow(Region region) {
        region.hold();
        try {
            return NativeCalls.sizeNow(region);
        } finally {
            region.release();
        }
    }

    /** What the region's path names now. */
    public static FileStatus file(Region region) throws MappingException {
        return NativeCalls.fileStatus(region.subject());
    }

    /** Asks for something that may be had or not. */
    private static Outcome asked(
            @Nullable MemoryEvent event, Region region, long offset, long length, long slice, Step step)
            throws MappingException {
        if (region.jdk() != null) {
            return run(event, region, offset, length, WHOLE, (_, _) -> new Outcome(Answer.UNSUPPORTED, 0));
        }
        return run(event, region, offset, length, slice, step);
    }

    /** Under a hold. Also where the pages were made read-only later, which the operating system does not always mind. */
    private static void requireWritable(Region region, String operation) {
        if (!region.extent().writable()) {
            throw new ReadOnlyMemoryException(operation + " " + region.subject().text() + ": it is mapped read-only");
        }
    }

    private static Outcome run(
            @Nullable MemoryEvent event, Region region, long offset, long length, long slice, Step step)
            throws MappingException {
        Objects.checkFromIndexSize(offset, length, region.length());
        Events.begin(event);
        long done = Math.min(slice, length);
        Outcome all = held(region, offset, done, step);
        while (done < length) {
            long bytes = Math.min(slice, length - done);
            all = joined(all, held(region, offset + done, bytes, step));
            done += bytes;
        }
        Events.done(event, region.subject(), offset, length, all.answer(), all.bytes());
        return all;
    }

    private static Outcome held(Region region, long offset, long length, Step step) throws MappingException {
        region.hold();
        try {
            return step.apply(offset, length);
        } finally {
            region.release();
        }
    }

    /** Two answers of the same kind stay that; different ones mean that part of it was done. */
    static Outcome joined(Outcome first, Outcome second) {
        Answer answer = first.answer() == second.answer() ? first.answer() : Answer.PARTIAL;
        return new Outcome(answer, first.bytes() + second.bytes());
    }
}
