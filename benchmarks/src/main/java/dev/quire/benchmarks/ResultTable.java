package dev.quire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * The results of one run as a table: a row for each {@code subject_peer}, with its median, its spread, and its ratio to
 * the first of the subject's peers. C goes first, then a bare call, a plain segment and the JDK.
 */
final class ResultTable {
    private static final List<String> BASELINES = List.of("c|c[A-Z].*", "bare.*", "segment.*", "jdk.*", "quire.*");

    private final String command;
    private final Map<String, List<RunResult>> subjects = new LinkedHashMap<>();

    ResultTable(String command, Collection<RunResult> results) {
        this.command = command;
        for (RunResult result : results) {
            subjects.computeIfAbsent(subject(result), _ -> new ArrayList<>()).add(result);
        }
        subjects.values().forEach(rows -> rows.sort(Comparator.comparingInt(ResultTable::rank)));
    }

    /** Markdown. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append(LocalDate.now(ZoneOffset.UTC))
                .append(", ")
                .append(machine())
                .append("; `")
                .append(command);
        text.append("`; medians of all iterations, the least and the greatest, and the ratio of medians to "
                + "the first row of each subject.\n\n");
        text.append("""
                | subject | row | median | least – greatest | p99 | unit | ratio |
                |---|---|---|---|---|---|---|
                """);
        subjects.forEach((subject, rows) -> rows.forEach(row -> text.append(line(subject, row, rows.getFirst()))));
        return text.toString();
    }

    /** Puts the table between the comments that bear the name, or at the end with new comments. */
    void replaceIn(Path readme, String name) throws IOException {
        String before = "<!-- " + name + ": written by scripts/bench -->\n";
        String after = "<!-- end of " + name + " -->\n";
        String all = Files.readString(readme);
        String block = before + text() + after;
        int from = all.indexOf(before);
        int to = all.indexOf(after);
        boolean known = from >= 0 && to > from;
        Files.writeString(
                readme,
                known
                        ? all.substring(0, from) + block + all.substring(to + after.length())
                        : all + "\n## " + name + "\n\n" + block);
    }

    private static String line(String subject, RunResult row, RunResult baseline) {
        Statistics figures = statistics(row);
        double ratio = figures.getPercentile(50) / statistics(baseline).getPercentile(50);
        return "| %s | %s | %s | %s – %s | %s | %s | %s |\n"
                .formatted(
                        subject,
                        peer(row),
                        figure(figures.getPercentile(50)),
                        figure(figures.getMin()),
                        figure(figures.getMax()),
                        sampled(row) ? figure(figures.getPercentile(99)) : "",
                        row.getPrimaryResult().getScoreUnit(),
                        String.format(Locale.ROOT, "%.2f", ratio));
    }

    private static Statistics statistics(RunResult row) {
        return row.getPrimaryResult().getStatistics();
    }

    /** Each operation by itself, so that there is a tail to tell of. */
    private static boolean sampled(RunResult row) {
        return row.getParams().getMode() == Mode.SampleTime;
    }

    /** Three digits. */
    private static String figure(double value) {
        int decimals = Math.clamp(2 - (long) Math.floor(Math.log10(Math.max(value, 1e-9))), 0, 6);
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String subject(RunResult result) {
        String method = result.getPrimaryResult().getLabel();
        String parameters = result.getParams().getParamsKeys().stream()
                .map(key -> ", " + key + " " + result.getParams().getParam(key))
                .collect(Collectors.joining());
        return method.split("_", -1)[0] + parameters;
    }

    private static String peer(RunResult result) {
        String method = result.getPrimaryResult().getLabel();
        return method.substring(method.indexOf('_') + 1);
    }

    private static int rank(RunResult result) {
        int rank = 0;
        while (rank < BASELINES.size() && !peer(result).matches(BASELINES.get(rank))) {
            rank++;
        }
        return rank;
    }

    private static String machine() {
        Runtime.Version version = Runtime.version();
        return "%d processors (%s), %s %s, JDK %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        version.feature() + "." + version.interim() + "." + version.update());
    }

    /** Linux says which model it is. */
    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
