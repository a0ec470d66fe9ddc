package dev.quire.cli;

import dev.quire.shared.Segments;
import dev.quire.shared.Segments.Segment;
import dev.quire.shared.SharedMemory;
import java.io.Console;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
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
        description = {
            "The name goes at once; processes that have the memory mapped keep it.",
            "Orphans are shown first, and removed if the answer is yes; where nobody can be asked, --yes is the "
                    + "answer. Only memory with a header of Quire's is an orphan."
        })
final class ShmRemoveCommand extends ReportingCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The memory's name.")
    private @Nullable String name;

    @Option(names = "--orphans", description = "Remove what dead processes left: see \"quire shm list --orphans\".")
    private boolean orphans;

    @Option(names = "--yes", description = "Remove orphans without asking.")
    private boolean yes;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    Report report() throws IOException {
        if (orphans == (name != null)) {
            throw new ParameterException(spec.commandLine(), "a NAME or --orphans, one of the two");
        }
        if (name == null) {
            List<Segment> found = Segments.orphans();
            boolean agreed = found.isEmpty() || yes || isAgreed(found);
            return new ShmListCommand.Listing(
                    "removed", " removed", agreed ? Segments.removeOrphans(found) : List.of());
        }
        if (yes) {
            throw new ParameterException(spec.commandLine(), "--yes goes with --orphans; a NAME is removed unasked");
        }
        try {
            SharedMemory.unlink(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return new Removed(name);
    }

    /** Shows the orphans and asks at the terminal; without one nobody can be asked. */
    @SuppressWarnings("SystemConsoleNull") // true of 22 to 24: from 25 on it is null again where there is no terminal
    private boolean isAgreed(List<Segment> found) throws IOException {
        Console console = System.console();
        if (console == null || !console.isTerminal() || isForProgram()) {
            throw new IOException(
                    Text.count(found.size(), "orphan") + " not removed, since there is no terminal to ask on: "
                            + found.stream().map(Segment::name).collect(Collectors.joining(", "))
                            + "; add --yes to remove what \"quire shm list --orphans\" shows");
        }
        for (Segment orphan : found) {
            say(orphan.name() + "  " + ShmListCommand.Listing.said(orphan));
        }
        String answer = console.readLine("Remove %s? [y/N] ", found.size() == 1 ? "it" : "these " + found.size());
        return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
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
