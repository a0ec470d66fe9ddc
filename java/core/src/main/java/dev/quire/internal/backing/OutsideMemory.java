package dev.quire.internal.backing;

import dev.quire.error.MappingException;
import dev.quire.hint.Durability;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Memory that somebody else owns: a segment that was handed in, and lives as long as that one's arena. Nothing here can
 * keep it, so nobody but the segment itself accesses it.
 */
public final class OutsideMemory extends UnaidedMemory {
    private final MemorySegment segment;

    public OutsideMemory(Subject subject, MemorySegment segment) {
        super(subject);
        this.segment = segment;
    }

    /** Where it is. */
    public Extent extent() {
        return Extent.ofOutside(segment, NativeLibrary.isHealing() ? Always.LOST : 0);
    }

    /** A record of faults that is odd, so that it is always looked closer. */
    private static final class Always {
        private static final long BYTES = 2048;

        static final long LOST = record();

        private static long record() {
            MemorySegment record = Arena.global().allocate(BYTES, Long.BYTES);
            record.set(ValueLayout.JAVA_LONG, 0, 1);
            return record.address();
        }
    }

    @Override
    String why() {
        return "it belongs to whoever made the segment";
    }

    private UnsupportedOperationException cannotKeep() {
        return new UnsupportedOperationException("nothing but its own arena keeps " + subject.text());
    }

    @Override
    public MemorySegment view(Extent extent, Arena arena, @Nullable Consumer<MemorySegment> atEnd) {
        throw cannotKeep();
    }

    @Override
    public MemorySegment leasedView(Extent extent, Arena arena) {
        throw cannotKeep();
    }

    @Override
    public MemorySegment pinnedView(Extent extent, Arena arena) {
        throw cannotKeep();
    }

    @Override
    public boolean isKept() {
        return false;
    }

    @Override
    public void unmap(Extent extent) {
        throw cannotKeep();
    }

    @Override
    public void flush(Extent extent, long offset, long length, Durability durability) throws MappingException {
        throw Failures.unsupported("flush", subject, why());
    }

    @Override
    public FileStatus file() throws MappingException {
        throw Failures.unsupported("ask for the file of", subject, why());
    }

    @Override
    public long sizeNow(Extent extent) {
        return -1;
    }
}
