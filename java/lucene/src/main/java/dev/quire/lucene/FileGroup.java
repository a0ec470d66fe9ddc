package dev.quire.lucene;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MappedMemory;
import dev.quire.Mapping;
import dev.quire.MappingGroup;
import dev.quire.Views;
import dev.quire.error.MappingException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.AlreadyClosedException;

/** Files whose mappings end together: when the last of them is closed. */
abstract sealed class FileGroup {
    /** How long a close waits for native code that was given a segment. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /** Files that somebody reads through segments. */
    private final List<OpenFile> handedOut = new CopyOnWriteArrayList<>();

    /** A mapping and its view. */
    record Member(MappedMemory memory, MemorySegment segment) {}

    /** Maps a file. */
    abstract Member open(Path path) throws MappingException;

    /** Gives up a file that could not be opened. */
    abstract void leave() throws IOException;

    void handOut(OpenFile file) {
        handedOut.add(file);
    }

    void leave(OpenFile file) throws IOException {
        handedOut.remove(file);
        leave();
    }

    /**
     * After an access, once the process has lost bytes anywhere: refuses a file if bytes of it are lost, or of another
     * one of the group that somebody reads through a segment, of which nobody would ever hear.
     */
    void requireWhole(OpenFile reading) throws CorruptIndexException {
        if (reading.isDamaged()) {
            throw reading.corrupt();
        }
        for (OpenFile file : handedOut) {
            if (file.isDamaged()) {
                throw file.corrupt();
            }
        }
        if (!reading.isMapped()) {
            throw new AlreadyClosedException("Already closed: " + reading.name());
        }
    }

    /** Ends mappings as soon as no native code is at work on a segment of theirs. */
    private static void end(Runnable close, Object mappings) throws IOException {
        long start = System.nanoTime();
        for (; ; ) {
            try {
                close.run();
                return;
            } catch (IllegalStateException e) {
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new IOException("native code has a segment of " + mappings + ", which stays mapped", e);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** A file that is read once, by the thread that opens it: ending it concerns no other thread. */
    static final class Alone extends FileGroup {
        private final List<Mapping> mappings = new CopyOnWriteArrayList<>();

        @Override
        Member open(Path path) throws MappingException {
            Mapping mapping = Mapping.open(path, MapMode.READ_ONLY, Lifetime.CONFINED);
            mappings.add(mapping);
            return new Member(mapping, mapping.segment());
        }

        @Override
        void leave() throws IOException {
            for (Mapping mapping : mappings) {
                end(mapping::close, mapping);
            }
        }
    }

    /** Files that are opened and closed by any thread. */
    static final class Together extends FileGroup {
        private final FileGroups groups;
        private final String key;
        private final MappingGroup mappings = new MappingGroup();

        /** Of open files: guarded by the groups. */
        int members;

        Together(FileGroups groups, String key) {
            this.groups = groups;
            this.key = key;
        }

        String key() {
            return key;
        }

        @Override
        Member open(Path path) throws MappingException {
            return member(mappings.open(path, MapMode.READ_ONLY));
        }

        private static <M extends MappedMemory & Views> Member member(M mapping) {
            return new Member(mapping, mapping.segment());
        }

        @Override
        void leave() throws IOException {
            if (groups.isLast(this)) {
                end(mappings::close, mappings);
            }
        }
    }
}
