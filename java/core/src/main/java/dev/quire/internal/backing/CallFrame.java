package dev.quire.internal.backing;

import dev.quire.internal.ffi.quire_file_status;
import dev.quire.internal.ffi.quire_line_results;
import dev.quire.internal.ffi.quire_lines;
import dev.quire.internal.ffi.quire_outcome;
import dev.quire.internal.ffi.quire_reduction;
import dev.quire.internal.ffi.quire_residency;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The native memory one call of the C layer needs: its structs and a path. Frames are pooled, because an arena per call
 * would cost as much as the cheap calls themselves. What the first mapping of a process needs is filled in and read
 * through buffers: the JDK's segments would set up layouts and copies for that, which takes 10 ms.
 */
public final class CallFrame {
    /** Longer paths than Linux's PATH_MAX take a frame of their own. */
    private static final int TEXT_BYTES = 4096;

    /** Bytes of a {@code quire_error}; a test holds it to the bindings. */
    static final long ERROR_BYTES = 24;

    /** Bytes of a {@code quire_file_request} before its region: three fields of 64 bits, then two of 32. */
    static final long REQUEST_BYTES = 32;

    /** More than the carriers that can be in a call at once on most machines; further frames are dropped after use. */
    private static final int POOLED = 64;

    private static final AtomicReferenceArray<@Nullable CallFrame> POOL = new AtomicReferenceArray<>(POOLED);

    private static final VarHandle BUSY;

    static {
        try {
            BUSY = MethodHandles.lookup().findVarHandle(CallFrame.class, "busy", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("FieldMayBeFinal") // changed through BUSY
    private int busy = 1;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment text = arena.allocate(TEXT_BYTES);
    final MemorySegment request = arena.allocate(REQUEST_BYTES + Extent.BYTES, Long.BYTES);
    private final MemorySegment region = request.asSlice(REQUEST_BYTES, Extent.BYTES);
    private final ByteBuffer requestBuffer = request.asByteBuffer().order(ByteOrder.nativeOrder());
    private final ByteBuffer regionBuffer = region.asByteBuffer().order(ByteOrder.nativeOrder());
    public final MemorySegment error = arena.allocate(ERROR_BYTES, Long.BYTES);

    // The first mapping of a process does not need these, and their layouts take milliseconds to set up.
    private @Nullable MemorySegment outcome;
    private @Nullable MemorySegment reduction;
    private @Nullable MemorySegment lines;
    private @Nullable MemorySegment lineResults;
    private @Nullable MemorySegment residency;
    private @Nullable MemorySegment status;

    /** What stands in the region; null if a call may have changed that. */
    private @Nullable Extent stored;

    private CallFrame() {}

    /** A frame for the calling thread alone, until it is given back. */
    public static CallFrame take() {
        int start = slot();
        for (int i = 0; i < 4; i++) {
            int at = (start + i) % POOLED;
            CallFrame frame = POOL.get(at);
            if (frame == null) {
                frame = new CallFrame(); // busy
                if (POOL.compareAndSet(at, null, frame)) {
                    return frame;
                }
            } else if (frame.isFree()) {
                return frame;
            }
        }
        return new CallFrame();
    }

    private boolean isFree() {
        return busy == 0 && BUSY.compareAndSet(this, 0, 1);
    }

    /**
     * One that is not of the pool is dropped. No reference is stored: collectors make that cost more than all else
     * here.
     */
    public void giveBack() {
        BUSY.setRelease(this, 0);
    }

    /** Scatters threads: neighbours in number get different slots. */
    private static int slot() {
        return (int) (Thread.currentThread().threadId() * 5 & (POOLED - 1));
    }

    /** A region for a call that takes it as const: written only if the last call was not about the same one. */
    @SuppressWarnings("ReferenceEquality") // an equal one is stored again, which is right and rare
    public MemorySegment region(Extent extent) {
        if (stored != extent) {
            extent.store(regionBuffer);
            stored = extent;
        }
        return region;
    }

    /** A region for a call that changes it. */
    MemorySegment changing(Extent extent) {
        MemorySegment changing = region(extent);
        stored = null;
        return changing;
    }

    /** A region for a call that makes it. */
    public MemorySegment region() {
        stored = null;
        return region;
    }

    /** The region as the last call left it, for {@link Extent#fill}. */
    ByteBuffer regionBuffer() {
        return regionBuffer;
    }

    /** What the last call made of the region. */
    Extent made() {
        return Extent.load(regionBuffer);
    }

    MemorySegment outcome() {
        if (outcome == null) {
            outcome = quire_outcome.allocate(arena);
        }
        return outcome;
    }

    public MemorySegment reduction() {
        if (reduction == null) {
            reduction = quire_reduction.allocate(arena);
        }
        return reduction;
    }

    public MemorySegment lines() {
        if (lines == null) {
            lines = quire_lines.allocate(arena);
        }
        return lines;
    }

    public MemorySegment lineResults() {
        if (lineResults == null) {
            lineResults = quire_line_results.allocate(arena);
        }
        return lineResults;
    }

    MemorySegment residency() {
        if (residency == null) {
            residency = quire_residency.allocate(arena);
        }
        return residency;
    }

    MemorySegment status() {
        if (status == null) {
            status = quire_file_status.allocate(arena);
        }
        return status;
    }

    /** The text as a C string, valid until the frame's next text and while it is reachable. */
    MemorySegment text(String value) {
        byte[] bytes = FileNames.bytes(value);
        boolean fits = bytes.length < TEXT_BYTES;
        MemorySegment target = fits ? text : Arena.ofAuto().allocate(bytes.length + 1L); // the frame may live for ever
        target.asByteBuffer().put(0, bytes).put(bytes.length, (byte) 0);
        return target;
    }

    /** Fills the request in; the path must stay reachable until the call is over. */
    void storeRequest(MemorySegment path, long offset, long length, int mode, int flags) {
        stored = null;
        requestBuffer
                .putLong(0, path.address())
                .putLong(8, offset)
                .putLong(16, length)
                .putInt(24, mode)
                .putInt(28, flags);
    }

    /** Room for structs that come in any number, valid while the frame is reachable. */
    MemorySegment room(long bytes) {
        return Arena.ofAuto().allocate(Math.max(bytes, 8), 8);
    }
}
