package dev.quire.shared;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.internal.AllMemory;
import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import dev.quire.internal.SharedCalls;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.MapFlags;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.LongSlice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The memory of a ring, leased for one of its ends: mapped, where it is and writable until {@link #release}, whatever
 * becomes of the mapping it was taken from. It is accessed through {@link #all} at {@link #base} and behind it.
 */
final class RingMemory {
    static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final ByteSlice bytes;
    private final MemorySegment checked;
    private final long base;
    private final int capacity;
    private final boolean mayFault;

    private RingMemory(ByteSlice bytes, int capacity) throws MappingException {
        this.bytes = bytes;
        this.checked = bytes.segment();
        this.base = AllMemory.base(SliceDoor.region(bytes), bytes.offset(), bytes.byteSize());
        this.capacity = capacity;
        this.mayFault = mayFault(SliceDoor.region(bytes));
    }

    /**
     * Leases the memory and has this process written into it as the owner of an end.
     *
     * @param at of the end's word
     * @param end its name
     */
    static RingMemory leased(ByteSlice bytes, int at, String end) throws MappingException {
        int capacity = MessageRing.capacity(bytes);
        Region region = SliceDoor.region(bytes);
        if (region.extent().mode() == MapFlags.COPY_ON_WRITE) {
            throw new IllegalArgumentException(
                    "a ring needs memory that others see: " + region.subject().text() + " is mapped copy-on-write");
        }
        region.lease();
        try {
            RingMemory memory = new RingMemory(bytes, capacity);
            memory.claim(at, end);
            return memory;
        } catch (Throwable e) {
            region.endLease();
            throw e;
        }
    }

    /**
     * Memory is there for good if it has no file that could be truncated, and is sealed where other processes have it.
     */
    private static boolean mayFault(Region region) throws MappingException {
        return switch (region.extent().kind()) {
            case MapFlags.KIND_ANONYMOUS_PRIVATE -> false;
            case MapFlags.KIND_ANONYMOUS_SHARED -> (SharedCalls.seals(region) & Seal.SHRINK.bit) == 0;
            default -> true;
        };
    }

    /** The caller's view is asked, which refuses what it may not do: to write, or to be used at all. */
    private void claim(int at, String end) throws MappingException {
        LongSlice words = words();
        long mine = ProcessIdentity.current().word();
        for (; ; ) {
            long other = checked(() -> words.getAcquire(at / Long.BYTES));
            ProcessIdentity holder = ProcessIdentity.ofWord(other);
            if (other != 0 && holder.isAlive()) {
                String who = other == mine ? "this process" : "process " + holder.pid();
                String sentence = who + " is already " + end + " of this ring";
                throw Failures.own("attach to", region().subject(), ErrorCode.FILE_BUSY, sentence);
            }
            if (checked(() -> words.compareAndSet(at / Long.BYTES, other, mine))) {
                return;
            }
        }
    }

    /**
     * Gives an end back, and then the lease: nothing of this object may be used any more. The word is read before it is
     * exchanged: where faults are not healed, an exchange that meets lost memory ends the virtual machine.
     */
    void release(int at) {
        long mine = ProcessIdentity.current().word();
        try {
            if (holder(at) == mine) {
                checked(() -> LONG.compareAndSet(all(), base + at, mine, 0L));
            }
        } finally {
            region().endLease();
        }
    }

    /** Whether some living process has an end. */
    boolean isHeld(int at) {
        return ProcessIdentity.ofWord(holder(at)).isAlive();
    }

    private long holder(int at) {
        return checked(() -> (long) LONG.getAcquire(all(), base + at));
    }

    /** Whether some living process has an end, for a thread without a lease: the ring may be closed meanwhile. */
    boolean isSeenHeld(int at) {
        LongSlice words = words();
        long holder = checked(() -> words.getAcquire(at / Long.BYTES));
        return ProcessIdentity.ofWord(holder).isAlive();
    }

    private LongSlice words() {
        return bytes.slice(0, MessageRing.HEADER_BYTES).longs();
    }

    /** What to access. */
    MemorySegment all() {
        return AllMemory.or(checked);
    }

    /** Where the ring's header begins in what is accessed. */
    long base() {
        return base;
    }

    int capacity() {
        return capacity;
    }

    /** Whether bytes of it may be lost: others can truncate it. */
    boolean mayFault() {
        return mayFault;
    }

    /** What {@link #requireThere} compares with. */
    long losses() {
        return mayFault ? Faults.count(region()) : 0;
    }

    /** Throws if bytes of the ring are lost: what is stored there reaches nobody. */
    void requireThere(long before) {
        if (mayFault) {
            Faults.check(region(), offset(), bytes.byteSize(), before);
        }
    }

    /** Runs what accesses the ring and looks itself whether bytes are lost. */
    <T, X extends Exception> T guarded(Faults.Access<T, X> block) throws X {
        return Faults.HEALED ? block.run() : Faults.guarded(region(), offset(), bytes.byteSize(), block);
    }

    private <T> T checked(Faults.Access<T, RuntimeException> block) {
        return Faults.guarded(region(), offset(), bytes.byteSize(), block);
    }

    Region region() {
        return SliceDoor.region(bytes);
    }

    /** Where the ring's header begins in the region. */
    long offset() {
        return bytes.offset();
    }

    String text() {
        return region().subject().text();
    }

    /** The records, for reading by this thread, as long as the arena lives. */
    MemorySegment records(Arena arena) {
        return room(arena).asReadOnly();
    }

    /** The records, for writing by this thread, as long as the arena lives. */
    MemorySegment room(Arena arena) {
        return region().leasedView(arena).asSlice(offset() + MessageRing.HEADER_BYTES, capacity);
    }

    /** Refuses a position in memory that no consumer stored. */
    void requirePosition(long head) {
        if (head < 0 || head % Long.BYTES != 0) {
            throw new IllegalStateException("the ring in " + text() + " is damaged: its consumer is at " + head);
        }
    }

    IllegalStateException damaged(long length, long index) {
        return new IllegalStateException(
                "the ring in " + text() + " is damaged: a message of " + length + " bytes at " + index);
    }
}
