package dev.quire.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A lock on a small file beside another one. It goes with its process, however that ends; the file is deleted on release, and
 * is harmless if a dead process left it. The file itself is not locked: POSIX takes a process's lock away when it closes any
 * descriptor of that file, which mapping it does.
 */
final class SiblingLock implements AutoCloseable {
    /** Of this process: another descriptor of a lock file here would take the lock away when closed. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** Sizes to choose from; the files are sparse. */
    private static final long MARKS = 1L << 30;

    private final Path path;
    private final FileChannel channel;

    private SiblingLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Takes the lock, or nothing if somebody has it. */
    static Optional<SiblingLock> tryTake(Path path) throws IOException {
        Path known = path.toAbsolutePath().normalize();
        if (!HELD.add(known)) {
            return Optional.empty();
        }
        Optional<SiblingLock> lock = Optional.empty();
        try {
            lock = take(known);
            return lock;
        } finally {
            if (lock.isEmpty()) {
                HELD.remove(known);
            }
        }
    }

    private static Optional<SiblingLock> take(Path path) throws IOException {
        for (; ; ) {
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean taken = false;
            try {
                if (channel.tryLock() == null) {
                    return Optional.empty();
                }
                if (isStillThere(path, channel)) {
                    taken = true;
                    return Optional.of(new SiblingLock(path, channel));
                }
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        }
    }

    /**
     * Whether the locked file still has its name: its last owner may have deleted it before the lock was had. It is told by a
     * size of its own, since opening the name would end the lock.
     */
    private static boolean isStillThere(Path path, FileChannel channel) throws IOException {
        long mark = ThreadLocalRandom.current().nextLong(MARKS);
        channel.truncate(0).write(ByteBuffer.allocate(1), mark);
        try {
            return Files.size(path) == mark + 1;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(path);
        } finally {
            channel.close();
            HELD.remove(path);
        }
    }
}
