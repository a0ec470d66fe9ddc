package dev.quire.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What Quire does, shown on a file that every machine with a Java has. */
@Command(
        name = "tour",
        header = "Show what Quire does, step by step, on a file that every machine has.",
        description = "Nothing is written, and it takes some seconds.")
final class TourCommand extends ReportingCommand {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "Another file to show it on. The JDK's own image lib/modules if left out.")
    private @Nullable Path file;

    @Override
    Report report() throws IOException {
        Path shown = file == null ? ownImage() : file;
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", shown);
        new Tour(shown, step -> show(step, facts)).run();
        return new Ending(facts);
    }

    private void show(Tour.Step step, Map<String, Object> facts) {
        if (!isForProgram()) {
            if (facts.size() == 1) {
                say("A tour of Quire, on " + (file == null ? "a file that every Java has: " : "") + facts.get("path"));
            }
            step.lines().forEach(this::say);
        }
        facts.put(step.name(), step.facts());
    }

    private static Path ownImage() throws FileNotFoundException {
        Path image = Path.of(System.getProperty("java.home"), "lib", "modules");
        if (!Files.isRegularFile(image)) {
            throw new FileNotFoundException(image + ": this Java has no image; name another file: quire tour FILE");
        }
        return image;
    }

    private record Ending(Map<String, Object> facts) implements Report {
        @Override
        public List<String> lines() {
            return List.of("", "Next: quire doctor, quire residency FILE, quire stats FILE --dtype f8");
        }
    }
}
