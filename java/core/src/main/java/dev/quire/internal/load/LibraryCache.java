package dev.quire.internal.load;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory for libraries out of the jar, one file for each content, kept between runs and shared by all processes of
 * the user. Only this user may write it or put another in its place; a directory of which that is not sure is refused.
 *
 * <p>Windows has access lists instead, which are not looked at: that of {@code %LOCALAPPDATA%} says the same, and
 * a user who names another directory has to make sure that only this user may write there.
 */
final class LibraryCache {
    /** Names the directory. */
    static final String PROPERTY = "dev.quire.cache";

    private static final boolean POSIX = File.separatorChar == '/';

    /** Needed only where something is written, and slow to begin with. */
    private static final class OwnerOnly {
        static final FileAttribute<?>[] ATTRIBUTES = POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Mode bits that let the group and others write. */
    private static final int WRITABLE_BY_GROUP = 0020;

    private static final int WRITABLE_BY_ALL = 0002;
    private static final int WRITABLE_BY_OTHERS = WRITABLE_BY_GROUP | WRITABLE_BY_ALL;

    /** Mode bit of a directory where only its owner may take away what somebody has put there. */
    private static final int STICKY = 01000;

    private static final String FRESH = "quire-";

    /** No run writes a library for that long: what is older was left behind. */
    private static final long LEFT_BEHIND_MILLIS = 3_600_000;

    private static final Path SELF = Path.of("/proc/self");

    private final Path directory;

    private LibraryCache(Path directory) {
        this.directory = directory;
    }

    /** Where the platform keeps such files for this user; null if it does not say. */
    static @Nullable Path usual(NativePlatform platform) {
        String named = System.getProperty(PROPERTY, "");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        String home = System.getProperty("user.home", "");
        return switch (platform.system()) {
            case "windows" -> below(System.getenv("LOCALAPPDATA"), "quire");
            case "macos" -> below(home, "Library/Caches/quire");
            default -> {
                Path configured = below(System.getenv("XDG_CACHE_HOME"), "quire");
                yield configured != null ? configured : below(home, ".cache/quire");
            }
        };
    }

    private static @Nullable Path below(@Nullable String base, String name) {
        if (base == null || base.isEmpty()) {
            return null;
        }
        Path path = Path.of(base, name);
        return path.isAbsolute() ? path : null; // as the XDG specification has it; a user without a home has "?"
    }

    /**
     * A directory for this run alone, where every program of this machine has its temporary files, be that safe or not.
     */
    static LibraryCache fresh(NativePlatform platform) throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", ""));
        requireDescriptor(temporary);
        if (platform.isWindows()) {
            removeUnused(temporary, platform);
        }
        return new LibraryCache(Files.createTempDirectory(FRESH).toRealPath());
    }

    /** Removes the directory and all that is in it, as far as nobody uses it. */
    void remove() {
        for (Path left : entries(directory)) {
            boolean _ = isRemoved(left);
        }
        boolean _ = isRemoved(directory);
    }

    /** Windows keeps the file of a loaded library, so that each run leaves its directory to a later one. */
    static void removeUnused(Path temporary, NativePlatform platform) {
        for (Path directory : leftBehind(temporary, FRESH)) {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                for (Path library : entries(directory)) {
                    boolean _ = library.toString().endsWith("-" + platform.libraryFile()) && isRemoved(library);
                }
                boolean _ = isRemoved(directory);
            }
        }
    }

    private static List<Path> leftBehind(Path directory, String prefix) {
        long limit = System.currentTimeMillis() - LEFT_BEHIND_MILLIS;
        List<Path> found = new ArrayList<>();
        for (Path entry : entries(directory)) {
            try {
                boolean isNamedSo = String.valueOf(entry.getFileName()).startsWith(prefix);
                if (isNamedSo
                        && Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS)
                                        .toMillis()
                                < limit) {
                    found.add(entry);
                }
            } catch (IOException e) {
                // somebody else has removed it
            }
        }
        return found;
    }

    /** None where they are not told: who tidies up does not fail. */
    private static List<Path> entries(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                found.add(entry);
            }
        } catch (IOException | DirectoryIteratorException e) {
            found.clear();
        }
        return found;
    }

    /** Not if it is in use, or is a directory with something in it. */
    private static boolean isRemoved(Path path) {
        try {
            Files.delete(path);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes the directory if it is missing. */
    static LibraryCache open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, OwnerOnly.ATTRIBUTES);
        }
        Path real = directory.toRealPath();
        LibraryCache cache = new LibraryCache(real);
        if (POSIX) {
            int user = cache.user();
            if (number(real, "uid") != user) {
                throw new FileSystemException(real.toString(), null, "it belongs to another user");
            }
            if ((number(real, "mode") & WRITABLE_BY_OTHERS) != 0) {
                throw new FileSystemException(real.toString(), null, "other users may write to it");
            }
            requireAlone(real, user);
        }
        return cache;
    }

    /**
     * Refuses a directory below one in which others may put something else in its place. Who owns the root may do all,
     * and is the superuser, whatever number that has in a name space of users.
     */
    private static void requireAlone(Path real, int user) throws IOException {
        int root = number(real.getRoot(), "uid");
        for (Path above = real.getParent(); above != null; above = above.getParent()) {
            int owner = number(above, "uid");
            if (owner != user && owner != root) {
                throw new FileSystemException(above.toString(), null, "it is below another user's directory");
            }
            if (isWritableByOthers(above, owner)) {
                throw new FileSystemException(
                        above.toString(), null, "it is below a directory that others may write to");
            }
        }
    }

    /** A group with its owner's number is that user's own. */
    private static boolean isWritableByOthers(Path directory, int owner) throws IOException {
        int mode = number(directory, "mode");
        boolean isShared =
                (mode & WRITABLE_BY_ALL) != 0 || ((mode & WRITABLE_BY_GROUP) != 0 && number(directory, "gid") != owner);
        return isShared && (mode & STICKY) == 0;
    }

    /** Number of the user this process acts for. Java does not tell; who owns what the process makes is the same. */
    private int user() throws IOException {
        if (Files.exists(SELF)) {
            return number(SELF, "uid");
        }
        Path probe = Files.createFile(temporary("probe"), OwnerOnly.ATTRIBUTES);
        int user = number(probe, "uid");
        Files.delete(probe);
        return user;
    }

    private static int number(Path path, String attribute) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:" + attribute);
    }

    /**
     * Refuses where the process has no descriptor left. The JDK's classes for hashes and random names read files
     * when they are initialised, and if that fails they fail as long as the process lives.
     */
    void requireDescriptor() throws IOException {
        requireDescriptor(directory);
    }

    private static void requireDescriptor(Path directory) throws IOException {
        try (DirectoryStream<Path> _ = Files.newDirectoryStream(directory)) {
            // that it can be opened is all
        }
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** A name that no other process and no other call uses. */
    private Path temporary(String name) {
        return directory.resolve(name + "." + ProcessHandle.current().pid() + "." + System.nanoTime());
    }

    /** Whether the file has exactly this content, and only this user could have written it. */
    boolean holds(Path file, byte[] content) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != content.length) {
            return false;
        }
        return (!POSIX || isOwn(file)) && Arrays.equals(Files.readAllBytes(file), content);
    }

    private boolean isOwn(Path file) throws IOException {
        return number(file, "uid") == number(directory, "uid") && (number(file, "mode") & WRITABLE_BY_OTHERS) == 0;
    }

    /** Other processes see the whole file or none; of several that write it at once, each puts the same there. */
    void write(Path file, byte[] content) throws IOException {
        String name = file.getFileName().toString();
        Path temporary = temporary(name);
        try {
            for (Path left : leftBehind(directory, name + ".")) {
                boolean _ = isRemoved(left);
            }
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (FileChannel channel = FileChannel.open(temporary, options, OwnerOnly.ATTRIBUTES)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            if (!holds(file, content)) { // Windows does not replace a library that is in use
                throw e;
            }
        }
    }
}
