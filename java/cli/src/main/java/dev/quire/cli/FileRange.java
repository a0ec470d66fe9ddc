package dev.quire.cli;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.error.MappingException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The file, or the part of one, that a command is about. */
final class FileRange {
    @Parameters(paramLabel = "FILE", description = "The file; pipes, devices and directories cannot be mapped.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--offset",
            paramLabel = "BYTES",
            description = "Begin there; needs no alignment. From the beginning if left out.")
    private ByteCount offset = new ByteCount(0);

    @Option(names = "--length", paramLabel = "BYTES", description = "So many bytes. Up to the end if left out.")
    private @Nullable ByteCount length;

    Path file() {
        return file;
    }

    /** Maps it for the calling thread. */
    Mapping open() throws MappingException {
        MapOptions begin = MapOptions.DEFAULT.offset(offset.bytes());
        MapOptions range = length == null ? begin : begin.length(length.bytes());
        return Mapping.open(file, MapMode.READ_ONLY, Lifetime.CONFINED, range);
    }
}
