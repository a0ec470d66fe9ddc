package dev.quire.array;

import dev.quire.error.MappingException;
import dev.quire.internal.OutputFile;
import dev.quire.internal.backing.FileNames;
import dev.quire.internal.backing.Subject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What writers of array files leave that are ended in the midst of it: a file under a temporary name, {@code
 * .NAME.0123456789abcdef.quire-new}, where the system has no files without a name; after a power failure elsewhere
 * too. The writer has such a file locked as long as it lives.
 */
public final class Leftovers {
    /** Builds before this one left two more kinds, which are empty or nearly so. */
    private static final Pattern NAME =
            Pattern.compile("\\..+\\.[0-9a-f]{16}\\.quire-(new|lock)|\\..+\\.quire-append", Pattern.DOTALL);

    private Leftovers() {}

    /**
     * A file that has a temporary name.
     *
     * @param file where it is, or was
     * @param bytes its size
     * @param kept why it was not removed; empty if it was
     */
    public record Found(Path file, long bytes, Optional<String> kept) {}

    /**
     * Removes all that no living writer has locked; what is no regular file stays and is not told of. Reads the whole
     * folder.
     *
     * @throws IOException if the folder cannot be read
     */
    public static List<Found> clean(Path folder) throws IOException {
        List<Found> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Leftovers::isOne)) {
            for (Path file : files) {
                long bytes = Files.size(file);
                found.add(new Found(file, bytes, remove(file)));
            }
        }
        return found;
    }

    /** Removes what dead creators of a file left; what cannot be removed is left for {@link #clean} to tell of. */
    static void removeBefore(Path target) throws IOException {
        String name =
                Objects.requireNonNull(target.getFileName(), "a path of a file").toString();
        Path folder = Objects.requireNonNull(target.getParent(), "a path of a file");
        String prefix = OutputFile.prefix(name);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                folder, file -> String.valueOf(file.getFileName()).startsWith(prefix) && isOne(file))) {
            for (Path file : files) {
                Optional<String> _ = remove(file);
            }
        }
    }

    private static boolean isOne(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName())).matches()
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static Optional<String> remove(Path file) {
        try (OutputFile locked = OutputFile.open(Subject.file(FileNames.text(file)), file.toAbsolutePath())) {
            Objects.requireNonNull(locked);
            Files.delete(file);
            return Optional.empty();
        } catch (MappingException e) {
            return Optional.of(
                    switch (e.code()) {
                        case FILE_BUSY -> "it is being written";
                        case ACCESS_DENIED -> "the operating system denies access";
                        default -> String.valueOf(e.getMessage());
                    });
        } catch (FileSystemException e) {
            return Optional.of(Objects.requireNonNullElse(e.getReason(), "the operating system denies access"));
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
