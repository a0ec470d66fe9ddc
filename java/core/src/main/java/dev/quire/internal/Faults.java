package dev.quire.internal;

import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.error.Refusal;
import dev.quire.internal.Events.FaultEvent;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Faults of mapped memory.
 *
 * <p>HotSpot reports a fault in Java code as an {@link InternalError}, which in compiled code arrives late: the loop runs
 * on with garbage, and the error surfaces at the thread's next transition. Bulk operations therefore end, inside their
 * {@code try} and before they return or change any count, with {@link #barrier()}:
 *
 * <pre>{@code
 * try {
 *     ... access the memory ...
 *     Faults.barrier();
 * } catch (InternalError e) {
 *     throw Faults.of(e, region, offset, length);
 * }
 * }</pre>
 */
public final class Faults {
    private Faults() {}

    /** Makes a pending fault arrive here: an ordinary downcall, 8 ns. */
    public static void barrier() {
        NativeCalls.barrier();
    }

    /**
     * The exception for a fault met while a range was accessed.
     *
     * @param offset in the region, in bytes
     * @throws InternalError the error itself if it is not about a fault
     */
    public static MemoryFaultException of(InternalError error, Region region, long offset, long length) {
        requireFault(error);
        return fault(region, offset, length, error);
    }

    /**
     * The exception for a fault met while a region was accessed that cannot fault: other memory was, by the same block or before.
     *
     * @throws InternalError the error itself if it is not about a fault
     */
    public static MemoryFaultException beside(InternalError error, Region region) {
        requireFault(error);
        Subject other = Subject.memory("memory other than " + region.subject().text());
        FaultEvent event = Events.on() ? new FaultEvent() : null;
        Events.begin(event);
        Events.done(event, other, 0, 0, "fault", 0);
        String message = "a recent access, to " + other.text()
                + ", which cannot fault, met mapped bytes that cannot be had: most likely the message's, or what a handler uses";
        return new MemoryFaultException(message, other.text(), 0, 0, -1, error);
    }

    private static void requireFault(InternalError error) {
        String text = error.getMessage();
        if (text == null || !text.contains("unsafe memory access")) {
            throw error;
        }
    }

    /** The exception for a fault that a kernel of the C layer met. */
    static MemoryFaultException met(Region region, long offset, long length) {
        return fault(region, offset, length, null);
    }

    private static MemoryFaultException fault(Region region, long offset, long length, @Nullable InternalError error) {
        FaultEvent event = Events.on() ? new FaultEvent() : null;
        Events.begin(event);
        long sizeNow = NativeCalls.sizeNow(region);
        Events.done(event, region.subject(), offset, length, "fault", 0);
        return new MemoryFaultException(
                message(region, offset, length, sizeNow), region.subject().text(), offset, length, sizeNow, error);
    }

    /** Whether the region's file is known to end before a range of it does. */
    public static boolean isShort(Region region, long offset, long length) {
        long sizeNow = NativeCalls.sizeNow(region);
        return sizeNow >= 0 && sizeNow < region.extent().fileOffset() + offset + length;
    }

    /** The exception for a fault that the operating system reported instead of raising it. */
    static MemoryFaultException answered(Refusal refusal) {
        return new MemoryFaultException(
                refusal.message(), refusal.subject(), refusal.offset(), refusal.length(), refusal.limit(), null);
    }

    private static String message(Region region, long offset, long length, long sizeNow) {
        String range = region.subject().text() + " at " + offset + " (" + length + " bytes)";
        long end = region.extent().fileOffset() + offset + length;
        if (sizeNow >= 0 && sizeNow < end) {
            return "the mapped bytes of " + range + " cannot be had: the file was truncated to " + sizeNow + " bytes";
        }
        if (sizeNow >= 0) {
            return "a recent access, most likely to " + range
                    + ", met mapped bytes that cannot be had: the disk is full"
                    + " under a sparse file, the device failed, or another mapping's file was truncated; this file has "
                    + sizeNow + " bytes";
        }
        return "a recent access, most likely to " + range + ", met mapped bytes that cannot be had";
    }

    /** Runs a block of element accesses and makes its faults arrive before it returns, or throws what garbage led it to. */
    public static <T> T guarded(Region region, Supplier<T> block) {
        return guarded(region, 0, region.length(), block);
    }

    /** The same for a block that accesses only a range. */
    public static <T> T guarded(Region region, long offset, long length, Supplier<T> block) {
        try {
            return completed(block);
        } catch (InternalError e) {
            throw of(e, region, offset, length);
        }
    }

    /**
     * The same for a block that accesses two regions: the exception is about the one whose file is known to be too short, else
     * about the first.
     */
    public static <T> T guarded(Region first, Region second, Supplier<T> block) {
        try {
            return completed(block);
        } catch (InternalError e) {
            boolean theirs = !isShort(first, 0, first.length()) && isShort(second, 0, second.length());
            Region culprit = theirs ? second : first;
            throw of(e, culprit, 0, culprit.length());
        }
    }

    private static <T> T completed(Supplier<T> block) {
        try {
            return block.get();
        } finally {
            barrier();
        }
    }

    /** Why a checked refusal cannot be thrown where it arrived. */
    static UncheckedIOException unchecked(MappingException e) {
        return new UncheckedIOException(e);
    }
}
