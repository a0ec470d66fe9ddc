package dev.quire.internal;

import dev.quire.error.MemoryFaultException;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.ffi.QuireHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Function;

/**
 * Faults of mapped memory where nothing heals them: on Windows, without the native library, or when healing was
 * switched off.
 *
 * <p>HotSpot turns a fault in Java code into an {@link InternalError}, which in compiled code arrives late: the loop
 * runs on with garbage, and the error surfaces at the thread's next transition. A block ends with such a transition
 * here, so that its faults do not arrive behind it. HotSpot cannot step over every instruction: this is less than
 * healing gives.
 */
final class UnhealedFaults {
    /**
     * Zero, which the compiler cannot know. The compiler, sure that a byte is a byte, leaves out the range check of
     * {@code table[get(i) & 0xFF]}; but a load that faulted leaves anything in the register. What was combined with an
     * unknown number is narrowed again.
     */
    static int zero;

    private UnhealedFaults() {}

    /** An access to mapped memory that may throw. */
    interface Access<T, X extends Exception> {
        T run() throws X;
    }

    /** Runs a block, and throws the exception made of a fault that comes in it or has come before. */
    static <T, X extends Exception> T guarded(
            Access<T, X> block, Function<InternalError, MemoryFaultException> exception) throws X {
        try {
            try {
                return block.run();
            } finally {
                barrier();
            }
        } catch (InternalError e) {
            String text = e.getMessage();
            if (text == null || !text.contains("unsafe memory access")) {
                throw e;
            }
            throw exception.apply(e);
        }
    }

    /**
     * Makes a pending fault arrive here: an ordinary downcall, 8 ns; without the library a call into the virtual
     * machine.
     */
    static void barrier() {
        if (NativeLibrary.isMissing()) {
            long _ = Runtime.getRuntime().freeMemory();
        } else {
            int _ = QuireHeader.quire_abi_version();
        }
    }

    /** A read, whose fault arrives as an error, before an exchange, whose fault would end the process. */
    static void touch(MemorySegment segment, long at) {
        zero &= segment.get(ValueLayout.JAVA_BYTE, at);
        barrier();
    }
}
