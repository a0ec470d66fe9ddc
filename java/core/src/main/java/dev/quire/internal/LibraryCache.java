package dev.quire.internal;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory for libraries out of the jar, one file for each content, kept between runs and shared by all processes of
 * the user. Only this user may write it; a directory of which that is not sure is refused. (Windows: as its access list
 * has it, which for {@code %LOCALAPPDATA%} says the same.)
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
    private static final int WRITABLE_BY_OTHERS = 0022;

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

    /** A directory that nobody else knows, for this run alone. */
    static Path fresh() throws IOException {
        return Files.createTempDirectory("quire-");
    }

    /** Makes the directory if it is missing. */
    static LibraryCache open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, OwnerOnly.ATTRIBUTES);
        }
        Path real = directory.toRealPath();
        LibraryCache cache = new LibraryCache(real);
        if (POSIX) {
            if (number(real, "uid") != cache.user()) {
                throw new FileSystemException(real.toString(), null, "it belongs to another user");
            }
            if ((number(real, "mode") & WRITABLE_BY_OTHERS) != 0) {
                throw new FileSystemException(real.toString(), null, "other users may write to it");
            }
        }
        return cache;
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
        Path temporary = temporary(file.getFileName().toString());
        try {
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
