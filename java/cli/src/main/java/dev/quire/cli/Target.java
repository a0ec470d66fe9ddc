package dev.quire.cli;

import dev.quire.array.ArrayFormat;
import dev.quire.array.ArraySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The file that a command makes. */
final class Target {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "npy, mmap (of SciRS2) or raw. What the name ends in if left out: .mmap, .raw or .bin, else npy.")
    private @Nullable ArrayFormat format;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    /** The format that was asked for, or that the name asks for. */
    ArraySpec formatOf(ArraySpec spec, Path file) {
        if (format == null && file.toString().toLowerCase(Locale.ROOT).endsWith(".npz")) {
            throw new IllegalArgumentException(
                    file + ": .npz archives can be read, not written; name the file .npy, or say --format npy");
        }
        return format == null ? spec.formatOf(file) : spec.format(format);
    }

    /** Refuses what must not be replaced, before any work is done. */
    void requireFree(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": a directory; name a file in it");
        }
        if (!force && Files.exists(file)) {
            throw new IOException(file + ": the file exists already; --force replaces it");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IOException(file + ": there is no directory " + folder);
        }
    }
}
