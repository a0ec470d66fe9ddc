package dev.quire.scan;

import dev.quire.internal.Region;
import dev.quire.internal.backing.Extent;
import dev.quire.scan.PageRanges.PageRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry of pages of one file that the scans of this process have brought in. One lock guards the registries of
 * all files and what the scans have in them, and no system call is made under it.
 *
 * <p>What needs system calls, looking at pages and dropping them, is done under a claim: the scan marks the pages in
 * the registry, calls the system without the lock, then writes the result down and takes the mark away. Only a scan
 * that comes to a marked page waits, so for any page choosing it and dropping it is one step towards other scans. A
 * scan has one claim at a time; claims are served in the order in which they came.
 */
final class FilePages {
    private record FileId(long device, long number) {}

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<FileId, FilePages> FILES = new HashMap<>();

    private final @Nullable FileId id;
    private final List<OwnedPages> owners = new ArrayList<>();
    private final Deque<PageRange> claims = new ArrayDeque<>();
    private final Condition settled = LOCK.newCondition();
    private final PageRanges stayed = new PageRanges();
    private final PageRanges shared = new PageRanges();

    private FilePages(@Nullable FileId id) {
        this.id = id;
    }

    /** The registry of a region's file; one for this owner alone where other scans do not concern it. */
    static FilePages join(OwnedPages owner, Region region, boolean isShared) {
        Extent extent = region.extent();
        return locked(() -> {
            FilePages joined = isShared
                    ? FILES.computeIfAbsent(new FileId(extent.fileDevice(), extent.fileNumber()), FilePages::new)
                    : new FilePages(null);
            joined.owners.add(owner);
            return joined;
        });
    }

    void leave(OwnedPages owner) {
        locked(() -> {
            owners.remove(owner);
            return owners.isEmpty() && id != null ? FILES.remove(id) : null;
        });
    }

    /** Reads or changes what the registry has. Must not call the system. */
    static <T extends @Nullable Object> T locked(Supplier<T> step) {
        LOCK.lock();
        try {
            return step.get();
        } finally {
            LOCK.unlock();
        }
    }

    /** The scans of the file. Needs the lock. */
    List<OwnedPages> owners() {
        return owners;
    }

    /** The pages that all scans have passed and that could not be dropped. Needs the lock. */
    PageRanges stayed() {
        return stayed;
    }

    /** The pages that two scans were to bring in at the same time, at any moment so far. Needs the lock. */
    PageRanges shared() {
        return shared;
    }

    // ------------------------------------------------------------------------------------------------------- claims

    /** Does something, system calls included, while no other scan looks at or drops any of some pages. */
    <T> T claimed(PageRange pages, Supplier<T> step) {
        PageRange claim = claim(pages);
        try {
            return step.get();
        } finally {
            settle(claim);
        }
    }

    private PageRange claim(PageRange pages) {
        LOCK.lock();
        try {
            claims.add(pages);
            while (isClaimedBefore(pages)) {
                settled.awaitUninterruptibly();
            }
            return pages;
        } finally {
            LOCK.unlock();
        }
    }

    @SuppressWarnings("ReferenceEquality") // another claim may be for the same pages
    private boolean isClaimedBefore(PageRange claim) {
        return claims.stream().takeWhile(other -> other != claim).anyMatch(claim::overlaps);
    }

    @SuppressWarnings("ReferenceEquality") // another claim may be for the same pages
    private void settle(PageRange claim) {
        LOCK.lock();
        try {
            claims.removeIf(other -> other == claim);
            settled.signalAll();
        } finally {
            LOCK.unlock();
        }
    }
}
