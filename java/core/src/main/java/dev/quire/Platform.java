package dev.quire;

import dev.quire.error.MappingException;
import dev.quire.hint.Hint;
import dev.quire.hint.LibraryFacts;
import dev.quire.hint.Statistics;
import dev.quire.hint.SystemFacts;
import dev.quire.internal.Counters;
import dev.quire.internal.LibraryQuery;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.backing.SystemQuery;

/** What this machine and this process can do, asked without doing it. */
public final class Platform {
    private Platform() {}

    /** Everything, as it is now: some 100 microseconds. */
    public static SystemFacts facts() throws MappingException {
        return SystemQuery.query();
    }

    /** Where the native library came from and what it is. */
    public static LibraryFacts library() throws MappingException {
        return LibraryQuery.describe();
    }

    /**
     * Why files are mapped by the JDK alone, without hints, locks, residency, resize and anonymous memory: there is no
     * native library for this platform, or the JVM denies native access. Empty if the native library serves.
     */
    public static String fallbackReason() {
        return NativeLibrary.missing();
    }

    /** What was asked of the pages of all mappings since this process began, those that are closed included. */
    public static Statistics statistics() {
        return Counters.ofProcess();
    }

    /**
     * Whether the platform has a hint at all; what becomes of it depends on the mapping too. Asked once.
     *
     * @throws java.io.UncheckedIOException if the native library cannot be loaded; the next call tries again
     */
    public static boolean supports(Hint hint) {
        return SystemQuery.supports(hint);
    }

    /**
     * Bytes of a page; -1 where files are mapped by the JDK alone, which does not tell. Asked once.
     *
     * @throws java.io.UncheckedIOException if the native library cannot be loaded; the next call tries again
     */
    public static long pageSize() {
        return SystemQuery.pageSize();
    }
}
