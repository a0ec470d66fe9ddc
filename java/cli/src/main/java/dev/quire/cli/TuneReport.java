package dev.quire.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a tuning came to.
 *
 * @param bytes of the file that were read
 * @param charts that are written
 */
record TuneReport(Path file, long bytes, AccessPattern pattern, List<Tuning.Run> runs, List<Path> charts)
        implements Report {
    /** Less is noise: then the simpler policy is the better one. */
    private static final double MARGIN = 1.05;

    private static final int BAR_COLUMNS = 40;

    String patternName() {
        return pattern.name().toLowerCase(Locale.ROOT);
    }

    /** The fastest cold, or warm where there are no cold figures at all; of those that are level the simplest. */
    Tuning.Run best() {
        double fastest = runs.stream().mapToDouble(this::rate).max().orElseThrow();
        return runs.stream()
                .filter(run -> rate(run) * MARGIN >= fastest)
                .findFirst()
                .orElseThrow();
    }

    /** By what runs are compared: a warm rate says nothing beside a cold one. */
    private double rate(Tuning.Run run) {
        boolean isCold = runs.stream().anyMatch(each -> each.cold().isPresent());
        return isCold
                ? run.cold().map(Tuning.Lap::gigabytesPerSecond).orElse(0.0)
                : run.warm().gigabytesPerSecond();
    }

    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", file);
        facts.put("bytes", bytes);
        facts.put("pattern", patternName());
        facts.put("runs", runs.stream().map(this::facts).toList());
        facts.put("best", best().policy().name());
        facts.put("java", best().policy().lines());
        return facts;
    }

    private Map<String, Object> facts(Tuning.Run run) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("policy", run.policy().name());
        facts.put("cold", run.cold().map(this::facts));
        facts.put("warm", facts(run.warm()));
        return facts;
    }

    private Map<String, Object> facts(Tuning.Lap lap) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("bytes", lap.bytes());
        facts.put("seconds", lap.seconds());
        facts.put("gigabytesPerSecond", lap.gigabytesPerSecond());
        return facts;
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(file + ", " + Text.bytes(bytes) + ", " + patternName() + ":");
        lines.add(String.format(Locale.ROOT, "  %-18s %12s %12s%s", "policy", "cold", "warm", eachTitle()));
        double fastest = runs.stream().mapToDouble(this::rate).max().orElseThrow();
        for (Tuning.Run run : runs) {
            lines.add(row(run, fastest).stripTrailing());
        }
        if (runs.stream().anyMatch(run -> run.cold().isEmpty())) {
            lines.add("No cold figures where the system kept the file's pages, or does not tell.");
        }
        lines.add("Best: " + best().policy().name());
        best().policy().lines().forEach(line -> lines.add("    " + line));
        charts.forEach(chart -> lines.add("Chart: " + chart));
        return lines;
    }

    private String eachTitle() {
        return pattern == AccessPattern.SEQUENTIAL ? "" : String.format(Locale.ROOT, " %14s", "cold, each");
    }

    private String row(Tuning.Run run, double fastest) {
        String cold = run.cold().map(TuneReport::rateText).orElse("-");
        String bar = "#".repeat((int) Math.round(BAR_COLUMNS * rate(run) / fastest));
        return String.format(
                Locale.ROOT,
                "  %-18s %12s %12s%s  %s",
                run.policy().name(),
                cold,
                rateText(run.warm()),
                each(run.cold()),
                bar);
    }

    private static String rateText(Tuning.Lap lap) {
        return Text.rate(lap.bytes(), lap.seconds());
    }

    private String each(Optional<Tuning.Lap> cold) {
        if (pattern == AccessPattern.SEQUENTIAL) {
            return "";
        }
        String each = cold.map(lap -> String.format(
                        Locale.ROOT,
                        "%.1f us",
                        lap.seconds() * 1e6 * AccessPattern.RECORD_BYTES / Math.max(1, lap.bytes())))
                .orElse("-");
        return String.format(Locale.ROOT, " %14s", each);
    }
}
