package dev.quire.internal;

import dev.quire.error.MappingException;
import dev.quire.internal.backing.CallFrame;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.Subject;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_read;
import dev.quire.internal.ffi.quire_reader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Many reads at once, by a ring of the kernel's, into the memory of one region. One thread at a time uses it, and the
 * one that begins a read lives until it has arrived.
 */
public final class ReadRing implements AutoCloseable {
    private static final Subject SUBJECT = Subject.memory("the buffers of a batch");

    /** Reachable as long as the ring: the kernel writes there. */
    private final Region memory;

    private final int depth;
    private final MemorySegment reader;
    private final MemorySegment reads;
    private final MemorySegment arrived;

    private ReadRing(Region memory, int depth, Arena arena) {
        this.memory = memory;
        this.depth = depth;
        this.reader = quire_reader.allocate(arena);
        this.reads = quire_read.allocateArray(depth, arena);
        this.arrived = quire_read.allocateArray(depth, arena);
    }

    /** Opens a ring for so many reads at once; throws where there is none. */
    public static ReadRing open(Region memory, int depth) throws MappingException {
        ReadRing ring = new ReadRing(memory, depth, Arena.ofAuto());
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_reader_open(frame.region(memory.extent()), depth, ring.reader, frame.error);
            Failures.check(code, frame, "read into", SUBJECT, -1, memory.length());
            return ring;
        } finally {
            frame.giveBack();
        }
    }

    /** The most reads that may be under way. */
    public int depth() {
        return depth;
    }

    /** Address of the memory that reads go into. */
    public long address() {
        return memory.extent().address();
    }

    /** Prepares a read of the next {@link #submit}. */
    public void prepare(int at, ReadSource source, long offset, long length, long destination, long tag) {
        MemorySegment read = quire_read.asSlice(reads, at);
        quire_read.source(read, source.handle());
        quire_read.offset(read, offset);
        quire_read.length(read, length);
        quire_read.destination(read, destination);
        quire_read.tag(read, tag);
    }

    /** Begins the first so many prepared reads; how many the system took, from the first one on. */
    public int submit(int count) {
        long before = quire_reader.under_way(reader);
        CallFrame frame = CallFrame.take();
        try {
            int _ = QuireHeader.quire_reader_submit(reader, reads, count, frame.error); // under_way tells
            return (int) (quire_reader.under_way(reader) - before);
        } finally {
            frame.giveBack();
        }
    }

    /** Waits for so many reads to arrive, or all; how many have. */
    public int await(int least) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_reader_wait(reader, arrived, Math.min(least, depth), depth, frame.error);
            Failures.check(code, frame, "read into", SUBJECT, -1, -1);
            return (int) quire_reader.arrived(reader);
        } finally {
            frame.giveBack();
        }
    }

    /** The tag of a read that has arrived. */
    public long tag(int at) {
        return quire_read.tag(quire_read.asSlice(arrived, at));
    }

    /** How many bytes it read; -1 if it failed. */
    public long done(int at) {
        MemorySegment read = quire_read.asSlice(arrived, at);
        return quire_read.code(read) == Failures.OK ? quire_read.done(read) : -1;
    }

    /** Waits for what is under way. Closing again does nothing. */
    @Override
    public void close() {
        CallFrame frame = CallFrame.take();
        try {
            int _ = QuireHeader.quire_reader_close(reader, frame.error); // it closes whatever it answers
        } finally {
            frame.giveBack();
        }
    }
}
