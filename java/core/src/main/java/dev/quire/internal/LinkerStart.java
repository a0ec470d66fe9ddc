package dev.quire.internal;

import dev.quire.internal.ffi.QuireHeader;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sets up the JDK's linker beside a process's first mapping, for the calls that every mapping makes. That takes longer than
 * all the rest; the first mappings need not wait for it ({@link FirstCalls}), and what comes after them finds much of it
 * done. Nothing depends on it: who needs the linker before does the work, or waits for it.
 */
public final class LinkerStart implements Runnable {
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    /** Set by the thread when the bindings' own handles are there. */
    private static volatile boolean done;

    private LinkerStart() {}

    /** Whether mapping and unmapping through the bindings costs no set-up any more. */
    static boolean isDone() {
        return done;
    }

    /** Once in a process. Where there is no native access or no library, the search is what has to say so. */
    public static void begin() {
        if (!BEGUN.getAndSet(true) && isNeeded()) {
            isStarted(new Thread(null, new LinkerStart(), "quire-start", 0, false));
        }
    }

    /** Where no thread is to be had, {@link FirstCalls} go on as they begin, and other calls set the linker up. */
    static boolean isStarted(Thread thread) {
        try {
            thread.setDaemon(true);
            thread.start();
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private static boolean isNeeded() {
        return LinkerStart.class.getModule().isNativeAccessEnabled()
                && NativePlatform.current().isOurs();
    }

    @Override
    @SuppressWarnings("restricted")
    public void run() {
        Linker.nativeLinker().downcallHandle(mapOrUnmap());
        if (NativeLibrary.isLoaded()) {
            QuireHeader.quire_map_file$handle();
            QuireHeader.quire_unmap$handle();
            done = true;
        }
    }

    /** Equal to that of {@code quire_map_file} and {@code quire_unmap}, which need a library to be asked. */
    static FunctionDescriptor mapOrUnmap() {
        AddressLayout pointer = pointer();
        return FunctionDescriptor.of(ValueLayout.JAVA_INT, pointer, pointer);
    }

    /** What jextract makes of every pointer. */
    @SuppressWarnings("restricted")
    private static AddressLayout pointer() {
        return ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));
    }
}
