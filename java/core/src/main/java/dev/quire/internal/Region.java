package dev.quire.internal;

import dev.quire.error.MappingException;
import dev.quire.internal.Events.Span;
import dev.quire.internal.backing.Backing;
import dev.quire.internal.backing.Extent;
import dev.quire.internal.backing.JdkMemory;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.backing.NativeMemory;
import dev.quire.internal.backing.OutsideMemory;
import dev.quire.internal.backing.Subject;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Memory that the operating system mapped: its address, its length, how many use it, and whether it is closed.
 *
 * <p>Arenas only revoke Java views; the region owns the memory. Everything that uses the memory outside a Java view (a
 * call of the C layer, a kernel, a prefetch) is {@link #held} for as long as that takes. A {@link #lease()}
 * lasts as long as its taker likes, and while one is out, holds neither wait nor are refused: its views may be at work,
 * whatever the owner waits for or has closed. The owner's hold goes with {@link #close()}; the last hold or lease out
 * unmaps.
 *
 * <table>
 *   <caption>What the flags mean for each operation</caption>
 *   <thead><tr><th></th><th>CLOSED: {@code close} was called</th><th>EXCLUSIVE: a change wants to
 *   begin</th><th>CHANGING: a change is being made</th></tr></thead>
 *   <tbody>
 *   <tr><td>{@code lease}</td><td>throws</td><td>waits</td><td>waits</td></tr>
 *   <tr><td>{@code hold}</td><td>throws, unless a lease is out</td><td>waits, unless a lease is
 *   out</td><td>waits</td></tr>
 *   <tr><td>{@code close}</td><td>does nothing</td><td>closes; the change then throws</td><td>waits</td></tr>
 *   <tr><td>a change</td><td>throws</td><td>waits in its time</td><td>waits in its time</td></tr>
 *   </tbody>
 * </table>
 *
 * <p>EXCLUSIVE is set first; CHANGING is added when all leases and all holds but the owner's have gone, and both go
 * together.
 *
 * <p>Waiting: the state is one word, and nothing but this word decides. A thread that has to wait looks at it under the
 * region's monitor and waits there; a thread that changes the word so that another may go on, which EXCLUSIVE tells,
 * notifies under the monitor afterwards. Without waiters an operation is one compare-and-set. An interrupt does not end
 * a wait: the flag is taken away meanwhile and given back. Virtual threads that wait leave their carriers to others.
 */
public final class Region {
    /** Flags that have a meaning without a file. */
    private static final int WITHOUT_FILE =
            MapFlags.POPULATE | MapFlags.HUGE_PAGES | MapFlags.NO_RESERVE | MapFlags.KEEP_FILE;

    /** The low half of the state counts holds, the owner's included. */
    static final long HOLD = 1;

    /** The high half counts leases, below the flags. */
    private static final long LEASE = 1L << 32;

    private static final long CLOSED = 1L << 63;
    private static final long EXCLUSIVE = 1L << 62;
    private static final long CHANGING = 1L << 61;

    private static final long HOLDS = LEASE - HOLD;
    private static final long LEASES = CHANGING - LEASE;

    /** What a change waits for to go: everything but the owner's hold. */
    private static final long OTHERS = LEASES | (HOLDS & ~HOLD);

    /** No state: flags that exclude each other. */
    static final long STILL_COUNTED = -1;

    /** A thread that comes to the end of its stack wakes nobody: a change looks by itself. */
    private static final long LOOK_NANOS = 1_000_000_000;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Region.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Subject subject;
    private final Backing backing;
    private final long record;
    private final Counters counters = new Counters();
    private volatile Extent extent;

    /** Unmaps instead of the region, once nobody can reach it: see {@link #collectedView}. */
    private @Nullable Collected collected;

    /** Reachable with the region, so that what holds the region holds the memory. */
    @SuppressWarnings("UnusedVariable")
    private @Nullable MemorySegment keptView;

    /** Whether nobody uses the region any more, and it is still mapped. */
    private volatile boolean isLeft;

    /** Holds that were not given back, because there was no room on the stack for it; changed under the monitor. */
    volatile long owed;

    @SuppressWarnings("FieldMayBeFinal") // changed through STATE
    private volatile long state = HOLD;

    /** Set before the first region is handed out, and not volatile: who has a region sees it. */
    private static boolean anyMapped;

    private Region(Subject subject, Backing backing, Extent extent) {
        this.subject = subject;
        this.backing = backing;
        this.record = extent.record();
        this.extent = extent;
    }

    // ----------------------------------------------------------------------------------------------------- mapping

    /** Maps a range of a file; a length of -1 means up to its end. Mode and flags are the C layer's. */
    public static Region ofFile(Subject subject, long offset, long length, int mode, int flags)
            throws MappingException {
        Span event = mapping();
        if (NativeLibrary.isMissing()) {
            JdkMemory memory = JdkMemory.open(subject, offset, length, mode, flags);
            return mapped(event, subject, memory, memory.extent());
        }
        NativeMemory memory = new NativeMemory(subject);
        return mapped(event, subject, memory, memory.mapFile(offset, length, mode, flags));
    }

    /** Maps zeroed memory. Kind and flags are the C layer's; flags about files are left out. */
    public static Region ofAnonymous(Subject subject, long length, int kind, int flags) throws MappingException {
        Span event = mapping();
        NativeMemory memory = new NativeMemory(subject);
        return mapped(event, subject, memory, memory.mapAnonymous(length, kind, flags & WITHOUT_FILE));
    }

    /** Creates a named segment, which must not exist, and maps it. */
    public static Region ofNewSegment(Subject subject, String name, long length) throws MappingException {
        Span event = mapping();
        NativeMemory memory = new NativeMemory(subject);
        return mapped(event, subject, memory, memory.createShared(name, length));
    }

    /** Maps a named segment. */
    public static Region ofSegment(Subject subject, String name, int mode) throws MappingException {
        Span event = mapping();
        NativeMemory memory = new NativeMemory(subject);
        return mapped(event, subject, memory, memory.openShared(name, mode));
    }

    /** Maps another process's anonymous shared memory. */
    public static Region ofHandle(Subject subject, long process, long handle, int mode) throws MappingException {
        Span event = mapping();
        NativeMemory memory = new NativeMemory(subject);
        return mapped(event, subject, memory, memory.attach(process, handle, mode));
    }

    /**
     * Memory that somebody else owns: a region that nobody closes and nothing keeps.
     *
     * @throws UncheckedIOException if the native library is there and cannot be loaded
     */
    public static Region ofOutside(MemorySegment segment) {
        try {
            if (!NativeLibrary.isMissing()) {
                NativeLibrary.load();
            }
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
        Subject subject = Subject.memory("memory from outside");
        OutsideMemory memory = new OutsideMemory(subject, segment);
        return new Region(subject, memory, memory.extent());
    }

    private static @Nullable Span mapping() {
        if (!Events.on()) {
            return null;
        }
        JfrEvents.start();
        return JfrEvents.map();
    }

    /** The one way to a region. */
    private static Region mapped(@Nullable Span event, Subject subject, Backing backing, Extent extent)
            throws MappingException {
        try {
            Region region = new Region(subject, backing, extent);
            anyMapped = true;
            Events.end(event, subject, extent.fileOffset(), extent.length(), "mapped", extent.baseLength());
            return region;
        } catch (Throwable e) {
            backing.unmap(extent);
            throw e;
        }
    }

    // ------------------------------------------------------------------------------------------------------- facts

    /** Whether this process has mapped anything: what {@link Faults} is may be asked from then on. */
    public static boolean isAnyMapped() {
        return anyMapped;
    }

    /** What is mapped. */
    public Subject subject() {
        return subject;
    }

    /** What does the work; for those who hold the region. */
    Backing backing() {
        return backing;
    }

    /** Whether the memory has an address for its whole life, and the C layer knows it. */
    public boolean isNative() {
        return backing.isNative();
    }

    /** Whether holds and leases keep the memory. */
    public boolean isKept() {
        return backing.isKept();
    }

    /** Address of the record of its faults, for as long as the process lives; 0 if they are not healed. */
    public long record() {
        return record;
    }

    /** What is counted of it. */
    public Counters counters() {
        return counters;
    }

    /** Where it is mapped, now. */
    public Extent extent() {
        return extent;
    }

    /** Bytes mapped. */
    public long length() {
        return extent.length();
    }

    /**
     * Lets a range of bytes pass that lies in this region.
     *
     * @throws IndexOutOfBoundsException if it does not
     */
    public void requireInside(long offset, long length) {
        if (offset < 0 || length < 0 || length > length() - offset) {
            throw new IndexOutOfBoundsException(length + " bytes from byte " + offset + " on are outside the "
                    + length() + " bytes of " + subject().text());
        }
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return (state & CLOSED) != 0;
    }

    /**
     * Refuses what is over with a close, also if a lease is out.
     *
     * @throws IllegalStateException if the region is closed
     */
    public void requireOpen() {
        if (isClosed()) {
            throw closed();
        }
    }

    /**
     * Refuses what needs the memory itself: a lease or a call under way may keep it mapped after a close.
     *
     * @throws IllegalStateException if the region is closed, and nobody uses it any more
     */
    void requireMapped() {
        if ((state & (CLOSED | HOLDS | LEASES)) == CLOSED) {
            throw closed();
        }
    }

    /** Refuses a change that can never be made, before anything is done for it. */
    public void requireChangeable(String operation) throws MappingException {
        backing.requireChangeable(operation);
    }

    private IllegalStateException closed() {
        return new IllegalStateException("closed: " + subject.text());
    }

    // ------------------------------------------------------------------------------------------- holds and leases

    /** Work that needs the memory mapped, and where it is. */
    public interface Held<T, X extends Exception> {
        /** Does it. */
        T run() throws X;
    }

    /**
     * Does work under a hold: the memory stays mapped, and where it is. Waits while it is being changed. The last hold
     * of a closed region to go unmaps.
     *
     * @throws IllegalStateException if the region is closed and no lease is out
     */
    public <T, X extends Exception> T held(Held<T, X> work) throws X {
        hold();
        try {
            return work.run();
        } finally {
            long left = STILL_COUNTED;
            try {
                left = less(HOLD);
            } finally {
                if (left == STILL_COUNTED) {
                    synchronized (this) {
                        owed++;
                    }
                }
            }
            gone(left);
        }
    }

    /**
     * Takes a hold, for a caller that gives it back as {@link #held} does: near the end of the stack calls may fail in
     * a {@code finally} too, and what they could not give back is owed.
     */
    void hold() {
        enter(HOLD, LEASES);
    }

    /**
     * Keeps the memory mapped, and where it is, until {@link #endLease()}, and lets holds through meanwhile. Waits
     * while somebody wants to change it.
     *
     * @throws IllegalStateException if the region is closed
     * @throws UnsupportedOperationException if somebody else owns the memory
     */
    public void lease() {
        if (!backing.isKept()) {
            throw new UnsupportedOperationException(subject.text() + " is kept by its own arena alone");
        }
        enter(LEASE, 0);
    }

    /** Gives a lease back; unmaps if the region is closed and nobody else uses it. */
    public void endLease() {
        gone(less(LEASE));
    }

    /**
     * Counts one more as soon as nobody wants to change the region, or at once if some of what lets it through is
     * there.
     */
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
                awaitClear(EXCLUSIVE, Long.MAX_VALUE);
            }
        }
    }

    /** Counts one less; the state then. If this throws, nothing was changed. */
    long less(long one) {
        return (long) STATE.getAndAdd(this, -one) - one;
    }

    /** After that. When a closed region's last one has gone none can come, so one caller only sees that it was. */
    void gone(long now) {
        if ((now & (CLOSED | HOLDS | LEASES)) == CLOSED) {
            isLeft = true;
            unmapLeft();
        } else if ((now & EXCLUSIVE) != 0 && (now & OTHERS) == 0) {
            wake();
        }
    }

    /** Gives back what is owed, for a thread with room on its stack. */
    private void settle() {
        if (owed != 0) {
            StackSpace.reserve();
            long debts;
            synchronized (this) {
                debts = owed;
                owed = 0;
            }
            gone(less(debts * HOLD));
        }
    }

    // ----------------------------------------------------------------------------------------------------- waiting

    /** Waits until bits are clear or the region is closed, for at most that long. */
    private synchronized void awaitClear(long bits, long nanos) {
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            for (long left = nanos; isWaiting(bits) && left > 0; left = nanos - (System.nanoTime() - start)) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isWaiting(long bits) {
        long now = state;
        return (now & bits) != 0 && (now & CLOSED) == 0;
    }

    private synchronized void wake() {
        notifyAll();
    }

    // ----------------------------------------------------------------------------------------------------- closing

    /**
     * Gives the owner's hold back: there are no new leases, no new holds but while a lease is out, and the last of all
     * to go unmaps. Closing again does nothing, unless the memory could not be unmapped.
     *
     * @return whether this call closed it
     */
    public boolean close() {
        settle();
        for (; ; ) {
            long now = state;
            if ((now & CLOSED) != 0) {
                unmapLeft();
                return false;
            }
            if ((now & CHANGING) != 0) {
                awaitClear(CHANGING, Long.MAX_VALUE);
            } else if (STATE.compareAndSet(this, now, (now | CLOSED) - HOLD)) {
                if ((now & EXCLUSIVE) != 0) {
                    wake();
                }
                if ((now & (HOLDS | LEASES)) == HOLD) {
                    isLeft = true;
                    unmapLeft();
                }
                return true;
            }
        }
    }

    /** Unmaps what nobody uses any more. If that fails, for lack of memory or stack, closing again tries again. */
    private synchronized void unmapLeft() {
        if (isLeft) {
            Collected end = collected;
            if (end != null) {
                end.run();
            } else {
                unmap(backing, subject, extent, counters);
            }
            isLeft = false;
        }
    }

    private static void unmap(Backing backing, Subject subject, Extent extent, Counters counters) {
        Span event = Events.on() ? JfrEvents.unmap() : null;
        try {
            backing.unmap(extent);
        } catch (MappingException e) {
            throw new UncheckedIOException(e);
        }
        counters.end();
        Events.end(event, subject, extent.fileOffset(), extent.length(), "unmapped", extent.baseLength());
    }

    // ------------------------------------------------------------------------------------------------------- views

    /** The owner's view of the whole region. */
    public MemorySegment view(Arena arena) {
        return backing.view(extent, arena, null);
    }

    /** A lease's view: the arena is the lease's own. */
    public MemorySegment leasedView(Arena arena) {
        return backing.leasedView(extent, arena);
    }

    /** A pin's view, which ends with its arena alone. */
    public MemorySegment pinnedView(Arena arena) {
        return backing.pinnedView(extent, arena);
    }

    /** Whether the garbage collector unmaps it, whatever is counted here: see {@link #collectedView}. */
    public boolean isCollected() {
        return collected != null;
    }

    /**
     * A view of a region that is never closed: the garbage collector unmaps it when neither the region nor the view can
     * be reached. A call under way reaches the region, so it need not think of that.
     */
    public MemorySegment collectedView() {
        Collected end = new Collected(backing, subject, extent, counters);
        collected = end;
        MemorySegment view = backing.view(extent, Arena.ofAuto(), end);
        keptView = view;
        return view;
    }

    /**
     * Unmaps once: as the action at the end of an arena, which must not reach the region, or when the mapping failed.
     */
    private static final class Collected implements Consumer<MemorySegment> {
        private final Backing backing;
        private final Subject subject;
        private final Extent extent;
        private final Counters counters;
        private final AtomicBoolean isDone = new AtomicBoolean();

        Collected(Backing backing, Subject subject, Extent extent, Counters counters) {
            this.backing = backing;
            this.subject = subject;
            this.extent = extent;
            this.counters = counters;
        }

        @Override
        public void accept(MemorySegment view) {
            run();
        }

        void run() {
            if (isDone.compareAndSet(false, true)) {
                unmap(backing, subject, extent, counters);
            }
        }
    }

    // ----------------------------------------------------------------------------------------------------- changes

    /**
     * Makes a change while nobody uses the region but the owner: waits for the leases to end and for the holds to go.
     * New leases wait meanwhile; new holds do when the last lease has ended. If the platform had to unmap for a change
     * that it then refused, the region is closed.
     *
     * @param timeoutNanos how long to wait
     * @return false if they did not go in that time; nothing was changed then
     * @throws IllegalStateException if the region is closed
     */
    boolean exclusively(long timeoutNanos, Backing.Change change) {
        StackSpace.reserve();
        Extent after = new Extent();
        long start = System.nanoTime();
        if (!set(EXCLUSIVE, EXCLUSIVE, start, timeoutNanos)) {
            return false;
        }
        boolean isLost;
        try {
            if (!set(CHANGING, OTHERS, start, timeoutNanos)) {
                return false;
            }
            Extent before = extent;
            change.make(before, after);
            extent = after;
            isLost = change.isRefused() && before.base() != 0 && after.base() == 0;
        } finally {
            STATE.getAndBitwiseAnd(this, ~(EXCLUSIVE | CHANGING));
            wake();
        }
        if (isLost) {
            close();
        }
        return true;
    }

    /** Sets a bit as soon as others are clear; false if they are not in time. */
    private boolean set(long bit, long clear, long start, long timeoutNanos) {
        for (; ; ) {
            settle();
            long now = state;
            if ((now & CLOSED) != 0) {
                throw closed();
            }
            if ((now & clear) == 0) {
                if (STATE.compareAndSet(this, now, now | bit)) {
                    return true;
                }
            } else {
                long left = timeoutNanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return false;
                }
                awaitClear(clear, Math.min(left, LOOK_NANOS));
            }
        }
    }
}
