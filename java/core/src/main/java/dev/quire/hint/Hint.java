package dev.quire.hint;

/**
 * What a program will do with pages: words for intent, given per range, changeable at any time, never on by default.
 *
 * <p>No constant changes what is read from a mapping; calls that destroy contents are verbs of their own
 * ({@code discard}). The result of a hint that the platform does not have is {@link HintResult#UNSUPPORTED}, never an
 * exception. A hint acts on the whole pages that hold the range.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2)</a>
 */
public enum Hint {
    /** No special pattern; takes {@link #SEQUENTIAL} and {@link #RANDOM} back. */
    NORMAL,
    /** Read from front to back: read far ahead. On Windows it only has an effect as the first hint, given at open. */
    SEQUENTIAL,
    /** Read in no order: do not read ahead. On Windows it only has an effect as the first hint, given at open. */
    RANDOM,
    /** Needed soon: start reading it in, and return before it is there. */
    WILLNEED,
    /**
     * Not needed for now: drop it from this process and keep the data. On private and copy-on-write memory, where the
     * system call of that name would lose changes, it is emulated by {@link #COLD}.
     */
    DONTNEED,
    /**
     * Not needed for a while: reclaim it first when memory is short (Linux 5.4; on Windows it leaves the working set).
     */
    COLD,
    /** Not needed for long: reclaim it now (Linux 5.4; on Windows it leaves the working set). */
    PAGEOUT,
    /** Use huge pages (Linux). */
    HUGEPAGE,
    /** Do not use huge pages (Linux). */
    NOHUGEPAGE,
    /** Make huge pages of it now, and return when that is done (Linux 6.1). */
    COLLAPSE,
    /** Leave it out of core dumps (Linux). */
    DONTDUMP,
    /** Takes {@link #DONTDUMP} back. */
    DODUMP,
    /** Do not give it to child processes (Linux). */
    DONTFORK,
    /** Takes {@link #DONTFORK} back. */
    DOFORK,
    /** Child processes see zeroes (Linux, private anonymous memory). */
    WIPEONFORK,
    /** Takes {@link #WIPEONFORK} back. */
    KEEPONFORK,
    /** Pages with equal contents may be shared (Linux, private anonymous memory). */
    MERGEABLE,
    /** Takes {@link #MERGEABLE} back. */
    UNMERGEABLE
}
