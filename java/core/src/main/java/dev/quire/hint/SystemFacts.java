package dev.quire.hint;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Facts about the machine and this process; -1 where the platform does not tell, or there is no limit.
 *
 * @param os {@code "Linux"}, {@code "macOS"}, {@code "Windows"} or {@code "POSIX"}
 * @param osMajor of the version of the kernel or system
 * @param osMinor of the same
 * @param pageBytes of a page: what hints, locks and residency work in
 * @param granularityBytes what the operating system aligns mappings to; callers need not
 * @param hugePageBytes of a transparent huge page
 * @param mapLimit mapped areas a process may have
 * @param mapReserve areas below that limit that Quire leaves to others
 * @param mappedAreas mapped areas this process has now
 * @param lockLimitBytes this process may lock
 * @param memoryBytes of physical memory
 * @param memoryAvailableBytes that are available now without evicting anything
 * @param groupLimitBytes the memory limit of the process group
 * @param groupAvailableBytes left below that limit
 * @param capabilities what the platform can do
 * @param hints the hints it has at all
 * @param healing what becomes of accesses to lost pages of mapped files
 */
public record SystemFacts(
        String os,
        int osMajor,
        int osMinor,
        long pageBytes,
        long granularityBytes,
        long hugePageBytes,
        long mapLimit,
        long mapReserve,
        long mappedAreas,
        long lockLimitBytes,
        long memoryBytes,
        long memoryAvailableBytes,
        long groupLimitBytes,
        long groupAvailableBytes,
        Set<Capability> capabilities,
        Set<Hint> hints,
        Healing healing) {
    /** Takes copies, which stand in the order of the constants. */
    public SystemFacts {
        capabilities = Collections.unmodifiableSet(new TreeSet<>(capabilities));
        hints = Collections.unmodifiableSet(new TreeSet<>(hints));
    }

    /** What a platform can do, in the order of the C layer's bits. */
    public enum Capability {
        /** A mapping grows without a copy of its pages. */
        RESIZE_IN_PLACE,
        /** Pages can be brought in with an error instead of a fault. */
        POPULATE,
        /** Pages can be locked as they come. */
        LOCK_ON_FAULT,
        /** Residency is known, at least for files that the process may write. */
        REPORT_RESIDENCY,
        /** Pages of a file can be dropped from the page cache. */
        EVICT,
        /** Shared memory can be sealed. */
        SEAL,
        /** Other processes can be given anonymous shared memory. */
        ATTACH,
        /** Holes can be punched into files. */
        DISCARD_FILE,
        /** Many ranges are prefetched in one call of the operating system. */
        PREFETCH_MANY,
        /** Writing back can be begun without waiting for it. */
        FLUSH_ASYNC,
        /** There are transparent huge pages for anonymous memory. */
        HUGE_PAGES,
        /** A mapped file can be renamed over or deleted. */
        REPLACE_OPEN_FILE,
        /** Somebody may truncate a file while it is mapped. */
        SHRINK_MAPPED_FILE,
        /** A process can sleep until another changes a word of shared memory. */
        WAIT,
        /** The names of shared memory can be listed: they are files of {@code /dev/shm}. */
        LIST_SHARED,
        /** Named shared memory stays when nobody has it mapped, until its name is removed. */
        KEEP_SHARED
    }
}
