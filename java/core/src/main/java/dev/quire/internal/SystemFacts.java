package dev.quire.internal;

import dev.quire.advice.Advice;
import dev.quire.error.MappingException;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_error;
import dev.quire.internal.ffi.quire_system;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The C layer's {@code quire_system} as a value; -1 where the platform does not tell or there is no limit. */
public record SystemFacts(
        int os,
        int osMajor,
        int osMinor,
        long pageBytes,
        long granularity,
        long hugePageBytes,
        long mapLimit,
        long mapReserve,
        long mapped,
        long lockLimit,
        long memoryTotal,
        long memoryAvailable,
        long groupLimit,
        long groupAvailable,
        long capabilities,
        long hints) {

    /** Asks the operating system: some 100 microseconds. */
    public static SystemFacts query() throws MappingException {
        NativeLibrary.load();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment system = quire_system.allocate(arena);
            MemorySegment error = quire_error.allocate(arena);
            int code = QuireHeader.quire_query_system(system, error);
            if (code != QuireHeader.QUIRE_OK()) {
                throw new IllegalStateException("quire_query_system: " + code);
            }
            return of(system);
        }
    }

    private static SystemFacts of(MemorySegment system) {
        return new SystemFacts(
                quire_system.os(system),
                quire_system.os_major(system),
                quire_system.os_minor(system),
                quire_system.page_size(system),
                quire_system.granularity(system),
                quire_system.huge_page_size(system),
                quire_system.map_limit(system),
                quire_system.map_reserve(system),
                quire_system.mapped(system),
                quire_system.lock_limit(system),
                quire_system.memory_total(system),
                quire_system.memory_available(system),
                quire_system.group_limit(system),
                quire_system.group_available(system),
                quire_system.capabilities(system),
                quire_system.hints(system));
    }

    /** Whether the platform has a hint at all. */
    public boolean supports(Advice advice) {
        return (hints >>> advice.ordinal() & 1) != 0;
    }

    /** Bytes of a page; asked once. */
    public static long pageSize() {
        return Page.SIZE;
    }

    private static final class Page {
        static final long SIZE = size();

        private static long size() {
            try {
                return query().pageBytes();
            } catch (MappingException e) {
                throw Faults.unchecked(e);
            }
        }
    }
}
