package dev.quire.cli;

import dev.quire.shared.Segments;
import java.io.IOException;
import picocli.CommandLine.Command;

/** What shared memory says about itself. */
@Command(name = "info", header = "Show what is in shared memory: type, shape, size, and who created it.")
final class ShmInfoCommand extends SegmentCommand {
    @Override
    Report report() throws IOException {
        return new SegmentReport(name(), named(Segments::info));
    }
}
