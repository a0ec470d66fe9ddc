package dev.quire.cli;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.advice.Advice;
import dev.quire.array.DType;
import dev.quire.error.MappingException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the numbers in a file are like. */
@Command(
        name = "stats",
        header = "Count, sum, mean, standard deviation, smallest and largest of the numbers in a file.",
        description =
                "The file is raw: numbers of one type, one after the other. Sums of integers are exact; a NaN makes "
                        + "all but the count NaN, and the deviation is that of a population, as in NumPy.")
final class StatsCommand extends ReportingCommand {
    /** A tenth of a second of a fast disk, and a whole number of elements of any type. */
    private static final long PART_BYTES = 64 << 20;

    /** Below it, starting costs more than reading. */
    private static final long RATED_BYTES = 16 << 20;

    @Parameters(paramLabel = "FILE", description = "The file.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--dtype",
            required = true,
            paramLabel = "DTYPE",
            description = "Type of a number as NumPy writes it: i1 i2 i4 i8, u1 u2 u4 u8, f4 f8; < before it is "
                    + "little-endian, as is nothing, > big-endian.")
    @SuppressWarnings("NullAway.Init")
    private DType dtype;

    @Option(
            names = "--offset",
            paramLabel = "BYTES",
            description = "Where the first number begins; needs no alignment. At the beginning if left out.")
    private ByteCount offset = new ByteCount(0);

    @Option(names = "--count", paramLabel = "N", description = "How many numbers. As many as there are if left out.")
    private @Nullable Long count;

    @Override
    Report report() throws MappingException {
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, Lifetime.CONFINED, range())) {
            requireWhole(map.byteSize());
            map.advise(Advice.SEQUENTIAL);
            long start = System.nanoTime();
            Statistics statistics = statistics(map);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Numbers(file, dtype, statistics, map.byteSize(), seconds);
        }
    }

    private MapOptions range() {
        MapOptions begin = MapOptions.DEFAULT.offset(offset.bytes());
        if (count == null) {
            return begin;
        }
        if (count < 0 || count > Long.MAX_VALUE / dtype.itemBytes()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--count': " + count + " numbers of " + dtype + " cannot be");
        }
        return begin.length(count * dtype.itemBytes());
    }

    private void requireWhole(long bytes) {
        long item = dtype.itemBytes();
        if (bytes % item != 0) {
            throw new IllegalArgumentException(file + ": the " + Text.count(bytes, "byte") + " from offset "
                    + offset.bytes() + " on are no whole number of " + dtype + ", which has " + item
                    + " bytes; --count " + bytes / item + " leaves the last " + bytes % item + " out");
        }
    }

    /** In parts, so that progress can be shown; in one, and then just as the library does it, if the file is small. */
    private Statistics statistics(Mapping map) throws MappingException {
        try (Progress progress = progress("stats", map.byteSize())) {
            Statistics all = part(map, 0, progress);
            for (long offset = PART_BYTES; offset < map.byteSize(); offset += PART_BYTES) {
                all = all.plus(part(map, offset, progress));
            }
            return all;
        }
    }

    /** Brings the part in first: one call costs less than a fault for each page. */
    private Statistics part(Mapping map, long from, Progress progress) throws MappingException {
        long length = Math.min(PART_BYTES, map.byteSize() - from);
        map.populate(from, length);
        Statistics statistics = Statistics.of(dtype, map.bytes().slice(from, length));
        progress.advance(length);
        return statistics;
    }

    /** The dtype of a text; one without a sign is little-endian, as files are, whatever the machine is. */
    static DType dtype(String text) {
        DType parsed = DType.parse(text);
        DType dtype = Character.isLetter(text.charAt(0)) ? parsed.withOrder(ByteOrder.LITTLE_ENDIAN) : parsed;
        if (!Statistics.serves(dtype)) {
            throw new IllegalArgumentException("statistics of " + dtype.type() + " are not to be had from a raw file");
        }
        return dtype;
    }

    private record Numbers(Path file, DType dtype, Statistics statistics, long bytes, double seconds)
            implements Report {
        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("path", file);
            facts.put("dtype", dtype);
            facts.putAll(statistics.facts());
            facts.put("bytes", bytes);
            facts.put("seconds", seconds);
            return facts;
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add(file + ": " + Text.bytes(bytes) + " of " + dtype + " in " + Text.seconds(seconds)
                    + (bytes < RATED_BYTES ? "" : ", " + Text.rate(bytes, seconds)));
            statistics
                    .facts()
                    .forEach((name, value) -> lines.add(String.format(
                            Locale.ROOT,
                            "%-6s %s",
                            name,
                            value instanceof Optional<?> maybe
                                    ? maybe.map(Object::toString).orElse("none")
                                    : value)));
            return lines;
        }
    }
}
