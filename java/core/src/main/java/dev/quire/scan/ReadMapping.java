package dev.quire.scan;

import static dev.quire.scan.Tunables.LARGE_PAGE;
import static dev.quire.scan.Tunables.REACH;

import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.Pages;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.Extent;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.backing.SystemQuery;
import dev.quire.slice.ByteSlice;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A second mapping of a scan's file to read through, so that hints that the user gave stay as they are, and the calls
 * of the system for the pages of both. The second mapping begins with the target and ends {@link Tunables#REACH} behind
 * it. Where there is none, the target itself is read. Offsets count from the target's first byte.
 */
final class ReadMapping implements AutoCloseable {
    private final ByteSlice target;
    private final @Nullable Region own;

    /** Maps RANDOM or, for a kernel that shall read ahead, SEQUENTIAL. */
    ReadMapping(ByteSlice target, boolean readsAhead) {
        this.target = target;
        this.own = secondMapping(target, readsAhead ? MapFlags.OPEN_SEQUENTIAL : MapFlags.OPEN_RANDOM);
    }

    private static @Nullable Region secondMapping(ByteSlice target, int hint) {
        Region first = SliceDoor.region(target);
        Extent extent = first.extent();
        if (first.subject().path().isEmpty()
                || !SystemQuery.can(Capability.POPULATE)
                || !SystemQuery.can(Capability.EVICT)) {
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

    /**
     * Maps the part of a range that the file has; null if it has nothing of it, or the path names another file by now.
     */
    private static @Nullable Region mapped(Region first, long from, long bytes, int hint) {
        Region made;
        try {
            long there = Math.min(bytes, Pages.file(first).size() - from);
            if (there <= 0) {
                return null;
            }
            made = Region.ofFile(first.subject(), from, there, MapFlags.READ_ONLY, hint);
        } catch (MappingException e) {
            // the file was cut or renamed, or there are too many mappings: the scan does without
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
    boolean isSeparate() {
        return own != null;
    }

    /** Up to where pages can be looked at and dropped: behind the target, if there is a second mapping. */
    long byteSize() {
        return own != null ? own.length() : target.byteSize();
    }

    /** Which pages of a range are in memory. */
    Residency residency(long from, long bytes) {
        return own != null
                ? Pages.residency(own, from, bytes)
                : Pages.residency(SliceDoor.region(target), target.offset() + from, bytes);
    }

    /** The pages of a range that are in memory, counted from the page of its first byte. */
    BitSet pagesInMemory(ByteRange range) {
        return pagesInMemory(residency(range.offset(), range.length()));
    }

    static BitSet pagesInMemory(Residency pages) {
        BitSet inMemory = new BitSet();
        long left = pages.residentPages();
        for (long i = 0; left > 0; i++) {
            if (pages.isResident(i)) {
                inMemory.set(Math.toIntExact(i));
                left--;
            }
        }
        return inMemory;
    }

    /**
     * Asks the system to begin to read ranges, each of which begins in the target: of those that go beyond, the
     * target's part.
     */
    void prefetch(List<ByteRange> ranges) {
        List<ByteRange> inRegion = ranges.stream()
                .map(range -> new ByteRange(
                        target.offset() + range.offset(), Math.min(range.end(), target.byteSize()) - range.offset()))
                .toList();
        Pages.prefetch(SliceDoor.region(target), inRegion);
    }

    /** Reads pages and maps them where the readers want them. */
    void populate(long from, long end) throws MappingException {
        readIfThere(from, end - from);
        target.slice(from, end - from).populate();
        unmapRead(from, end);
    }

    private void readIfThere(long from, long bytes) throws MappingException {
        try {
            read(from, bytes);
        } catch (MemoryFaultException _) {
            // the same call for the target follows: it meets the same fault and names the target's bytes
            return;
        }
    }

    /** Reads pages through the second mapping, if there is one; {@link #unmapRead} follows. */
    void read(long from, long bytes) throws MappingException {
        if (own != null) {
            Pages.populate(own, from, bytes, false);
        }
    }

    /** From here on the kernel reads through the second mapping only what is asked for. */
    void stopReadAhead() {
        if (own != null) {
            Pages.advise(own, 0, own.length(), Hint.RANDOM);
        }
    }

    /**
     * Unmaps pages, with those that the kernel mapped around them, from the second mapping: mapped pages cannot be
     * dropped.
     */
    void unmapRead(long from, long end) {
        if (own != null) {
            unmap(own, from - LARGE_PAGE, end + LARGE_PAGE);
        }
    }

    /** Unmaps pages from the target's mapping, by offsets in the file. */
    void unmapInFile(long from, long end) {
        long fileOffset = SliceDoor.region(target).extent().fileOffset();
        unmap(SliceDoor.region(target), from - fileOffset, end - fileOffset);
    }

    /** Unmaps pages from the target's mapping, also behind the target, and returns how many bytes. */
    long unmap(ByteRange range) {
        return unmap(SliceDoor.region(target), target.offset() + range.offset(), target.offset() + range.end());
    }

    /** Unmaps the part of a range that lies in a region. */
    private static long unmap(Region region, long from, long end) {
        long first = Math.max(0, from);
        long bytes = Math.min(region.length(), end) - first;
        return bytes > 0 && Pages.advise(region, first, bytes, Hint.DONTNEED).isComplete() ? bytes : 0;
    }

    /**
     * Drops pages from memory or, where the system cannot do that, from this process, and returns how many bytes went.
     */
    long evict(ByteRange range) {
        try {
            Outcome outcome;
            if (own == null || range.end() <= target.byteSize()) {
                outcome = Pages.evict(SliceDoor.region(target), target.offset() + range.offset(), range.length());
            } else {
                unmap(range);
                outcome = Pages.evict(own, range.offset(), range.length());
            }
            return outcome.result() == HintResult.UNSUPPORTED
                    ? unmap(range)
                    : Math.min(range.length(), outcome.bytes());
        } catch (MappingException e) {
            // the file has no name any more, which dropping its pages needs
            return unmap(range);
        }
    }

    /**
     * Drops pages that lie anywhere in the file, also where this scan maps nothing, and returns which of them stay:
     * none, if the system cannot tell any more.
     */
    BitSet evictAnywhere(long fileOffset, long bytes) {
        Region whole = mapped(SliceDoor.region(target), fileOffset, bytes, MapFlags.OPEN_RANDOM);
        if (whole == null) {
            return new BitSet();
        }
        try {
            Pages.evict(whole, 0, whole.length());
            return pagesInMemory(Pages.residency(whole, 0, whole.length()));
        } catch (MappingException e) {
            // the file has no name any more, which dropping its pages needs
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
