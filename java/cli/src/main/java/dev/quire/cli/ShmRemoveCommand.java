package dev.quire.cli;

import dev.quire.shared.Segments;
import dev.quire.shared.Segments.Segment;
import dev.quire.shared.SharedMemory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes names away. */
@Command(
        name = "remove",
        header = "Remove shared memory, or all orphans.",
        description = "The name goes at once; processes that have the memory mapped keep it.")
final class ShmRemoveCommand extends ReportingCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The memory's name.")
    private @Nullable String name;

    @Option(names = "--orphans", description = "Remove what dead processes left: see \"quire shm list --orphans\".")
    private boolean orphans;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    Report report() throws IOException {
        if (orphans == (name != null)) {
            throw new ParameterException(spec.commandLine(), "a NAME or --orphans, one of the two");
        }
        if (name == null) {
            List<Segment> removed = Segments.removeOrphans(ShmListCommand.PATIENCE);
            return new ShmListCommand.Listing("removed", " removed", removed);
        }
        try {
            SharedMemory.unlink(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return new Removed(name);
    }

    private record Removed(String name) implements Report {
        @Override
        public Map<String, Object> facts() {
            return Map.of("removed", List.of(Map.of("name", name)));
        }

        @Override
        public List<String> lines() {
            return List.of(name + " removed");
        }
    }
}
