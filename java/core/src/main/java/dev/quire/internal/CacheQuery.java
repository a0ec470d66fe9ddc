package dev.quire.internal;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.Residency;
import dev.quire.internal.backing.CallFrame;
import dev.quire.internal.backing.Extent;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.FileNames;
import dev.quire.internal.backing.FileStatus;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.backing.Subject;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_page_cache;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the page cache has of files. */
public final class CacheQuery {
    /** The C layer's bound of offsets and lengths. */
    private static final long MOST = Long.MAX_VALUE / 4;

    private CacheQuery() {}

    /** Bytes of a page, then pages: cached, dirty, in write-back, evicted, recently evicted. */
    public static long[] counts(String path, long offset, long length) throws MappingException {
        NativeLibrary.load();
        CallFrame frame = CallFrame.take();
        try (Arena arena = Arena.ofConfined()) {
            byte[] name = FileNames.bytes(path);
            MemorySegment text = arena.allocate(name.length + 1L);
            MemorySegment.copy(name, 0, text, ValueLayout.JAVA_BYTE, 0, name.length);
            MemorySegment counts = quire_page_cache.allocate(arena);
            int code = QuireHeader.quire_query_page_cache(
                    text, Math.min(offset, MOST), Math.min(length, MOST), counts, frame.error);
            Failures.check(code, frame, "ask for the cached pages of", Subject.file(path), offset, -1);
            return new long[] {
                quire_page_cache.page_size(counts),
                quire_page_cache.cached(counts),
                quire_page_cache.dirty(counts),
                quire_page_cache.writeback(counts),
                quire_page_cache.evicted(counts),
                quire_page_cache.recently_evicted(counts)
            };
        } finally {
            frame.giveBack();
        }
    }

    /** Whether the kernel does not tell this process, though it may read the file. */
    public static boolean isUntold(MappingException refused) {
        return refused.code() == ErrorCode.ACCESS_DENIED
                && refused.details().call().equals("cachestat");
    }

    /** Adds how many pages are dirty and in write-back, where the region has a file and the system tells. */
    public static Residency withChanges(Region region, long offset, long length, Residency residency) {
        String path = region.subject().path();
        Extent extent = region.extent();
        if (path.isEmpty() || !region.isNative() || length == 0) {
            return residency;
        }
        try {
            FileStatus now = Pages.file(region);
            if (now.device() != extent.fileDevice() || now.number() != extent.fileNumber()) {
                return residency;
            }
            long[] counts = counts(path, extent.fileOffset() + offset, length);
            return residency.withChanges(counts[2], counts[3]);
        } catch (MappingException e) {
            return residency; // which says that they are not known
        }
    }
}
