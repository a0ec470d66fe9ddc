package dev.quire;

/** What a mapping allows, and where changes go. */
public enum MapMode {
    /** Reading. Every write path throws {@link dev.quire.error.ReadOnlyMemoryException}. */
    READ_ONLY,
    /** Reading and writing; changes reach the file and everybody who maps it. */
    READ_WRITE,
    /**
     * Reading and writing; changes stay in this mapping, page by page, and the file, opened read-only, is never
     * changed.
     */
    COPY_ON_WRITE
}
