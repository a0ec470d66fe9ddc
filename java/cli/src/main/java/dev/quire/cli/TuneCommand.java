package dev.quire.cli;

import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Finds out which way of reading a file suits the file's device. */
@Command(
        name = "tune",
        header = "Measure the ways to read a file, cold and warm, and print the Java of the best.",
        description = {
            "Reads the file again and again, the first GiB of it at most, for some 20 seconds.",
            "Its pages are dropped from memory on the way; nothing is written."
        })
final class TuneCommand extends ReportingCommand {
    /** More does not make the figures better. */
    private static final long MOST_BYTES = 1L << 30;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private FileRange range = new FileRange();

    @Option(
            names = "--pattern",
            required = true,
            paramLabel = "PATTERN",
            converter = PatternConverter.class,
            description = "The order in which the program reads: sequential, random or strided.")
    @SuppressWarnings("NullAway.Init")
    private AccessPattern pattern;

    @Option(
            names = "--chart",
            paramLabel = "IMAGE",
            description = "Write a chart: a name that ends in .png or .svg. May be given twice.")
    private List<Path> charts = List.of();

    /** Names in small letters. */
    static final class PatternConverter implements ITypeConverter<AccessPattern> {
        @Override
        public AccessPattern convert(String name) {
            for (AccessPattern pattern : AccessPattern.values()) {
                if (pattern.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return pattern;
                }
            }
            throw new TypeConversionException("'" + name + "' is not a pattern; choose sequential, random or strided");
        }
    }

    @Override
    Report report() throws IOException {
        for (Path chart : charts) {
            if (!TuneChart.isFormat(chart)) {
                throw new ParameterException(
                        spec.commandLine(), "'--chart': '" + chart + "' does not end in .png or .svg");
            }
            Path folder = chart.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                throw new NoSuchFileException(folder.toString());
            }
        }
        TuneReport report = measure();
        for (Path chart : charts) {
            TuneChart.write(report, chart);
        }
        return report;
    }

    private TuneReport measure() throws IOException {
        try (Mapping map = range.open()) {
            if (map.byteSize() < pattern.leastBytes()) {
                throw new IllegalArgumentException(range.file() + ": " + Text.bytes(map.byteSize())
                        + " are too few to be read in this pattern; it takes " + Text.bytes(pattern.leastBytes()));
            }
            if (!isForProgram()) {
                say("Measuring " + range.file() + ": some seconds for each policy.");
            }
            ByteSlice bytes = map.bytes().slice(0, Math.min(map.byteSize(), MOST_BYTES));
            return new TuneReport(
                    range.file(), bytes.byteSize(), pattern, new Tuning(map, bytes, pattern).run(), charts);
        }
    }
}
