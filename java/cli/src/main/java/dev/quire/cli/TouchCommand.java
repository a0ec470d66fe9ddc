package dev.quire.cli;

import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.error.MappingException;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings a file into memory. */
@Command(
        name = "touch",
        header = "Bring a file into memory.",
        description = "Returns when it is there. The system may drop it again when memory is short.")
final class TouchCommand extends ReportingCommand {
    @Mixin
    private FileRange range = new FileRange();

    @Override
    Report report() throws MappingException {
        try (Mapping map = range.open()) {
            Residency before = map.residency();
            long start = System.nanoTime();
            Outcome outcome = populate(map);
            double seconds = (System.nanoTime() - start) / 1e9;
            Residency after = map.residency();
            String remark = !after.known() || after.residentPages() == after.pages()
                    ? ""
                    : "Not all of it is there: memory is too short to keep it, or it is still coming.";
            return new PageChange(range.file(), outcome, before, after, seconds, remark);
        }
    }

    private Outcome populate(Mapping map) throws MappingException {
        HintResult result = HintResult.APPLIED;
        long bytes = 0;
        try (Progress progress = progress("touch", map.byteSize())) {
            for (long offset = 0; offset < map.byteSize(); offset += Progress.STEP_BYTES) {
                long step = Math.min(Progress.STEP_BYTES, map.byteSize() - offset);
                Outcome outcome = map.populate(offset, step);
                result = outcome.result() == HintResult.APPLIED ? result : outcome.result();
                bytes += outcome.bytes();
                progress.advance(step);
            }
        }
        // two steps may share a page
        return new Outcome(result, Math.min(bytes, map.residency().pages() * Platform.pageSize()));
    }
}
