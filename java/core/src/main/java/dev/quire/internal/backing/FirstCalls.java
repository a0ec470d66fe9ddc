package dev.quire.internal.backing;

import dev.quire.internal.ffi.QuireHeader;
import java.lang.foreign.MemorySegment;

/**
 * Mapping a file and unmapping, and the start of healing: through the bindings once the JDK's linker is set up for
 * them, and until then by native methods that the JVM binds itself, at once. Their C side is {@code quire_jvm.h}.
 */
public final class FirstCalls {
    private FirstCalls() {}

    /** {@code quire_map_file}; the caller keeps both structs reachable. */
    static int map(MemorySegment request, MemorySegment error) {
        return LinkerStart.isDone()
                ? QuireHeader.quire_map_file(request, error)
                : mapFile(request.address(), error.address());
    }

    /** {@code quire_unmap}; the caller keeps both structs reachable. */
    static int unmap(MemorySegment region, MemorySegment error) {
        return LinkerStart.isDone() ? QuireHeader.quire_unmap(region, error) : unmap(region.address(), error.address());
    }

    /** {@code quire_heal}: at the start of the library, when the linker is not set up in any case. */
    static native int heal(int wanted);

    static native int mapFile(long request, long error);

    static native int unmap(long region, long error);
}
