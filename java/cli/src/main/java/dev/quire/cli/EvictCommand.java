package dev.quire.cli;

import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Drops a file from memory. */
@Command(
        name = "evict",
        header = "Drop a file from memory; its contents stay.",
        description = "Changes are written back first. Pages that others have mapped or locked stay.")
final class EvictCommand extends ReportingCommand {
    @Mixin
    private FileRange range = new FileRange();

    @Override
    Report report() throws MappingException {
        try (Mapping map = range.open()) {
            Residency before = map.residency();
            long start = System.nanoTime();
            Outcome outcome = map.evict();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (outcome.result() == HintResult.UNSUPPORTED) {
                throw new UnsupportedOperationException(
                        "evict " + range.file() + ": this system or its file system cannot drop a file from memory");
            }
            Residency after = map.residency();
            String remark = after.residentPages() == 0 ? "" : "What stayed is in use: mapped, locked or being written.";
            return new PageChange(range.file(), outcome, before, after, seconds, remark);
        }
    }
}
