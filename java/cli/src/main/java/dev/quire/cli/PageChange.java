package dev.quire.cli;

import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request changed about the pages of a file.
 *
 * @param file that was mapped
 * @param outcome what the platform did
 * @param before which pages were in memory
 * @param after which pages are now
 * @param seconds that the request took
 * @param remark why less was done than asked for, or empty
 */
record PageChange(Path file, Outcome outcome, Residency before, Residency after, double seconds, String remark)
        implements Report {
    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", file);
        facts.put("result", outcome.result());
        facts.put("bytes", outcome.bytes());
        facts.put("residentBefore", before.residentPages());
        facts.putAll(ResidencyPicture.facts(after));
        facts.put("seconds", seconds);
        return facts;
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(
                file + ": " + outcome.result() + " to " + Text.bytes(outcome.bytes()) + " in " + Text.seconds(seconds));
        if (after.pages() > 0) {
            lines.add("before " + ResidencyPicture.bar(before));
            lines.add("now    " + ResidencyPicture.bar(after));
            lines.add(ResidencyPicture.sentence(after));
        }
        if (!remark.isEmpty()) {
            lines.add(remark);
        }
        return lines;
    }
}
