package dev.quire.internal;

import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.internal.Counters.Count;
import dev.quire.internal.Events.Span;
import dev.quire.internal.backing.Extent;
import dev.quire.internal.backing.FileStatus;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.door.ErrorDoor;
import dev.quire.internal.ffi.QuireHeader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with the pages of a region, each under a hold of its own. Calls that may take long go in slices, so
 * that a close or a resize is never held up for longer than one of them.
 */
public final class Pages {
    /** Long enough that the calls' own cost does not show, short enough to wait for. */
    private static final long SLICE = 64L << 20;

    /** For calls that only change how the operating system treats the range: they take no longer for more of it. */
    private static final long WHOLE = Long.MAX_VALUE;

    private static final Outcome NOTHING = new Outcome(HintResult.IGNORED, 0);

    private Pages() {}

    /** One slice of a call. */
    private interface Step {
        Outcome apply(long offset, long length) throws MappingException;
    }

    @SuppressWarnings("EnumOrdinal") // hints stand in the order of the numbers in quire.h; a test compares them
    private static boolean isSlow(Hint hint) {
        return (QuireHeader.QUIRE_SLOW_HINTS() >> hint.ordinal() & 1) != 0;
    }

    /**
     * Gives a hint. An error of the system is an outcome: IGNORED.
     */
    public static Outcome advise(Region region, long offset, long length, Hint hint) {
        Objects.requireNonNull(hint, "hint");
        boolean slow = region.isNative() && isSlow(hint);
        Span event = Events.on() ? JfrEvents.hint(hint) : null;
        if (event == null && !slow && length > 0) {
            long taken = adviseBriefly(region, offset, length, hint);
            if (taken > 0) {
                region.counters().add(hint, HintResult.APPLIED);
                return new Outcome(HintResult.APPLIED, taken);
            }
        }
        long slice = slow ? SLICE : WHOLE;
        try {
            Outcome all = hint == Hint.WILLNEED
                    ? adviseWillNeed(region, offset, length, slice)
                    : inSlices(region, offset, length, slice, (at, bytes) -> give(region, at, bytes, hint, false));
            Events.end(event, region.subject(), offset, length, all.result(), all.bytes());
            return region.counters().counted(hint, all);
        } catch (MappingException e) {
            return region.counters().counted(hint, NOTHING);
        }
    }

    /**
     * Only with the last slice does the C layer look how long the file is now: if that slice is there, so are those
     * before it. If it is not, each is looked at.
     */
    private static Outcome adviseWillNeed(Region region, long offset, long length, long slice) throws MappingException {
        long end = offset + length;
        boolean[] isShort = new boolean[1];
        Outcome all = inSlices(region, offset, length, slice, (at, bytes) -> {
            boolean isLast = at + bytes == end;
            Outcome given = give(region, at, bytes, Hint.WILLNEED, isLast);
            isShort[0] = isLast && !given.isComplete();
            return given;
        });
        return isShort[0] && length > slice
                ? inSlices(region, offset, length, slice, (at, bytes) -> give(region, at, bytes, Hint.WILLNEED, true))
                : all;
    }

    /** A hint that the system has no room for, an area more or memory for it, is not given. */
    private static Outcome give(Region region, long offset, long length, Hint hint, boolean looks) {
        try {
            return region.backing().advise(region.extent(), offset, length, hint, looks);
        } catch (MappingException e) {
            return NOTHING;
        }
    }

    /**
     * A hint's cost is the system's own call, and all that is added shows: no struct, and what is refused goes the long
     * way.
     */
    private static long adviseBriefly(Region region, long offset, long length, Hint hint) {
        region.hold();
        try {
            Extent now = region.extent();
            boolean inside = offset >= 0 && offset <= now.length() - length;
            return inside ? region.backing().adviseBriefly(now, offset, length, hint) : 0;
        } finally {
            long left = Region.STILL_COUNTED; // as Region.held does, without its cost
            try {
                left = region.less(Region.HOLD);
            } finally {
                if (left == Region.STILL_COUNTED) {
                    synchronized (region) {
                        region.owed++;
                    }
                }
            }
            region.gone(left);
        }
    }

    /** WILLNEED for many ranges in one call. */
    public static Outcome prefetch(Region region, List<ByteRange> ranges) {
        List<ByteRange> asked = copied(ranges, region);
        try {
            Outcome all = run(
                    Events.on() ? JfrEvents.prefetch() : null,
                    region,
                    0,
                    region.length(),
                    WHOLE,
                    (at, bytes) -> region.backing().prefetch(region.extent(), asked));
            return region.counters().counted(Hint.WILLNEED, all);
        } catch (MappingException e) {
            return region.counters().counted(Hint.WILLNEED, NOTHING);
        }
    }

    /**
     * Checked ranges of a list that is gone through once: it may change meanwhile, and what it said of its size would
     * not hold.
     */
    static List<ByteRange> copied(List<ByteRange> ranges, Region region) {
        List<ByteRange> copy = new ArrayList<>();
        for (ByteRange range : ranges) {
            region.requireInside(range.offset(), range.length());
            copy.add(range);
        }
        return copy;
    }

    /**
     * What is done in slices is refused as a whole where there is not enough memory for it: pages that came in before
     * a refusal would stay.
     */
    private static void requireMemory(Region region, long offset, long length, int use) throws MappingException {
        region.requireInside(offset, length);
        if (length > SLICE) {
            region.held(() -> {
                region.backing().checkMemory(region.extent(), offset, length, use);
                return region;
            });
        }
    }

    /** Brings pages in. */
    public static Outcome populate(Region region, long offset, long length, boolean write) throws MappingException {
        region.requireInside(offset, length);
        if (write) {
            requireWritable(region, "populate for writing");
        }
        requireMemory(region, offset, length, write ? MapFlags.USE_WRITE : MapFlags.USE_READ);
        Outcome all = run(Events.on() ? JfrEvents.populate() : null, region, offset, length, SLICE, (at, bytes) -> {
            if (write) {
                requireWritable(region, "populate for writing");
            }
            return region.backing().populate(region.extent(), at, bytes, write);
        });
        region.counters().add(Count.POPULATED_BYTES, all.bytes());
        return all;
    }

    /** Locks pages; if one slice is refused, the slices before it are unlocked again. */
    public static void lock(Region region, long offset, long length, boolean onFault) throws MappingException {
        if (!onFault) {
            requireMemory(region, offset, length, MapFlags.USE_LOCK);
        }
        long[] locked = new long[1];
        try {
            run(Events.on() ? JfrEvents.lock() : null, region, offset, length, SLICE, (at, bytes) -> {
                region.backing().lock(region.extent(), at, bytes, onFault);
                locked[0] += bytes;
                return new Outcome(HintResult.APPLIED, bytes);
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
        region.requireInside(offset, length);
        region.held(() -> {
            region.backing().unlock(region.extent(), offset, length);
            return region;
        });
    }

    /**
     * Asks which pages are in memory, slice by slice: a close waits for one of them, and ends the asking. Slices end
     * where pages do.
     */
    public static Residency residency(Region region, long offset, long length) {
        region.requireInside(offset, length);
        List<Residency> answers = new ArrayList<>();
        long done = 0;
        do {
            long at = offset + done;
            long most = length - done;
            done += region.held(() -> addResidency(region, at, most, answers));
        } while (done < length);
        return answers.size() == 1 ? answers.getFirst() : Residency.joined(answers);
    }

    /** Adds the answer for the next slice; its bytes. */
    private static long addResidency(Region region, long offset, long most, List<Residency> answers) {
        Extent now = region.extent();
        boolean isNative = region.backing().isNative();
        long slice = isNative ? Math.max(SLICE, now.pageSize()) : WHOLE;
        long skip = isNative ? Math.floorMod(now.address() + offset, now.pageSize()) : 0;
        long bytes = Math.min(slice - skip, most);
        try {
            answers.add(region.backing().residency(now, offset, bytes));
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    /** Whether every page of a range is in memory: asks slice by slice, until one is not. */
    public static boolean isResident(Region region, long offset, long length) {
        region.requireInside(offset, length);
        for (long done = 0; done < length; ) {
            long at = offset + done;
            long bytes = Math.min(SLICE, length - done);
            if (!region.held(() -> isSliceResident(region, at, bytes))) {
                return false;
            }
            done += bytes;
        }
        return true;
    }

    private static boolean isSliceResident(Region region, long offset, long length) {
        try {
            return region.backing().isResident(region.extent(), offset, length);
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes changes back. */
    public static void flush(Region region, long offset, long length, Durability durability) throws MappingException {
        Objects.requireNonNull(durability, "durability");
        run(Events.on() ? JfrEvents.flush() : null, region, offset, length, SLICE, (at, bytes) -> {
            region.backing().flush(region.extent(), at, bytes, durability);
            return new Outcome(HintResult.APPLIED, bytes);
        });
    }

    /** Drops pages and keeps the data. */
    public static Outcome evict(Region region, long offset, long length) throws MappingException {
        Outcome all = run(
                Events.on() ? JfrEvents.evict() : null,
                region,
                offset,
                length,
                WHOLE,
                (at, bytes) -> region.backing().evict(region.extent(), at, bytes));
        region.counters().add(Count.EVICTED_BYTES, all.bytes());
        return all;
    }

    /** Drops pages and the data. */
    public static Outcome discard(Region region, long offset, long length) throws MappingException {
        return run(Events.on() ? JfrEvents.discard() : null, region, offset, length, WHOLE, (at, bytes) -> {
            requireWritable(region, "discard");
            return region.backing().discard(region.extent(), at, bytes);
        });
    }

    /** Maps lost pages again where they are there again; which. Others may access the region meanwhile. */
    public static List<ByteRange> restore(Region region) throws MappingException {
        if (!Faults.HEALED) {
            return List.of();
        }
        Span event = Events.on() ? JfrEvents.restore() : null;
        List<ByteRange> returned = region.held(() -> region.backing().restore(region.extent()));
        long bytes = returned.stream().mapToLong(ByteRange::length).sum();
        Events.end(event, region.subject(), 0, region.length(), returned.size() + " ranges", bytes);
        return returned;
    }

    /** Bytes of the file under the region now; -1 if it has none, is gone or was replaced. */
    public static long sizeNow(Region region) {
        return region.held(() -> region.backing().sizeNow(region.extent()));
    }

    /** What the region's path names now. */
    public static FileStatus file(Region region) throws MappingException {
        return region.backing().file();
    }

    /**
     * Under a hold. Also where the pages were made read-only later, which the operating system does not always mind.
     */
    private static void requireWritable(Region region, String operation) {
        if (!region.extent().writable()) {
            throw ErrorDoor.readOnly(operation + " " + region.subject().text() + ": it is mapped read-only");
        }
    }

    private static Outcome run(@Nullable Span event, Region region, long offset, long length, long slice, Step step)
            throws MappingException {
        Outcome all = inSlices(region, offset, length, slice, step);
        Events.end(event, region.subject(), offset, length, all.result(), all.bytes());
        return all;
    }

    private static Outcome inSlices(Region region, long offset, long length, long slice, Step step)
            throws MappingException {
        region.requireInside(offset, length);
        long done = Math.min(slice, length);
        Outcome all = held(region, offset, done, step);
        while (done < length) {
            long bytes = Math.min(slice, length - done);
            all = joined(all, held(region, offset + done, bytes, step));
            done += bytes;
        }
        return all;
    }

    private static Outcome held(Region region, long offset, long length, Step step) throws MappingException {
        return region.held(() -> step.apply(offset, length));
    }

    /** Two answers of the same kind stay that; different ones mean that part of it was done. */
    static Outcome joined(Outcome first, Outcome second) {
        HintResult result = first.result() == second.result() ? first.result() : HintResult.PARTIAL;
        return new Outcome(result, first.bytes() + second.bytes());
    }
}
