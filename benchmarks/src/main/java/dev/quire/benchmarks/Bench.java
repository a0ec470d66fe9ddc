package dev.quire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs benchmarks as JMH does. A run of one whole class is kept: its JSON without raw data in {@code results}, and its
 * table in {@code README.md}, in the folder that the property {@code quire.benchmarks} names.
 */
public final class Bench {
    /** Every measured value by itself, of which there can be tens of thousands; the percentiles stand before them. */
    private static final Pattern RAW_DATA = Pattern.compile(",\\s*\"rawData(Histogram)?\" : \\[[-+\\d\\s.,E\\[\\]]*]");

    private static final List<String> QUESTIONS = List.of("-h", "-l", "-lp", "-lprof", "-lrf");

    private Bench() {}

    /** Arguments are JMH's. */
    public static void main(String[] args) throws IOException, CommandLineOptionException, RunnerException {
        String folder = System.getProperty("quire.benchmarks");
        boolean wholeClass = args.length > 0 && args[0].matches("\\w+Benchmark");
        if (folder == null || !wholeClass || !Arrays.stream(args).noneMatch(QUESTIONS::contains)) {
            Main.main(args);
            return;
        }
        Collection<RunResult> results = new Runner(new CommandLineOptions(args)).run();
        Path json = Path.of(folder, "results", args[0] + ".json");
        Files.createDirectories(json.getParent());
        ResultFormatFactory.getInstance(ResultFormatType.JSON, json.toString()).writeOut(results);
        Files.writeString(json, withoutRawData(withoutPaths(Files.readString(json), folder)));
        ResultTable table = new ResultTable("scripts/bench " + String.join(" ", args), results);
        table.replaceIn(Path.of(folder, "README.md"), args[0]);
        System.out.println(table.text());
    }

    private static String withoutRawData(String json) {
        return RAW_DATA.matcher(json).replaceAll("");
    }

    /** Replaces the folders of this machine by words. */
    private static String withoutPaths(String json, String folder) {
        return json.replace(folder, "benchmarks")
                .replace(System.getProperty("java.home"), "jdk")
                .replace(System.getProperty("java.io.tmpdir") + "\"", "tmp\"");
    }
}
