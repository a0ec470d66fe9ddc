package dev.quire.internal;

import dev.quire.advice.Advice;
import dev.quire.advice.Answer;
import dev.quire.advice.ByteRange;
import dev.quire.advice.Durability;
import dev.quire.advice.Outcome;
import dev.quire.advice.Residency;
import dev.quire.error.MappingException;
import java.util.List;
import java.util.Objects;

/**
 * What can be done with the pages of a region, each under a hold of its own. Calls that may take long go in slices, so that
 * a close or a resize is never held up for longer than one of them.
 */
public final class Pages {
    /** Long enough that the calls' own cost does not show, short enough to wait for. */
    private static final long SLICE = 64L << 20;

    private Pages() {}

    /** One slice of a long call. */
    private interface Step {
        Outcome apply(long offset, long length) throws MappingException;
    }

    /** Gives a hint; a refusal of the system is not expected, and unchecked. */
    public static Outcome advise(Region region, long offset, long length, Advice advice) {
        Objects.requireNonNull(advice, "advice");
        Objects.checkFromIndexSize(offset, length, region.length());
        if (advice != Advice.WILLNEED && advice != Advice.COLLAPSE && advice != Advice.PAGEOUT) {
            return adviseOnce(region, offset, length, advice);
        }
        try {
            return sliced(region, offset, length, (at, bytes) -> NativeCalls.advise(region, at, bytes, advice));
        } catch (MappingException e) {
            throw Faults.unchecked(e);
        }
    }

    private static Outcome adviseOnce(Region region, long offset, long length, Advice advice) {
        region.hold();
        try {
            return NativeCalls.advise(region, offset, length, advice);
        } catch (MappingException e) {
            throw Faults.unchecked(e);
        } finally {
            region.release();
        }
    }

    /** WILLNEED for many ranges in one call. */
    public static Outcome prefetch(Region region, List<ByteRange> ranges) {
        for (ByteRange range : ranges) {
            Objects.checkFromIndexSize(range.offset(), range.length(), region.length());
        }
        region.hold();
        try {
            return NativeCalls.prefetch(region, ranges);
        } catch (MappingException e) {
            throw Faults.unchecked(e);
        } finally {
            region.release();
        }
    }

    public static Outcome populate(Region region, long offset, long length, boolean write) throws MappingException {
        Objects.checkFromIndexSize(offset, length, region.length());
        return sliced(region, offset, length, (at, bytes) -> NativeCalls.populate(region, at, bytes, write));
    }

    public static void lock(Region region, long offset, long length, boolean onFault) throws MappingException {
        Objects.checkFromIndexSize(offset, length, region.length());
        long done = 0;
        try {
            while (done < length) {
                long bytes = Math.min(SLICE, length - done);
                region.hold();
                try {
                    NativeCalls.lock(region, offset + done, bytes, onFault);
                } finally {
                    region.release();
                }
                done += bytes;
            }
        } finally {
            if (done < length && done > 0) {
                unlock(region, offset, done);
            }
        }
    }

    public static void unlock(Region region, long offset, long length) throws MappingException {
        Objects.checkFromIndexSize(offset, length, region.length());
        region.hold();
        try {
            NativeCalls.unlock(region, offset, length);
        } finally {
            region.release();
        }
    }

    public static Residency residency(Region region, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, region.length());
        region.hold();
        try {
            return NativeCalls.residency(region, offset, length);
        } catch (MappingException e) {
            throw Faults.unchecked(e);
        } finally {
            region.release();
        }
    }

    public static void flush(Region region, long offset, long length, Durability durability) throws MappingException {
        Objects.requireNonNull(durability, "durability");
        Objects.checkFromIndexSize(offset, length, region.length());
        sliced(region, offset, length, (at, bytes) -> {
            NativeCalls.flush(region, at, bytes, durability);
            return new Outcome(Answer.APPLIED, bytes);
        });
    }

    public static Outcome evict(Region region, long offset, long length) throws MappingException {
        Objects.checkFromIndexSize(offset, length, region.length());
        region.hold();
        try {
            return NativeCalls.evict(region, offset, length);
        } finally {
            region.release();
        }
    }

    public static Outcome discard(Region region, long offset, long length) throws MappingException {
        Objects.checkFromIndexSize(offset, length, region.length());
        region.hold();
        try {
            return NativeCalls.discard(region, offset, length);
        } finally {
            region.release();
        }
    }

    /** What the region's path names now. */
    public static FileStatus file(Region region) throws MappingException {
        return NativeCalls.fileStatus(region.subject());
    }

    private static Outcome sliced(Region region, long offset, long length, Step step) throws MappingException {
        Outcome all = new Outcome(Answer.APPLIED, 0);
        long done = 0;
        do {
            long bytes = Math.min(SLICE, length - done);
            region.hold();
            Outcome one;
            try {
                one = step.apply(offset + done, bytes);
            } finally {
                region.release();
            }
            all = done == 0 ? one : joined(all, one);
            done += bytes;
        } while (done < length);
        return all;
    }

    /** Two answers of the same kind stay that; different ones mean that part of it was done. */
    private static Outcome joined(Outcome first, Outcome second) {
        Answer answer = first.answer() == second.answer() ? first.answer() : Answer.PARTIAL;
        return new Outcome(answer, first.bytes() + second.bytes());
    }
}
