package dev.quire.internal;

import dev.quire.error.MappingException;
import dev.quire.internal.Events.Made;
import dev.quire.internal.Events.MemoryEvent;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Memory that the operating system mapped: its address, its length, how many use it, and whether it is closed.
 *
 * <p>Arenas only revoke Java views; the region owns the memory. Whoever uses the memory outside a Java view (a call of the
 * C layer, a kernel, a prefetch) takes a {@link #hold()} for as long as that takes. A {@link #lease()} lasts as long as its
 * taker likes, and while one is out, holds neither wait nor are refused: its views may be at work, whatever the owner waits
 * for or has closed. The owner's hold goes with {@link #close()}; the last hold or lease out unmaps.
 */
public final class Region {
    /** The low half of the state counts holds, the owner's included. */
    private static final long HOLD = 1;

    /** The high half counts leases, below the flags. */
    private static final long LEASE = 1L << 32;

    /** Set by close: no new leases, and holds only for those that are out. */
    private static final long CLOSED = 1L << 63;

    /** Set while somebody wants to change the mapping itself: new leases wait, and so do holds when no lease is out. */
    private static final long EXCLUSIVE = 1L << 62;

    /** Set while it is being changed, when all leases and holds are gone: closing waits too. */
    private static final long CHANGING = 1L << 61;

    private static final long HOLDS = LEASE - HOLD;
    private static final long LEASES = CHANGING - LEASE;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Region.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Subject subject;
    private final long record;
    private final @Nullable JdkFile jdk;
    private volatile Extent extent;

    @SuppressWarnings("FieldMayBeFinal") // changed through STATE
    private volatile long state = HOLD;

    private Region(Subject subject, Extent extent, @Nullable JdkFile jdk) {
        this.subject = subject;
        this.jdk = jdk;
        this.record = extent.record();
        this.extent = extent;
    }

    /** What the C layer mapped by another way. */
    static Region of(Subject subject, Extent extent) {
        return new Region(subject, extent, null);
    }

    /** Maps a range of a file; a length of -1 means up to its end. Mode and flags are the C layer's. */
    public static Region ofFile(Subject subject, long offset, long length, int mode, int flags)
            throws MappingException {
        if (NativeLibrary.isMissing()) {
            JdkFile file = JdkFile.open(subject, offset, length, mode, flags);
            return new Region(subject, file.extent(), file);
        }
        MemoryEvent event = Events.on() ? Made.map() : null;
        Events.begin(event);
        Extent extent = NativeCalls.mapFile(subject, offset, length, mode, flags);
        Events.done(event, subject, extent.fileOffset(), extent.length(), "mapped", extent.baseLength());
        return new Region(subject, extent, null);
    }

    /** Maps zeroed memory. Kind and flags are the C layer's; flags about files are left out. */
    public static Region ofAnonymous(Subject subject, long length, int kind, int flags) throws MappingException {
        MemoryEvent event = Events.on() ? Made.map() : null;
        Events.begin(event);
        Extent extent = NativeCalls.mapAnonymous(subject, length, kind, flags & MapFlags.WITHOUT_FILE);
        Events.done(event, subject, 0, extent.length(), "mapped", extent.baseLength());
        return new Region(subject, extent, null);
    }

    /** What is mapped. */
    public Subject subject() {
        return subject;
    }

    /** The file as the JDK maps it, where there is no native library; else null. */
    @Nullable
    JdkFile jdk() {
        return jdk;
    }

    /** Refuses what only the native library can do, before anything is changed for it. */
    public void requireNative(String operation) throws MappingException {
        if (jdk != null) {
            throw jdk.cannot(operation);
        }
    }

    /** Address of the record of its faults, for as long as the process lives; 0 if they are not healed. */
    public long record() {
        return record;
    }

    /** Where it is mapped, now. */
    public Extent extent() {
        return extent;
    }

    /** Bytes mapped. */
    public long length() {
        return extent.length();
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return (state & CLOSED) != 0;
    }

    /**
     * Refuses what a closed region is not there for any more, even if a lease is out.
     *
     * @throws IllegalStateException if the region is closed
     */
    public void requireOpen() {
        if (isClosed()) {
            throw closed();
        }
    }

    /**
     * Keeps the memory mapped, and where it is, until {@link #release()}. Waits while it is being changed.
     *
     * @throws IllegalStateException if the region is closed and no lease is out
     */
    public void hold() {
        enter(HOLD, LEASES);
    }

    /** Gives a hold back; unmaps if the region is closed and nobody else uses it. */
    public void release() {
        leave(HOLD);
    }

    /**
     * Keeps the memory mapped, and where it is, until {@link #endLease()}, and lets holds through meanwhile. Waits while
     * somebody wants to change it.
     *
     * @throws IllegalStateException if the region is closed
     */
    public void lease() {
        enter(LEASE, 0);
    }

    /** Gives a lease back; unmaps if the region is closed and nobody else uses it. */
    public void endLease() {
        leave(LEASE);
    }

    /** Counts one more as soon as nobody wants to change the region, or at once if some of what lets it through is there. */
    private void enter(long one, long pass) {
        for (; ; ) {
            long now = state;
            if ((now & (CLOSED | EXCLUSIVE)) == 0 || (now & pass) != 0) {
                if (STATE.compareAndSet(this, now, now + one)) {
                    return;
                }
            } else if ((now & CLOSED) != 0) {
                throw closed();
            } else {
                LockSupport.parkNanos(1_000);
            }
        }
    }

    /** Counts one less. When a closed region's last one has gone none can come, so one caller only sees that it was. */
    private void leave(long one) {
        long now = (long) STATE.getAndAdd(this, -one) - one;
        if ((now & (CLOSED | HOLDS | LEASES)) == CLOSED) {
            unmap();
        }
    }

    /**
     * Gives the owner's hold back: there are no new leases, no new holds but while a lease is out, and the last of all to go
     * unmaps. Closing again does nothing.
     *
     * @return whether this call closed it
     */
    public boolean close() {
        for (; ; ) {
            long now = state;
            if ((now & CLOSED) != 0) {
                return false;
            }
            if ((now & CHANGING) != 0) {
                LockSupport.parkNanos(1_000);
            } else if (STATE.compareAndSet(this, now, now | CLOSED)) {
                release();
                return true;
            }
        }
    }

    /** The owner's view of the whole region: the one place where an address becomes a segment. */
    public MemorySegment view(Arena arena) {
        return view(arena, null);
    }

    /** The same, with something to do when the arena ends. */
    @SuppressWarnings("restricted") // the address and the length come from the operating system
    public MemorySegment view(Arena arena, @Nullable Consumer<MemorySegment> atEnd) {
        if (jdk != null) {
            return jdk.view(arena);
        }
        Extent now = extent;
        MemorySegment whole = MemorySegment.ofAddress(now.address()).reinterpret(now.length(), arena, atEnd);
        return now.writable() ? whole : whole.asReadOnly();
    }

    /** A lease's view: the arena is the lease's own. */
    public MemorySegment leasedView(Arena arena) {
        return jdk != null ? jdk.leased(arena) : view(arena);
    }

    private void unmap() {
        if (jdk != null) {
            jdk.close();
            return;
        }
        MemoryEvent event = Events.on() ? Made.unmap() : null;
        Events.begin(event);
        try {
            NativeCalls.unmap(this);
            Events.done(event, subject, extent.fileOffset(), length(), "unmapped", extent.baseLength());
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("closed: " + subject.text());
    }

    /** What a change of the mapping itself does. */
    public interface Change {
        /** Returns where the memory is mapped afterwards. */
        Extent apply(Extent before) throws MappingException;
    }

    /**
     * Changes the mapping itself while nobody uses it but the owner: waits for the leases to end and for the holds to go. New
     * leases wait meanwhile; new holds do when the last lease has ended.
     *
     * @param patienceNanos how long to wait
     * @return false if they did not go in that time; nothing was changed then
     * @throws IllegalStateException if the region is closed
     */
    public boolean exclusively(long patienceNanos, Change change) throws MappingException {
        long start = System.nanoTime();
        if (!set(EXCLUSIVE, EXCLUSIVE, start, patienceNanos)) {
            return false;
        }
        try {
            if (!set(CHANGING, LEASES | (HOLDS & ~HOLD), start, patienceNanos)) {
                return false;
            }
            extent = change.apply(extent);
            return true;
        } finally {
            STATE.getAndBitwiseAnd(this, ~(EXCLUSIVE | CHANGING));
        }
    }

    /** Sets a bit as soon as others are clear; false if they are not in time. */
    private boolean set(long bit, long clear, long start, long patienceNanos) {
        for (; ; ) {
            long now = state;
            if ((now & CLOSED) != 0) {
                throw closed();
            }
            if ((now & clear) == 0 && STATE.compareAndSet(this, now, now | bit)) {
                return true;
            }
            if (System.nanoTime() - start > patienceNanos) {
                return false;
            }
            LockSupport.parkNanos(10_000);
        }
    }
}
