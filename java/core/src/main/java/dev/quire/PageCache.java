package dev.quire;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.Residency;
import dev.quire.internal.CacheQuery;
import dev.quire.internal.backing.FileNames;
import dev.quire.internal.backing.NativeLibrary;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the operating system's page cache has of a file at one moment, whether it is mapped or not. Counts are pages; -1
 * where the system does not tell.
 *
 * <p>Linux 6.5 and newer tell everything, in one call that takes milliseconds for terabytes ({@code cachestat}), of
 * files that the process owns or may write. Elsewhere only the cached pages are known, and asking for them takes as
 * long as {@link MappedMemory#residency()}.
 *
 * @param pageBytes bytes of a page
 * @param cachedPages in memory
 * @param dirtyPages of them, changed and not written to the device yet
 * @param writebackPages of them, being written now
 * @param evictedPages that were in memory and are not any more
 * @param recentlyEvictedPages of these, those that would still be in memory if there were a little more of it
 */
public record PageCache(
        long pageBytes,
        long cachedPages,
        long dirtyPages,
        long writebackPages,
        long evictedPages,
        long recentlyEvictedPages) {
    /**
     * Asks about a whole file.
     *
     * @throws dev.quire.error.FileRefusedException if there is no such file, or it cannot be opened for reading
     * @throws IllegalArgumentException if the path is not of the default file system
     */
    public static PageCache of(Path path) throws MappingException {
        return of(path, 0, Long.MAX_VALUE);
    }

    /**
     * Asks about a range of a file, in bytes; what lies behind its end does not count.
     *
     * @throws dev.quire.error.FileRefusedException if there is no such file, or it cannot be opened for reading
     * @throws IllegalArgumentException if offset or length is negative, or the path is not of the default file system
     */
    public static PageCache of(Path path, long offset, long length) throws MappingException {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("offset " + offset + " or length " + length + " is negative");
        }
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("not a path of the default file system: " + path.toUri());
        }
        PageCache answer = asked(FileNames.text(path), offset, length);
        return answer != null ? answer : byResidency(path, offset, length);
    }

    /** Null where the system has no such call. */
    private static @Nullable PageCache asked(String path, long offset, long length) throws MappingException {
        if (NativeLibrary.isMissing()) {
            return null;
        }
        try {
            long[] counts = CacheQuery.counts(path, offset, length);
            return new PageCache(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
        } catch (MappingException e) {
            if (e.code() == ErrorCode.UNSUPPORTED) {
                return null;
            }
            if (CacheQuery.isUntold(e)) {
                return unknown(Platform.pageSize());
            }
            throw e;
        }
    }

    private static PageCache unknown(long pageBytes) {
        return new PageCache(pageBytes, -1, -1, -1, -1, -1);
    }

    private static PageCache byResidency(Path path, long offset, long length) throws MappingException {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
            long from = Math.min(offset, map.byteSize());
            Residency now = map.residency(from, Math.min(length, map.byteSize() - from));
            return now.known()
                    ? new PageCache(now.pageSize(), now.residentPages(), -1, -1, -1, -1)
                    : unknown(now.pageSize());
        }
    }

    /** Whether the system tells how many pages are cached. */
    public boolean isKnown() {
        return cachedPages >= 0;
    }

    /** {@link #cachedPages()} in bytes; -1 if not known. */
    public long cachedBytes() {
        return isKnown() ? cachedPages * pageBytes : -1;
    }
}
