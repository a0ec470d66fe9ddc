package dev.quire;

import dev.quire.testing.Pattern;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A place for a mapping that is opened, used, changed and closed by many threads. Up to {@link #KEPT} its bytes are the
 * {@link Pattern} at all times; what lies behind comes and goes with its size, and is the pattern or zero.
 */
final class StressSlot {
    static final long KEPT = 64 << 10;
    static final long LARGEST = 3 * KEPT;

    final MemoryKind subject;
    final AtomicInteger readers = new AtomicInteger();
    final LongAdder closes = new LongAdder();
    final LongAdder closesUnderReaders = new LongAdder();
    private final Path file;
    private volatile @Nullable OpenMemory current;

    StressSlot(MemoryKind subject, Path folder) throws IOException {
        this.subject = subject;
        this.file = Pattern.file(folder.resolve(subject.toString().replace(' ', '-')), KEPT);
        this.current = open();
    }

    /** Each writable mapping gets a file of its own: what is still under way in the old one would see it shrink. */
    private OpenMemory open() throws IOException {
        if (subject.kind() == MemoryKind.Kind.READ_WRITE_FILE) {
            Pattern.file(file, KEPT);
        }
        if (subject.kind().isFile()) {
            return subject.map(file, MapOptions.DEFAULT);
        }
        OpenMemory opened = subject.anonymous(KEPT, MapOptions.DEFAULT);
        opened.use(views -> Pattern.write(views.segment(), 0));
        return opened;
    }

    /** What is mapped now: it may be closed in this moment. */
    OpenMemory current() {
        OpenMemory now = current;
        if (now == null) {
            throw new IllegalStateException("between two mappings");
        }
        return now;
    }

    /** Closes what is there and opens it anew. Only one thread does that. */
    void reopen() throws IOException {
        OpenMemory old = current();
        if (subject.isClosable()) {
            boolean underReaders = readers.get() > 0;
            old.close();
            closes.increment();
            if (underReaders) {
                closesUnderReaders.increment();
            }
        }
        current = null;
        current = open();
    }

    /** Fails on any byte that cannot be there. */
    static void check(MemorySegment segment, long from, long length) {
        long end = Math.min(from + length, segment.byteSize());
        for (long at = from; at < end; at++) {
            byte found = segment.get(ValueLayout.JAVA_BYTE, at);
            if (found != Pattern.at(at) && (found != 0 || at < KEPT)) {
                throw new AssertionError("byte " + at + " is " + found + " and not " + Pattern.at(at));
            }
        }
    }

    /** Fails on any wrong byte of a copy from within what is kept. */
    static void checkCopy(byte[] copied, long offset) {
        for (int i = 0; i < copied.length; i++) {
            if (copied[i] != Pattern.at(offset + i)) {
                throw new AssertionError("copied byte " + (offset + i) + " is " + copied[i]);
            }
        }
    }

    /** Writes what is there already. */
    static void write(MemorySegment segment, long from, long length) {
        long end = Math.min(from + length, segment.byteSize());
        for (long at = from; at < end; at++) {
            segment.set(ValueLayout.JAVA_BYTE, at, Pattern.at(at));
        }
    }
}
