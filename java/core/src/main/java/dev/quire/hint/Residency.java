package dev.quire.hint;

import java.util.BitSet;

/**
 * Which pages of a range were in memory at one moment. The truth may have changed when it is read.
 *
 * <p>Where the operating system does not tell this process, {@link #known()} is false and the other answers are zero or
 * empty: Linux claims that every page of a file is resident when the process neither owns the file nor may write it.
 */
public final class Residency {
    private final long pageSize;
    private final long pages;
    private final long residentPages;
    private final boolean known;
    private final BitSet bits;

    /**
     * For callers that ask the operating system.
     *
     * @param bits the resident pages, counted from the page that holds the range's first byte; taken, not copied
     */
    public Residency(long pageSize, long pages, boolean known, BitSet bits) {
        this.pageSize = pageSize;
        this.pages = pages;
        this.known = known;
        this.bits = bits;
        this.residentPages = bits.cardinality();
    }

    /** Whether the operating system told the truth. */
    public boolean known() {
        return known;
    }

    /** Bytes a page has. */
    public long pageSize() {
        return pageSize;
    }

    /** How many pages hold the range. */
    public long pages() {
        return pages;
    }

    /** How many of them are in memory; 0 if not known. */
    public long residentPages() {
        return residentPages;
    }

    /** {@link #residentPages()} in bytes. */
    public long residentBytes() {
        return residentPages * pageSize;
    }

    /**
     * Whether a page is in memory; false if not known.
     *
     * @param page counted from the page that holds the range's first byte
     * @throws IndexOutOfBoundsException if there is no such page
     */
    public boolean isResident(long page) {
        if (page < 0 || page >= pages) {
            throw new IndexOutOfBoundsException("page " + page + " of " + pages);
        }
        return bits.get((int) page);
    }

    @Override
    public String toString() {
        return known ? residentPages + " of " + pages + " pages of " + pageSize + " bytes" : "unknown";
    }
}
