package dev.quire.cli;

import dev.quire.array.ArrayFormat;
import dev.quire.array.ArraySpec;
import dev.quire.array.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The file that a command makes, or standard output. */
final class Target {
    /** Standard output, as other tools have it. */
    private static final String OUTPUT = "-";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "npy, mmap (of SciRS2) or raw. If left out, what the name ends in: .npy, .mmap, .raw or .bin; "
                            + "npy on standard output.")
    private @Nullable ArrayFormat format;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    @Option(
            names = "--no-follow",
            description = "Refuse a symbolic link. The file that it names is made or replaced if left out.")
    private boolean noFollow;

    /** Whether the name stands for standard output; a file of that name is ./- */
    static boolean isOutput(Path file) {
        return file.toString().equals(OUTPUT);
    }

    /** The format that was asked for, or that the name asks for. */
    ArraySpec formatOf(ArraySpec spec, Path file) {
        if (format != null) {
            return spec.format(format);
        }
        if (isOutput(file)) {
            return spec.format(ArrayFormat.NPY);
        }
        try {
            return spec.formatOf(file);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    String.valueOf(e.getMessage()).replace("give a format", "say which with --format"), e);
        }
    }

    /** Refuses what must not be replaced, before any work is done. */
    void requireFree(Path file) throws IOException {
        if (isOutput(file)) {
            return;
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": a directory; name a file in it");
        }
        if (noFollow && Files.isSymbolicLink(file)) {
            throw new IOException(file + ": a symbolic link, which --no-follow refuses");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(
                    file + ": not a regular file, and only such a file is replaced; - is standard output");
        }
        if (!force && Files.exists(file)) {
            throw new IOException(file + ": the file exists already; --force replaces it");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IOException(file + ": there is no directory " + folder);
        }
    }

    /** How the file is written; what it could not take over from one that was there goes to a listener. */
    WriteOptions options(Consumer<String> notKept) {
        return WriteOptions.DEFAULT.replace(force).followLinks(!noFollow).notKept(notKept);
    }
}
