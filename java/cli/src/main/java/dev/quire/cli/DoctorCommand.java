package dev.quire.cli;

import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.error.MappingException;
import dev.quire.hint.LibraryFacts;
import dev.quire.hint.SystemFacts;
import java.util.List;
import picocli.CommandLine.Command;

/** Whether this machine can run Quire, and what it can do. */
@Command(
        name = "doctor",
        header = "Show what this machine can do: platform, library, page sizes, limits, hints; and what is wrong.",
        description = "The last line is the verdict.")
final class DoctorCommand extends ReportingCommand {
    @Override
    Report report() throws MappingException {
        SystemFacts system = Platform.facts();
        String without = Platform.fallbackReason();
        LibraryFacts library =
                without.isEmpty() ? Platform.library() : new LibraryFacts(without, "", "", 0, "java", List.of());
        return new Diagnosis(
                system, library, Runtime.version(), Mapping.class.getModule().isNativeAccessEnabled());
    }
}
