package dev.quire.cli;

import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.Index;
import dev.quire.array.Order;
import dev.quire.error.MappingException;
import dev.quire.hint.Hint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What the numbers in a file are like. */
@Command(
        name = "stats",
        header = "Count, sum, mean, standard deviation, smallest and largest of the numbers in a file.",
        description = "Array files are known by their content; of raw numbers --dtype gives the type. Sums of "
                + "integers are exact; "
                + "a NaN makes all but the count NaN, and the deviation is that of a population, as in NumPy.")
final class StatsCommand extends ReportingCommand {
    /** A tenth of a second of a fast disk, and a whole number of elements of any type. */
    private static final long PART_BYTES = 64 << 20;

    /** Below it, starting costs more than reading. */
    private static final long RATED_BYTES = 16 << 20;

    @Parameters(paramLabel = "FILE", description = "The file: .npy, .npz, SciRS2 .mmap, or raw with --dtype.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private ArrayInput input = new ArrayInput();

    @Mixin
    private RawOptions raw = new RawOptions();

    @Override
    Report report() throws IOException {
        try (ArrayInput.OpenMemory opened = input.open(file, raw.raw())) {
            ArrayView array = opened.elements();
            array.advise(Hint.SEQUENTIAL);
            long start = System.nanoTime();
            Statistics statistics = statistics(line(array), bytes(array));
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Numbers(file, array.dtype(), statistics, bytes(array), seconds);
        }
    }

    private static long bytes(ArrayView array) {
        return array.shape().byteCount(array.dtype().itemBytes());
    }

    /** All elements along one axis, in whatever sequence, where they have one distance; else as they are. */
    private static ArrayView line(ArrayView array) {
        ArrayView along = array.isContiguous(Order.FORTRAN) ? array.transpose() : array;
        try {
            return along.flatten();
        } catch (IllegalArgumentException gaps) {
            return along;
        }
    }

    /** In parts, so that progress can be shown; in one, and then just as the library does it, if the file is small. */
    private Statistics statistics(ArrayView line, long bytes) throws MappingException {
        long length = line.shape().dim(0);
        long positions = bytes == 0 ? 1 : Math.max(1, PART_BYTES / (bytes / length));
        try (Progress progress = progress("stats", bytes)) {
            Statistics all = part(line, 0, positions, progress);
            for (long from = positions; from < length; from += positions) {
                all = all.plus(part(line, from, positions, progress));
            }
            return all;
        }
    }

    /** Brings the part in first: one call costs less than a fault for each page. */
    private static Statistics part(ArrayView line, long from, long positions, Progress progress)
            throws MappingException {
        ArrayView part = line.slice(Index.range(from, from + positions));
        part.populate();
        Statistics statistics = Statistics.of(part);
        progress.advance(bytes(part));
        return statistics;
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
