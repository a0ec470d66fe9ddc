package dev.quire.internal;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sets up the JDK's linker beside the search for the library, for the calls that every mapping makes. That takes longer than
 * the search, needs no library, and the linker keeps what it made for others to find. Nothing depends on it: who comes
 * first does the work, and the other waits for it or finds it done.
 */
public final class LinkerStart implements Runnable {
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private LinkerStart() {}

    /** Once in a process. Where there is no native access or no library, the search is what has to say so. */
    public static void begin() {
        if (!BEGUN.getAndSet(true) && isNeeded()) {
            isStarted(new Thread(null, new LinkerStart(), "quire-start", 0, false));
        }
    }

    /** Where no thread is to be had, the first mapping does it all by itself. */
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
