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
 * C layer, a kernel, a prefetch, a lease) takes a {@link #hold()} first. The owner's hold goes with {@link #close()}; the
 * last hold out unmaps.
 */
public final class Region {
    /** Set by close: no new holds. */
    private static final int CLOSED = 1 << 31;

    /** Set while somebody wants to change the mapping itself: new holds wait. */
    private static final int EXCLUSIVE = 1 << 30;

    /** Set while it is being changed, when all holds are gone: closing waits too. */
    private static final int CHANGING = 1 << 29;

    private static final int COUNT = CHANGING - 1;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Region.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Subject subject;
    private final @Nullable JdkFile jdk;
    private volatile Extent extent;

    @SuppressWarnings("FieldMayBeFinal") // changed through STATE
    private volatile int state = 1;

    private Region(Subject subject, Extent extent, @Nullable JdkFile jdk) {
        this.subject = subject;
        this.jdk = jdk;
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
     * Keeps the memory mapped until {@link #release()}.
     *
     * @throws IllegalStateException if the region is closed
     */
    public void hold() {
        for (; ; ) {
            int now = state;
            if ((now & CLOSED) != 0) {
                throw closed();
            }
            if ((now & EXCLUSIVE) != 0) {
                LockSupport.parkNanos(1_000);
            } else if (STATE.compareAndSet(this, now, now + 1)) {
                return;
            }
        }
    }

    /** Gives a hold back; unmaps if it was the last one of a closed region. */
    public void release() {
        int before = (int) STATE.getAndAdd(this, -1);
        if (((before - 1) & (CLOSED | COUNT)) == CLOSED) {
            unmap();
        }
    }

    /**
     * Gives the owner's hold back: nobody can take a new one, and the last hold out unmaps. Closing again does nothing.
     *
     * @return whether this call closed it
     */
    public boolean close() {
        for (; ; ) {
            int now = state;
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
        return jdk != null ? jdk.leased() : view(arena);
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
     * Changes the mapping itself while nobody holds it but the owner: waits for the holds to go, new ones wait meanwhile.
     *
     * @param patienceNanos how long to wait
     * @return false if the holds did not go in that time; nothing was changed then
     * @throws IllegalStateException if the region is closed
     */
    public boolean exclusively(long patienceNanos, Change change) throws MappingException {
        long start = System.nanoTime();
        if (!set(EXCLUSIVE, EXCLUSIVE, start, patienceNanos)) {
            return false;
        }
        try {
            if (!set(CHANGING, COUNT & ~1, start, patienceNanos)) {
                return false;
            }
            extent = change.apply(extent);
            return true;
        } finally {
            STATE.getAndBitwiseAnd(this, ~(EXCLUSIVE | CHANGING));
        }
    }

    /** Sets a bit as soon as others are clear; false if they are not in time. */
    private boolean set(int bit, int clear, long start, long patienceNanos) {
        for (; ; ) {
            int now = state;
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
