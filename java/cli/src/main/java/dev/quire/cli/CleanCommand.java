package dev.quire.cli;

import dev.quire.array.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Files that writers left which were ended. */
@Command(
        name = "clean",
        header = "Remove what writers that were ended left in a directory.",
        description = {
            "Those are files named .NAME.0123456789abcdef.quire-new, which convert and create write to "
                    + "before the file has its name, on file systems without unnamed files. "
                    + "One that is being written is left alone.",
            "Looks in DIR alone, not in the directories in it."
        })
final class CleanCommand extends ReportingCommand {
    @Parameters(paramLabel = "DIR", description = "The directory.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Override
    Report report() throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException(folder + ": not a directory");
        }
        return new Cleaned(folder, Leftovers.clean(folder));
    }

    private record Cleaned(Path folder, List<Leftovers.Found> found) implements Report {
        private long bytes() {
            return found.stream()
                    .filter(file -> file.kept().isEmpty())
                    .mapToLong(Leftovers.Found::bytes)
                    .sum();
        }

        private long removed() {
            return found.stream().filter(file -> file.kept().isEmpty()).count();
        }

        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("path", folder);
            facts.put("removed", removed());
            facts.put("bytes", bytes());
            facts.put("files", found.stream().map(Cleaned::facts).toList());
            return facts;
        }

        private static Map<String, Object> facts(Leftovers.Found file) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("path", file.file());
            facts.put("bytes", file.bytes());
            facts.put("removed", file.kept().isEmpty());
            file.kept().ifPresent(why -> facts.put("why", why));
            return facts;
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (Leftovers.Found file : found) {
                lines.add(file.file() + ": "
                        + file.kept().map(why -> "not removed: " + why).orElse("removed, " + Text.bytes(file.bytes())));
            }
            lines.add(folder + ": " + Text.count(removed(), "file") + " removed, " + Text.bytes(bytes()));
            return lines;
        }
    }
}
