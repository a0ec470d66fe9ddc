package dev.quire.cli;

import dev.quire.MapMode;
import dev.quire.array.ArrayView;
import dev.quire.array.ElementType;
import dev.quire.shared.SegmentHeader;
import dev.quire.shared.SharedArray;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What is in shared memory. */
@Command(
        name = "read",
        header = "Print the elements of shared memory, or save them to a file.",
        description = "Elements are read while others may write them: each for itself is whole.")
final class ShmReadCommand extends SegmentCommand {
    @Option(
            names = "--count",
            paramLabel = "N",
            description = "How many elements to print at most, the first in C sequence. Default: 1000.")
    private int count = 1000;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Save all of them instead: FILE.npy for NumPy, FILE.mmap for SciRS2, FILE.raw for bytes alone.")
    private @Nullable Path out;

    @Override
    Report report() throws IOException {
        if (count < 0) {
            throw misuse("--count " + count + ": a count cannot be negative", null);
        }
        try (SharedArray shared = named(name -> SharedArray.open(name, MapMode.READ_ONLY, PATIENCE))) {
            ArrayView array = shared.array();
            SegmentHeader header = shared.memory().header();
            if (out != null) {
                array.save(out);
                return new Saved(name(), header, out);
            }
            long shown = Math.clamp(array.shape().elementCount(), 0, count);
            return new Values(name(), header, shared.memory().guarded(() -> values(array, (int) shown)));
        }
    }

    private static List<Object> values(ArrayView array, int shown) {
        List<Object> values = new ArrayList<>(shown);
        long[] index = new long[array.shape().rank()];
        for (int i = 0; i < shown; i++) {
            values.add(value(array, index));
            advance(index, array.shape().dims());
        }
        return values;
    }

    /** To the next in C sequence. */
    private static void advance(long[] index, long[] dims) {
        for (int axis = index.length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--) {
            index[axis] = 0;
        }
    }

    /** As JSON has it: a complex number is a list of two. */
    private static Object value(ArrayView array, long[] index) {
        ElementType type = array.dtype().type();
        if (type.isComplex()) {
            return List.of(array.real().getDouble(index), array.imaginary().getDouble(index));
        }
        if (type == ElementType.UINT64) {
            return new BigInteger(Long.toUnsignedString(array.getLong(index)));
        }
        if (type == ElementType.BOOL) {
            return array.getLong(index) != 0;
        }
        return type.isInteger() ? (Object) array.getLong(index) : (Object) array.getDouble(index);
    }

    private record Saved(String name, SegmentHeader header, Path file) implements Report {
        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new SegmentReport(name, header).facts();
            facts.put("path", file);
            return facts;
        }

        @Override
        public List<String> lines() {
            return List.of(name + ": " + header.dtype() + " " + header.shape() + " saved to " + file);
        }
    }

    private record Values(String name, SegmentHeader header, List<Object> values) implements Report {
        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new SegmentReport(name, header).facts();
            facts.put("values", values);
            return facts;
        }

        /** A line for each position of all axes but the last. */
        @Override
        public List<String> lines() {
            int rank = header.shape().rank();
            long width = rank == 0 ? 1 : header.shape().dim(rank - 1);
            List<String> lines = new ArrayList<>();
            for (long from = 0; from < values.size(); from += width) {
                List<Object> row = values.subList((int) from, (int) Math.min(values.size(), from + width));
                lines.add(String.join(" ", row.stream().map(Object::toString).toList()));
            }
            long left = header.shape().elementCount() - values.size();
            if (left > 0) {
                lines.add("... " + Text.count(left, "element") + " more: --count, or --out FILE");
            }
            return lines;
        }
    }
}
