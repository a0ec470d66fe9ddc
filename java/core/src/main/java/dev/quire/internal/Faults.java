package dev.quire.internal;

import dev.quire.error.MemoryFaultException;
import dev.quire.hint.ByteRange;
import dev.quire.internal.backing.Extent;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.door.ErrorDoor;
import dev.quire.internal.ffi.QuireHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lost bytes of mapped memory: pages of a truncated file, of a full disk, of a device that failed.
 *
 * <p>Where faults are healed ({@link #HEALED}), touching a lost page reads zeros, and the region's record, a
 * {@code quire_record} of the C layer, tells what is lost. A bulk operation loads the record's count, works, and looks
 * at the record again before it returns or publishes anything:
 *
 * <pre>{@code
 * long before = Faults.count(region);
 * ... access the memory ...
 * Faults.check(region, offset, length, before);
 * }</pre>
 *
 * <p>Where they are not, {@link UnhealedFaults} does what can be done; {@link #guarded} is the way that serves both.
 */
public final class Faults {
    /** Whether faults are healed in this process: the platform can, and {@code -Ddev.quire.heal=false} is not set. */
    public static final boolean HEALED = NativeLibrary.isHealing();

    private static final long SEQUENCE = 8;
    private static final long RESTORED = 16;
    private static final long RANGES = 24;
    private static final long LOST = 32;

    private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();

    private Faults() {}

    /** An access to mapped memory that may throw. */
    public interface Access<T, X extends Exception> {
        /** Accesses the memory. */
        T run() throws X;
    }

    /**
     * The count of the region's record: changes with every loss and every return, odd while bytes are lost. One load.
     */
    public static long count(Region region) {
        return count(region.record());
    }

    /** The count of a record, by its address. */
    public static long count(long record) {
        return HEALED ? AllMemory.ALL.get(ValueLayout.JAVA_LONG, record) : 0;
    }

    /** Whether bytes are lost, or some were since the count was loaded: a second load, which comes after all others. */
    public static boolean changed(long record, long before) {
        VarHandle.loadLoadFence();
        return ((before & 1) | (count(record) ^ before)) != 0;
    }

    /**
     * Returns if no byte of a range was lost since the count was loaded, or before. Where faults are not healed, those
     * that happened arrive here, for the {@link #guarded} around it.
     *
     * @param offset in the region, in bytes
     * @throws MemoryFaultException if one was
     */
    public static void check(Region region, long offset, long length, long before) {
        if (!HEALED) {
            UnhealedFaults.barrier();
        } else if (changed(region.record(), before)) {
            checkRecord(region, offset, length, before);
        }
    }

    /**
     * Returns if no byte of a segment that may lie in any mapping is lost. Costs a load as long as none ever was in
     * this process.
     *
     * @throws MemoryFaultException if one is
     */
    public static void checkAnywhere(MemorySegment segment, String description) {
        if (!HEALED) {
            UnhealedFaults.barrier();
            return;
        }
        if (lossesAnywhere() != 0 && QuireHeader.quire_is_lost(segment.address(), segment.byteSize()) != 0) {
            String message =
                    "bytes of " + description + " are lost: the file they are mapped from was truncated, its disk is"
                            + " full, or its device failed";
            throw ErrorDoor.<MemoryFaultException>fault(message, description, 0, segment.byteSize(), -1, null);
        }
    }

    /**
     * A number that changes whenever bytes of any region are lost or return; 0 as long as none ever were, and where
     * faults are not healed. One load, which comes after all others of the thread.
     */
    public static long lossesAnywhere() {
        if (!HEALED) {
            return 0;
        }
        VarHandle.loadLoadFence();
        return AllMemory.ALL.get(ValueLayout.JAVA_LONG, Everywhere.LOSSES);
    }

    private static final class Everywhere {
        static final long LOSSES = QuireHeader.quire_losses();
    }

    /**
     * What {@link #check} does when the count is not what it should be. The record of a region that was unmapped
     * meanwhile may be another region's already.
     *
     * @throws IllegalStateException if the region is unmapped, so that nobody can tell any more
     */
    public static void checkRecord(Region region, long offset, long length, long before) {
        if (HEALED && length > 0) {
            if (!region.isKept()) {
                long address = region.extent().address() + offset;
                checkAnywhere(
                        AllMemory.ALL.asSlice(address, length), region.subject().text());
                return;
            }
            long skip = region.extent().address() - region.extent().base();
            Losses losses = losses(region.record());
            if (losses.meet(offset + skip, length) || losses.restored > before) {
                region.requireMapped();
                throw fault(region, offset, length, null);
            }
        }
    }

    /**
     * Runs a block that accesses a range, and throws before it returns, also instead of what the block threw, if
     * bytes of the range are lost.
     */
    public static <T, X extends Exception> T guarded(Region region, long offset, long length, Access<T, X> block)
            throws X {
        if (!HEALED) {
            return UnhealedFaults.guarded(block::run, error -> fault(region, offset, length, error));
        }
        long before = count(region);
        T result;
        try {
            result = block.run();
        } catch (Throwable e) {
            checkAfter(e, region, offset, length, before);
            throw e;
        }
        check(region, offset, length, before);
        return result;
    }

    /** Zeros of lost bytes may have led to an exception: then it is no more than a consequence. */
    private static void checkAfter(Throwable e, Region region, long offset, long length, long before) {
        try {
            check(region, offset, length, before);
        } catch (MemoryFaultException fault) {
            fault.addSuppressed(e);
            throw fault;
        }
    }

    /** Runs a block that accesses a whole region. */
    public static <T, X extends Exception> T guarded(Region region, Access<T, X> block) throws X {
        return guarded(region, 0, region.length(), block);
    }

    /** Runs a block that accesses two regions. */
    public static <T, X extends Exception> T guarded(Region first, Region second, Access<T, X> block) throws X {
        return guarded(first, () -> guarded(second, block));
    }

    /** What a load gave, as the compiler may trust it: it must not where a load that faulted leaves anything. */
    public static byte loaded(byte value) {
        return HEALED ? value : (byte) ((long) value ^ UnhealedFaults.zero);
    }

    /** What a load gave, as the compiler may trust it. */
    public static short loaded(short value) {
        return HEALED ? value : (short) ((long) value ^ UnhealedFaults.zero);
    }

    /** What a load gave, as the compiler may trust it. */
    public static int loaded(int value) {
        return HEALED ? value : value ^ UnhealedFaults.zero;
    }

    /** Before an exchange, where faults are not healed: a read, whose fault arrives as an error and ends nothing. */
    public static void touch(MemorySegment segment, long at) {
        UnhealedFaults.touch(segment, at);
    }

    /** What is lost of a region: ranges in bytes from its beginning. */
    public static List<ByteRange> lost(Region region) {
        return HEALED ? losses(region.record()).inRegion(region.extent()) : List.of();
    }

    /** One state of a record. */
    private static Losses losses(long record) {
        for (; ; ) {
            long sequence = (long) COUNT.getAcquire(AllMemory.ALL, record + SEQUENCE);
            int count = (int) AllMemory.ALL.get(ValueLayout.JAVA_LONG, record + RANGES);
            List<ByteRange> lost = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long from = AllMemory.ALL.get(ValueLayout.JAVA_LONG, record + LOST + 16L * i);
                lost.add(new ByteRange(from, AllMemory.ALL.get(ValueLayout.JAVA_LONG, record + LOST + 16L * i + 8)));
            }
            long restored = AllMemory.ALL.get(ValueLayout.JAVA_LONG, record + RESTORED);
            VarHandle.loadLoadFence();
            if ((sequence & 1) == 0 && AllMemory.ALL.get(ValueLayout.JAVA_LONG, record + SEQUENCE) == sequence) {
                return new Losses(lost, restored);
            }
            Thread.onSpinWait();
        }
    }

    /** Ranges in bytes from the region's base, and the count at the last return. */
    private record Losses(List<ByteRange> lost, long restored) {
        boolean meet(long from, long length) {
            return lost.stream().anyMatch(range -> range.offset() < from + length && range.end() > from);
        }

        List<ByteRange> inRegion(Extent extent) {
            long skip = extent.address() - extent.base();
            List<ByteRange> ranges = new ArrayList<>();
            for (ByteRange range : lost) {
                long from = Math.max(range.offset() - skip, 0);
                long to = Math.min(range.end() - skip, extent.length());
                if (from < to) {
                    ranges.add(new ByteRange(from, to - from));
                }
            }
            return ranges;
        }
    }

    /** The exception for lost bytes of a range. */
    static MemoryFaultException fault(Region region, long offset, long length, @Nullable InternalError error) {
        Events.Span event = Events.on() ? JfrEvents.fault() : null;
        long sizeNow = region.backing().sizeNow(region.extent());
        Events.end(event, region.subject(), offset, length, "fault", 0);
        return ErrorDoor.fault(
                message(region, offset, length, sizeNow), region.subject().text(), offset, length, sizeNow, error);
    }

    private static String message(Region region, long offset, long length, long sizeNow) {
        String what = region.subject().text() + ": some bytes in the range " + offset + " to " + (offset + length)
                + " are lost: ";
        boolean isShort = sizeNow >= 0 && sizeNow < region.extent().fileOffset() + offset + length;
        return isShort
                ? what + "the file was truncated to " + sizeNow + " bytes; damage() lists them"
                : what + "the file was truncated meanwhile, its disk is full, or its device failed; damage() lists"
                        + " them, and restore() brings them back if the file has them again";
    }
}
