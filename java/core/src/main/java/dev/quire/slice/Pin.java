package dev.quire.slice;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps mapped memory where it is for code that keeps an address: native code, and libraries such as Agrona, Netty and
 * Arrow, which end the virtual machine when they use memory that was unmapped. Any thread may take a pin, use it and
 * give it back; there may be many of one memory.
 *
 * {@snippet :
 * Pin pin = map.pin();
 * library.wrap(pin.address(), pin.byteSize(), () -> pin.close());
 * }
 *
 * <p>A pin counts as a {@code Lease} does. Closing the mapping neither waits for it nor is refused: the mapping and its
 * views are closed at once for everybody else, there are no new pins, and the last pin to go unmaps, in the thread that
 * closes it. Resizing and protecting wait for pins and give up when their time is over: a minute, where a method has no
 * timeout.
 *
 * <table>
 *   <caption>A pin and the lifetimes</caption>
 *   <thead><tr><th>Lifetime</th><th>Who may pin</th><th>{@code close()} of the
 *   mapping</th><th>Unmapped</th></tr></thead>
 *   <tbody>
 *   <tr><td>CONFINED</td><td>any thread</td><td>revokes the views, not the pin</td><td>with the last pin</td></tr>
 *   <tr><td>SHARED</td><td>any thread</td><td>the same</td><td>with the last pin</td></tr>
 *   <tr><td>LEASED</td><td>any thread</td><td>refuses new leases and pins</td><td>with the last lease or pin</td></tr>
 *   <tr><td>of a {@code MappingGroup}</td><td>any thread</td><td>of the group: as SHARED</td><td>each mapping with its
 *   last pin</td></tr>
 *   <tr><td>AUTO</td><td>any thread</td><td>there is none</td><td>when no view is reachable and no pin is out</td></tr>
 *   </tbody>
 * </table>
 *
 * <p>A pin that is never closed keeps the memory mapped until the process ends. Taking one and closing it cost less
 * than 0.1 us; if {@link #segment()} was called, closing costs a handshake with every thread.
 *
 * <p>Where bytes of a file are lost, whoever has the address reads zeros. {@link #requireIntact()} tells: call it
 * before a result is handed out that came from the memory.
 */
public final class Pin implements AutoCloseable {
    /** Of memory that the collector unmaps: forgotten pins keep that too. */
    private static final Set<Pin> OF_COLLECTED = ConcurrentHashMap.newKeySet();

    private final Region region;
    private final long offset;
    private final long length;

    /** What the region's record said when the pin was taken. */
    private final long before;

    private volatile boolean closed;

    /** Made when the segment is asked for: guarded by this object. */
    private @Nullable Arena arena;

    private @Nullable MemorySegment segment;

    Pin(Region region, long offset, long length) {
        region.lease();
        try {
            region.requireInside(offset, length);
            this.region = region;
            this.offset = offset;
            this.length = length;
            this.before = Faults.count(region);
            if (region.isCollected()) {
                OF_COLLECTED.add(this);
            }
        } catch (Throwable e) {
            region.endLease();
            throw e;
        }
    }

    /** How many bytes are pinned. */
    public long byteSize() {
        return length;
    }

    /** Whether the memory must not be written: that ends the virtual machine if native code does it. */
    public boolean isReadOnly() {
        return !region.extent().writable();
    }

    /**
     * Where the memory begins in this process, until the pin is closed.
     *
     * @throws IllegalStateException if it is closed
     */
    public long address() {
        requireOpen();
        return region.isNative()
                ? region.extent().address() + offset
                : segment().address();
    }

    /**
     * The memory as a segment for any thread, which throws {@link IllegalStateException} once the pin is closed.
     *
     * @throws IllegalStateException if it is closed
     * @throws UnsupportedOperationException if the JDK maps the files and the mapping is copy-on-write
     */
    public synchronized MemorySegment segment() {
        requireOpen();
        MemorySegment made = segment;
        if (made == null) {
            Arena own = Arena.ofShared();
            try {
                made = region.pinnedView(own).asSlice(offset, length);
            } catch (Throwable e) {
                own.close();
                throw e;
            }
            arena = own;
            segment = made;
        }
        return made;
    }

    /**
     * Returns if no pinned byte is lost, nor was since the pin was taken: since its file was truncated, the disk is
     * full under a sparse file, or the device failed. Costs two loads.
     *
     * @throws dev.quire.error.MemoryFaultException if one is or was
     * @throws IllegalStateException if the pin is closed
     */
    public void requireIntact() {
        requireIntact(0, length);
    }

    /**
     * Returns if no byte of a range is lost. Bytes that came back since the pin was taken count as lost, in every
     * range.
     *
     * @param from counted from the first pinned byte
     * @throws dev.quire.error.MemoryFaultException if one is
     * @throws IndexOutOfBoundsException if the range does not lie in what is pinned
     * @throws IllegalStateException if the pin is closed
     */
    public void requireIntact(long from, long count) {
        requireOpen();
        Objects.checkFromIndexSize(from, count, length);
        if (Faults.HEALED) {
            Faults.check(region, offset + from, count, before);
        } else {
            Faults.guarded(region, offset + from, count, () -> region);
        }
    }

    /**
     * Runs a block that accesses the memory, in whatever way, and does not hand out its result if pinned bytes are
     * lost.
     *
     * @throws dev.quire.error.MemoryFaultException if bytes are lost; what the block threw is suppressed in it
     * @throws IllegalStateException if the pin is closed
     */
    public <T> T guarded(Supplier<T> block) {
        requireOpen();
        return Faults.guarded(region, offset, length, block::get);
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the pin is closed: " + region.subject().text());
        }
    }

    /**
     * Gives the memory back; the last one to go unmaps it if the mapping is closed. Nobody may use the address any
     * more. Any thread may close a pin; closing it again does nothing.
     *
     * @throws IllegalStateException if a method of the JDK that was given the segment is at work on it; it stays pinned
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        if (arena != null) {
            arena.close();
        }
        closed = true;
        OF_COLLECTED.remove(this);
        region.endLease();
    }

    @Override
    public String toString() {
        return (closed ? "closed pin of " : "pin of ") + length + " bytes at " + offset + " of "
                + region.subject().text();
    }
}
