package dev.quire.cli;

import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.hint.Residency;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Which pages of a file are in memory. */
@Command(name = "residency", header = "Show which pages of a file are in memory, as a picture.")
final class ResidencyCommand extends ReportingCommand {
    @Mixin
    private FileRange range = new FileRange();

    @Override
    Report report() throws MappingException {
        try (Mapping map = range.open()) {
            return new Pages(range.file(), map.byteSize(), map.residency());
        }
    }

    private record Pages(Path file, long bytes, Residency residency) implements Report {
        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("path", file);
            facts.put("bytes", bytes);
            facts.putAll(ResidencyPicture.facts(residency));
            return facts;
        }

        @Override
        public List<String> lines() {
            String head = file + ": " + Text.bytes(bytes);
            if (residency.pages() == 0) {
                return List.of(head + " and no pages");
            }
            return List.of(
                    head,
                    ResidencyPicture.bar(residency),
                    ResidencyPicture.sentence(residency),
                    ResidencyPicture.LEGEND);
        }
    }
}
