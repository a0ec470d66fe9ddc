package dev.quire.hint;

import java.util.BitSet;
import java.util.List;

/**
 * Which pages of a range were in memory at one moment. The truth may have changed when it is read.
 *
 * <p>Where the operating system does not tell this process, {@link #known()} is false and the other answers are zero or
 * empty: Linux claims that every page of a file is resident when the process neither owns the file nor may write it.
 *
 * <p>It takes about a bit for a page, and nothing where no page of many is in memory: for terabytes of address space as
 * much as what is in memory of them.
 */
public final class Residency {
    private static final BitSet NONE = new BitSet();

    private final long pageSize;
    private final long pages;
    private final long residentPages;
    private final boolean known;
    private final long pagesOfPart;
    private final BitSet[] parts;
    private final long dirtyPages;
    private final long writebackPages;

    /**
     * For callers that ask the operating system.
     *
     * @param bits the resident pages, counted from the page that holds the range's first byte; taken, not copied
     * @throws IllegalArgumentException if a bit is set for a page that there is not
     */
    public Residency(long pageSize, long pages, boolean known, BitSet bits) {
        this(pageSize, pages, known, Long.MAX_VALUE, -1, -1, bits.isEmpty() ? NONE : bits);
        if (bits.length() > pages) {
            throw new IllegalArgumentException("page " + (bits.length() - 1) + " of " + pages + " is set");
        }
    }

    private Residency(
            long pageSize,
            long pages,
            boolean known,
            long pagesOfPart,
            long dirtyPages,
            long writebackPages,
            BitSet... parts) {
        this.pageSize = pageSize;
        this.pages = pages;
        this.known = known;
        this.pagesOfPart = pagesOfPart;
        this.parts = parts;
        this.dirtyPages = dirtyPages;
        this.writebackPages = writebackPages;
        long resident = 0;
        for (BitSet part : parts) {
            resident += part.cardinality();
        }
        this.residentPages = resident;
    }

    /**
     * One answer from those for ranges that follow one another. It is known if all of them are.
     *
     * @param answers all but the last with the same number of pages, and none of them joined itself
     * @throws IllegalArgumentException if there is none, or one has another number of pages
     */
    public static Residency joined(List<Residency> answers) {
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("no answers to join");
        }
        Residency first = answers.getFirst();
        BitSet[] parts = new BitSet[answers.size()];
        boolean known = true;
        for (int i = 0; i < parts.length; i++) {
            Residency answer = answers.get(i);
            if (answer.parts.length != 1 || (i < parts.length - 1 && answer.pages != first.pages)) {
                throw new IllegalArgumentException("answer " + i + " has " + answer.pages + " pages in "
                        + answer.parts.length + " parts, the first has " + first.pages + " in one");
            }
            parts[i] = answer.parts[0];
            known &= answer.known;
        }
        long pages = first.pages * (parts.length - 1) + answers.getLast().pages;
        return known
                ? new Residency(first.pageSize, pages, true, Math.max(first.pages, 1), -1, -1, parts)
                : new Residency(first.pageSize, pages, false, NONE);
    }

    /**
     * For callers that ask the operating system: this answer with what the page cache has of the range's file.
     *
     * @param dirty pages that were changed and not written yet; -1 if not known
     * @param writeback pages that are being written; -1 if not known
     */
    public Residency withChanges(long dirty, long writeback) {
        return new Residency(pageSize, pages, known, pagesOfPart, dirty, writeback, parts);
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

    /**
     * How many pages of the file's range are changed in memory and not written to the device yet; -1 where the system
     * does not tell, for memory without a file, and for answers about slices. Linux 6.5 and newer tell.
     */
    public long dirtyPages() {
        return dirtyPages;
    }

    /** How many of them are being written now; -1 as for {@link #dirtyPages()}. */
    public long writebackPages() {
        return writebackPages;
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
        long place = page % pagesOfPart;
        return place <= Integer.MAX_VALUE && parts[(int) (page / pagesOfPart)].get((int) place);
    }

    @Override
    public String toString() {
        return known ? residentPages + " of " + pages + " pages of " + pageSize + " bytes" : "unknown";
    }
}
