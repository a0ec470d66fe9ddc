package dev.quire.scan;

import dev.quire.advice.Advice;
import dev.quire.advice.Answer;
import dev.quire.advice.ByteRange;
import dev.quire.advice.Outcome;
import dev.quire.advice.Residency;
import dev.quire.advice.SystemFacts.Ability;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.internal.Extent;
import dev.quire.internal.MapFlags;
import dev.quire.internal.Pages;
import dev.quire.internal.Region;
import dev.quire.internal.SystemQuery;
import dev.quire.slice.ByteSlice;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target of a scan and, where it can be had, a second mapping of the same file to read through, so that hints that the user
 * gave stay as they are. Offsets count from the target's first byte.
 */
final class Views implements AutoCloseable {
    /**
     * How far the second mapping goes beyond the target: twice a read-ahead of 16 MiB, which is more than devices are set to (8
     * MiB at most, seen), one being used and one under way. What a larger one reads behind that stays in memory.
     */
    static final long REACH = 32 << 20;

    /** The kernel maps pages around one that is touched: fault_around_bytes, 64 KiB unless somebody debugs it, or a large page. */
    private static final long AROUND = 2 << 20;

    private final ByteSlice target;
    private final @Nullable Region own;

    /** The second mapping is RANDOM or, for a kernel that shall read ahead, SEQUENTIAL. */
    Views(ByteSlice target, boolean readsAhead) {
        this.target = target;
        this.own = secondMapping(target, readsAhead ? MapFlags.OPEN_SEQUENTIAL : MapFlags.OPEN_RANDOM);
    }

    private static @Nullable Region secondMapping(ByteSlice target, int hint) {
        Region first = target.region();
        Extent extent = first.extent();
        if (first.subject().path().isEmpty() || !SystemQuery.can(Ability.POPULATE) || !SystemQuery.can(Ability.EVICT)) {
            return null;
        }
        long from = extent.fileOffset() + target.offset();
        Region own = mapped(first, from, target.byteSize() + REACH, hint);
        if (own == null || own.length() >= target.byteSize()) {
            return own;
        }
        own.close();
        return null;
    }

    /** As much of a range of the target's file as there is; null if there is nothing, or the file has another name by now. */
    private static @Nullable Region mapped(Region first, long from, long bytes, int hint) {
        Region made;
        try {
            long there = Math.min(bytes, Pages.file(first).size() - from);
            if (there <= 0) {
                return null;
            }
            made = Region.ofFile(first.subject(), from, there, MapFlags.READ_ONLY, hint);
        } catch (MappingException e) {
            // the file was cut, or has another name by now, or there are too many mappings: it goes without
            return null;
        }
        Extent extent = made.extent();
        if (extent.fileDevice() == first.extent().fileDevice()
                && extent.fileNumber() == first.extent().fileNumber()) {
            return made;
        }
        made.close();
        return null;
    }

    /** Whether there is a second mapping. */
    boolean areTwo() {
        return own != null;
    }

    /** How far the pages can be seen and dropped: behind the target, if there is a second mapping. */
    long length() {
        return own != null ? own.length() : target.byteSize();
    }

    Residency residency(long from, long bytes) {
        return own != null
                ? Pages.residency(own, from, bytes)
                : Pages.residency(target.region(), target.offset() + from, bytes);
    }

    /** Those of the pages that hold a range that are in memory. */
    BitSet inMemory(ByteRange range) {
        return inMemory(residency(range.offset(), range.length()));
    }

    private static BitSet inMemory(Residency pages) {
        BitSet there = new BitSet();
        for (int i = 0; i < pages.pages(); i++) {
            there.set(i, pages.isResident(i));
        }
        return there;
    }

    /** Begins to read. */
    void prefetch(List<ByteRange> ranges) {
        List<ByteRange> inRegion = ranges.stream()
                .map(range -> new ByteRange(target.offset() + range.offset(), range.length()))
                .toList();
        Pages.prefetch(target.region(), inRegion);
    }

    /** Reads pages and maps them where the readers want them. */
    void populate(long from, long end) throws MappingException {
        readIfThere(from, end - from);
        target.slice(from, end - from).populate();
        letGo(from, end);
    }

    private void readIfThere(long from, long bytes) throws MappingException {
        try {
            read(from, bytes);
        } catch (MemoryFaultException _) {
            // the same call for the target follows: it meets the same fault and names the target's bytes
            return;
        }
    }

    /** Reads pages through the second mapping, if there is one; {@link #letGo} follows. */
    void read(long from, long bytes) throws MappingException {
        if (own != null) {
            Pages.populate(own, from, bytes, false);
        }
    }

    /** From here on the kernel reads nothing through the second mapping but what is asked for. */
    void readAheadNoMore() {
        if (own != null) {
            Pages.advise(own, 0, own.length(), Advice.RANDOM);
        }
    }

    /** The second mapping has served for those pages: what is mapped cannot be dropped. */
    void letGo(long from, long end) {
        if (own != null) {
            unmap(own, from - AROUND, end + AROUND);
        }
    }

    /** Unmaps pages where the readers want theirs, by offsets in the file. */
    void unmapInFile(long from, long end) {
        long fileOffset = target.region().extent().fileOffset();
        unmap(target.region(), from - fileOffset, end - fileOffset);
    }

    /** Unmaps, and returns how many bytes. Also behind the target: the kernel maps neighbours of a page that comes in. */
    long unmap(ByteRange range) {
        return unmap(target.region(), target.offset() + range.offset(), target.offset() + range.end());
    }

    /** As much of a range as lies in a region. */
    private static long unmap(Region region, long from, long end) {
        long first = Math.max(0, from);
        long bytes = Math.min(region.length(), end) - first;
        return bytes > 0 && Pages.advise(region, first, bytes, Advice.DONTNEED).isComplete() ? bytes : 0;
    }

    /** Drops pages from memory, or where that cannot be had from this process, and returns how many bytes went. */
    long evict(ByteRange range) {
        try {
            Outcome outcome;
            if (own == null || range.end() <= target.byteSize()) {
                outcome = Pages.evict(target.region(), target.offset() + range.offset(), range.length());
            } else {
                unmap(range);
                outcome = Pages.evict(own, range.offset(), range.length());
            }
            return outcome.answer() == Answer.UNSUPPORTED ? unmap(range) : Math.min(range.length(), outcome.bytes());
        } catch (MappingException e) {
            // the file has no name any more by which its pages could be dropped
            return unmap(range);
        }
    }

    /**
     * Drops pages that lie anywhere in the file, where this scan maps nothing, and returns which of them stay: none, if nobody
     * can tell any more.
     */
    BitSet evictAnywhere(long fileOffset, long bytes) {
        Region whole = mapped(target.region(), fileOffset, bytes, MapFlags.OPEN_RANDOM);
        if (whole == null) {
            return new BitSet();
        }
        try {
            Pages.evict(whole, 0, whole.length());
            return inMemory(Pages.residency(whole, 0, whole.length()));
        } catch (MappingException e) {
            // the file has no name any more by which its pages could be dropped
            return new BitSet();
        } finally {
            whole.close();
        }
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
