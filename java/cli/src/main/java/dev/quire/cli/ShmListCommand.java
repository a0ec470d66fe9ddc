package dev.quire.cli;

import dev.quire.shared.SegmentHeader;
import dev.quire.shared.Segments;
import dev.quire.shared.Segments.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What shared memory there is. */
@Command(
        name = "list",
        header = "List the named shared memory of this user.",
        description = {
            "Everything of this user's that the system has as quire.NAME. An orphan is one whose header names a "
                    + "creator that is dead; others may use it all the same. \"quire shm remove --orphans\" removes "
                    + "them.",
            "One without a header of Quire's is another program's, or was left by a creator that was stopped before "
                    + "it wrote any. It is not an orphan; \"quire shm remove NAME\" removes it."
        })
final class ShmListCommand extends ReportingCommand {
    @Option(names = "--orphans", description = "List orphans only.")
    private boolean orphans;

    @Override
    Report report() throws IOException {
        return new Listing("segments", "", orphans ? Segments.orphans() : Segments.list());
    }

    /**
     * Shared memory as it was found.
     *
     * @param title for programs
     * @param ending what people read behind their number
     * @param segments in the sequence of their names
     */
    record Listing(String title, String ending, List<Segment> segments) implements Report {
        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put(title, segments.stream().map(Listing::facts).toList());
            return facts;
        }

        private static Map<String, Object> facts(Segment segment) {
            Map<String, Object> facts = new LinkedHashMap<>();
            Optional<SegmentHeader> header = segment.header();
            facts.put("name", segment.name());
            facts.put("complete", header.isPresent());
            facts.put("dtype", header.map(SegmentHeader::dtype));
            facts.put("shape", header.map(SegmentReport::shape));
            facts.put("order", header.map(SegmentReport::order));
            facts.put("bytes", header.map(SegmentHeader::byteSize));
            facts.put("creator", segment.creator().map(process -> process.pid()));
            facts.put("creatorAlive", segment.creator().map(process -> process.isAlive()));
            facts.put("orphan", segment.isOrphan());
            facts.put("modified", segment.modified());
            return facts;
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            int width = segments.stream()
                    .mapToInt(segment -> segment.name().length())
                    .max()
                    .orElse(0);
            for (Segment segment : segments) {
                lines.add(
                        String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s  %s", segment.name(), said(segment)));
            }
            lines.add(Text.count(segments.size(), "segment") + ending);
            return lines;
        }

        static String said(Segment segment) {
            if (segment.header().isEmpty() && segment.creator().isEmpty()) {
                return "without a header of Quire's";
            }
            String what = segment.header()
                    .map(header -> header.dtype() + " " + header.shape() + ", " + Text.bytes(header.byteSize()))
                    .orElse("not complete");
            String who = segment.creator()
                    .map(SegmentReport::said)
                    .orElse(segment.header().isPresent() ? "kept" : "");
            return what + (who.isEmpty() ? "" : ", " + who) + (segment.isOrphan() ? " (orphan)" : "");
        }
    }
}
