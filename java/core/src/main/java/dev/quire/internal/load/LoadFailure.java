package dev.quire.internal.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Why a library file was not loaded, in words that say what to do about it.
 *
 * @param dueToPlace whether the same file could be loaded from another directory
 */
public record LoadFailure(String reason, boolean dueToPlace) {
    /** What speaks against loading a file at all; null if nothing does. */
    static @Nullable LoadFailure beforeLoading(Path file, NativePlatform platform) {
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                return new LoadFailure("it is not a file", false);
            }
            String defect = LibraryImage.defect(file, platform);
            return defect == null ? null : new LoadFailure(defect, false);
        } catch (IOException e) {
            return new LoadFailure(reason(e), true);
        }
    }

    /** What the system's failure to load a file means that is whole and for this platform. */
    static LoadFailure of(Path file, UnsatisfiedLinkError error) {
        String said = shortened(String.valueOf(error.getMessage()), file);
        if (said.contains("already loaded in another classloader")) {
            return new LoadFailure("another class loader has loaded it", true);
        }
        String mount = noexecMount(file);
        if (!mount.isEmpty()) {
            return new LoadFailure(
                    "the file system at " + mount + " is mounted noexec: name another directory with -D"
                            + LibraryCache.PROPERTY + " (" + said + ")",
                    true);
        }
        if (said.contains("failed to map segment") || said.contains("Operation not permitted")) {
            return new LoadFailure("the system does not let code from there run (" + said + ")", true);
        }
        return new LoadFailure(meaning(said), false);
    }

    private static String meaning(String said) {
        int glibc = said.indexOf("GLIBC_");
        if (glibc >= 0) {
            return "it needs " + word(said, glibc) + ", which this system's C library does not have (" + said + ")";
        }
        if (said.contains("musl")
                || said.contains("ld-linux")
                || said.contains("invalid ELF header")
                || said.contains("Error relocating")) {
            return "it was built for another C library (" + said + ")";
        }
        return said;
    }

    /** The letters, digits, points and underscores from there on. */
    private static String word(String text, int start) {
        int end = start;
        while (end < text.length()
                && (Character.isLetterOrDigit(text.charAt(end)) || "._".indexOf(text.charAt(end)) >= 0)) {
            end++;
        }
        return text.substring(start, end);
    }

    /** One line, without the file's name that is said already. */
    private static String shortened(String message, Path file) {
        String name = file + ": ";
        String rest = message.replace('\n', ' ').strip();
        while (rest.startsWith(name)) {
            rest = rest.substring(name.length());
        }
        return rest;
    }

    /** What stands behind a failed access to a file. */
    public static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException denied -> "permission denied" + about(denied);
            case FileAlreadyExistsException other -> "it is not a directory" + about(other);
            case FileSystemException other when other.getReason() != null -> other.getReason() + about(other);
            case IOException other when other.getMessage() != null -> other.getMessage();
            default -> e.toString();
        };
    }

    private static String about(FileSystemException e) {
        return " (" + e.getFile() + ")";
    }

    // ------------------------------------------------------------------------------------------------ Linux mounts

    /** Where the file system is mounted that a file lies in, if nothing in it may be executed; else "". */
    private static String noexecMount(Path file) {
        Path mounts = Path.of("/proc/self/mounts");
        try {
            return Files.exists(mounts)
                    ? noexecMount(file.toRealPath(), new String(Files.readAllBytes(mounts), StandardCharsets.UTF_8))
                    : "";
        } catch (IOException e) {
            return ""; // only the explanation is lost: the system's own words follow
        }
    }

    /** Where that is by a table of mounts as {@code /proc/self/mounts} has it. */
    static String noexecMount(Path file, String table) {
        String best = "";
        boolean noexec = false;
        for (String line : table.split("\n", -1)) {
            String[] fields = line.split(" ", -1);
            if (fields.length > 3) {
                String point = fields[1].replace("\\040", " ");
                if (file.startsWith(point) && point.length() >= best.length()) {
                    best = point;
                    noexec = ("," + fields[3] + ",").contains(",noexec,");
                }
            }
        }
        return noexec ? best : "";
    }
}
