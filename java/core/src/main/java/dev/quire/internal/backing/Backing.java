package dev.quire.internal.backing;

import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What mapped a region's memory and does everything that is asked of it: the C layer, or the JDK where there is no
 * native library. {@link Region} chooses it once, when it maps.
 *
 * <p>The caller holds the region, and passes its extent as it is under that hold; a backing takes no hold itself. What
 * the JDK cannot do is the outcome UNSUPPORTED where an outcome is answered, and an exception elsewhere.
 */
public sealed interface Backing permits NativeMemory, UnaidedMemory {
    /** Whether the memory has an address for its whole life, and the C layer knows it. */
    boolean isNative();

    /** Whether holds and leases keep the memory: it is this library's. */
    default boolean isKept() {
        return true;
    }

    /** A view of everything: the one place where an address becomes a segment. The action runs when the arena ends. */
    MemorySegment view(Extent extent, Arena arena, @Nullable Consumer<MemorySegment> atEnd);

    /** A lease's view: the arena is the lease's own. */
    MemorySegment leasedView(Extent extent, Arena arena);

    /**
     * A view that ends with its arena alone, whatever becomes of the owner's.
     *
     * @throws UnsupportedOperationException if it would not see the owner's private changes
     */
    MemorySegment pinnedView(Extent extent, Arena arena);

    /** Unmaps, after the last hold. */
    void unmap(Extent extent) throws MappingException;

    // --------------------------------------------------------------------------------------------------- pages

    /**
     * Gives a hint.
     *
     * @param looks whether WILLNEED is given for those bytes alone that the file has now, which costs asking for its
     *     size
     */
    Outcome advise(Extent extent, long offset, long length, Hint hint, boolean looks) throws MappingException;

    /** Bytes of whole pages that the hint was given for, or 0 if {@link #advise} has to be asked. */
    long adviseBriefly(Extent extent, long offset, long length, Hint hint);

    Outcome prefetch(Extent extent, List<ByteRange> ranges) throws MappingException;

    /**
     * Throws if there is not enough memory for the pages of a range.
     *
     * @param use {@code enum quire_use}
     */
    void checkMemory(Extent extent, long offset, long length, int use) throws MappingException;

    Outcome populate(Extent extent, long offset, long length, boolean write) throws MappingException;

    void lock(Extent extent, long offset, long length, boolean onFault) throws MappingException;

    void unlock(Extent extent, long offset, long length) throws MappingException;

    Residency residency(Extent extent, long offset, long length) throws MappingException;

    /** Whether every page of a range is in memory; false if the operating system does not tell. */
    boolean isResident(Extent extent, long offset, long length) throws MappingException;

    void flush(Extent extent, long offset, long length, Durability durability) throws MappingException;

    Outcome evict(Extent extent, long offset, long length) throws MappingException;

    Outcome discard(Extent extent, long offset, long length) throws MappingException;

    /** Maps lost pages again where they are there again; which, in bytes from the beginning. */
    List<ByteRange> restore(Extent extent) throws MappingException;

    // --------------------------------------------------------------------------------------------------- files

    /** What the path names now. */
    FileStatus file() throws MappingException;

    /** Bytes of the mapped file now; -1 if it has none, is gone or was replaced. */
    long sizeNow(Extent extent);

    // ----------------------------------------------------------------------------------------- between processes

    /** Adds seals, bits of {@code enum quire_seal}. */
    void seal(Extent extent, int seals) throws MappingException;

    /** Which seals there are; 0 where there can be none. */
    int seals(Extent extent) throws MappingException;

    /** Sleeps while a word has a value; false if the platform cannot, and nothing was waited for. */
    boolean await(Extent extent, long offset, int expected, long nanos) throws MappingException;

    /** Wakes those who wait for a word; does nothing where nobody can. */
    void wake(Extent extent, long offset) throws MappingException;

    // ------------------------------------------------------------------------------------------------- changes

    /**
     * A change of the mapping itself, with everything that it needs: nothing is allocated while it is made. Throws here
     * what the backing cannot do at all.
     */
    Change resizing(long length) throws MappingException;

    /** A change that makes the pages writable or not. */
    Change protecting(boolean writable) throws MappingException;

    /** A change that makes the memory read-only, here and for every process, and adds seals. */
    Change freezing(int seals) throws MappingException;

    /** Throws if the mapping cannot be changed at all, before anything is done for a change. */
    void requireChangeable(String operation) throws MappingException;

    /** A prepared change; closing it gives back what it needed. */
    interface Change extends AutoCloseable {
        /** Changes the mapping, and fills in where it is afterwards, also if that was refused. Allocates nothing. */
        void make(Extent before, Extent after);

        /** Whether {@link #make} was refused. */
        boolean isRefused();

        /** Throws why it was refused, if it was. */
        void check() throws MappingException;

        @Override
        void close();
    }
}
