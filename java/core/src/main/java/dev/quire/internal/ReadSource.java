package dev.quire.internal;

import dev.quire.error.MappingException;
import dev.quire.internal.backing.CallFrame;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.FileNames;
import dev.quire.internal.backing.Subject;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_read;
import dev.quire.internal.ffi.quire_source;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The file under a region, open for reads into memory of the caller's. */
public final class ReadSource implements AutoCloseable {
    private final Subject subject;
    private final MemorySegment source;

    private ReadSource(Subject subject, MemorySegment source) {
        this.subject = subject;
        this.source = source;
    }

    /**
     * Opens the file that a region of the C layer maps.
     *
     * @param direct whether reads go past the page cache
     */
    public static ReadSource open(Region region, boolean direct) throws MappingException {
        MemorySegment source = quire_source.allocate(Arena.ofAuto());
        Subject subject = region.subject();
        int flags = direct ? QuireHeader.QUIRE_SOURCE_DIRECT() : 0;
        CallFrame frame = CallFrame.take();
        try (Arena arena = Arena.ofConfined()) {
            byte[] name = FileNames.bytes(subject.path());
            MemorySegment path = arena.allocate(name.length + 1L);
            MemorySegment.copy(name, 0, path, ValueLayout.JAVA_BYTE, 0, name.length);
            int code = QuireHeader.quire_source_open(frame.region(region.extent()), path, flags, source, frame.error);
            Failures.check(code, frame, "open", subject, -1, -1);
            return new ReadSource(subject, source);
        } finally {
            frame.giveBack();
        }
    }

    long handle() {
        return quire_source.handle(source);
    }

    /** Offsets, lengths and addresses have to be multiples of it; a power of two. */
    public long alignment() {
        return Math.max(quire_source.offset_alignment(source), quire_source.memory_alignment(source));
    }

    /**
     * Reads; how many bytes, fewer only where the file ends.
     *
     * @param destination address of memory that the caller keeps reachable
     */
    public long read(long offset, long length, long destination) throws MappingException {
        CallFrame frame = CallFrame.take();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment read = quire_read.allocate(arena);
            quire_read.offset(read, offset);
            quire_read.length(read, length);
            quire_read.destination(read, destination);
            int code = QuireHeader.quire_source_read(source, read, frame.error);
            Failures.check(code, frame, "read", subject, offset, length);
            return quire_read.done(read);
        } finally {
            frame.giveBack();
        }
    }

    /** No read may be under way. Closing again does nothing. */
    @Override
    public void close() {
        CallFrame frame = CallFrame.take();
        try {
            int _ = QuireHeader.quire_source_close(source, frame.error); // it cannot fail
        } finally {
            frame.giveBack();
        }
    }
}
