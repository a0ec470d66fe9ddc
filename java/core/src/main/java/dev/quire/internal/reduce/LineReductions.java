package dev.quire.internal.reduce;

import dev.quire.internal.KernelVersions;
import dev.quire.internal.Kernels;
import dev.quire.internal.Lines;
import dev.quire.internal.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reduces every line of mapped memory for itself, to the bits that a reducer has for that line alone. */
public final class LineReductions {
    /** Lines at once whose neighbours share cache lines: 256 elements of each stay in the second-level cache. */
    private static final int SIDE_BY_SIDE = 16;

    private LineReductions() {}

    /** Takes a line's reducer, which serves another line afterwards. */
    public interface LineResult<R extends Reducer> {
        /** Takes the line's result; lines are numbered through all groups. */
        void accept(R reducer, long line);
    }

    /**
     * One figure of every line.
     *
     * @param reducers make reducers for the elements; what they compute has the figure
     * @param results get the figures, from the first place on
     * @throws dev.quire.error.MemoryFaultException if a kernel met a page that cannot be read
     */
    public static void reduce(
            Region region,
            MemorySegment from,
            Lines lines,
            Supplier<? extends Reducer> reducers,
            Figure figure,
            double[] results,
            int first) {
        Reducer one = reducers.get();
        if (!(one instanceof FloatingReducer)
                || one.swapped
                || !reduceMapped(region, from, lines, one, figure, results, first)) {
            each(from, lines, reducers, (reducer, line) -> results[(int) (first + line)] = figure.of(reducer));
        }
    }

    private static boolean reduceMapped(
            Region region,
            MemorySegment from,
            Lines lines,
            Reducer reducer,
            Figure figure,
            double[] results,
            int first) {
        int step = figure.statistics() == Statistics.EXTREMES ? 2 : 1;
        int place = figure == Figure.MAX ? 1 : 0;
        long overflowed = Kernels.reduceLines(
                region,
                from,
                lines,
                reducer.elements(),
                figure.statistics().code(),
                KernelVersions.CHOSEN,
                (values, line, count) -> {
                    for (int i = 0; i < count; i++) {
                        double value = values.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) i * step + place);
                        results[(int) (first + line) + i] = figure.ofLine(value, lines.length());
                    }
                });
        long count = lines.groups() * lines.lines();
        for (int i = 0; i < count && overflowed > 0; i++) {
            if (!Double.isFinite(results[first + i])) {
                Lines line = lines.line(i / lines.lines(), i % lines.lines());
                reducer.reset();
                reducer.addMapped(region, from, line);
                results[first + i] = figure.of(reducer);
            }
        }
        return overflowed >= 0;
    }

    /** Reduces every line by loops in Java. */
    public static <R extends Reducer> void each(
            MemorySegment from, Lines lines, Supplier<R> reducers, LineResult<R> result) {
        int most = lines.isAcross() ? SIDE_BY_SIDE : 1;
        Block<R> block = new Block<>(from, lines, reducers, most);
        for (long group = 0; group < lines.groups(); group++) {
            for (long line = 0; line < lines.lines(); line += most) {
                int count = (int) Math.min(most, lines.lines() - line);
                block.reduce(group, line, count);
                for (int i = 0; i < count; i++) {
                    result.accept(block.reducer(i), group * lines.lines() + line + i);
                }
            }
        }
    }

    /** A reducer for each of some lines, which go on by turns. */
    private static final class Block<R extends Reducer> {
        private final MemorySegment from;
        private final Lines lines;
        private final List<R> reducers;

        Block(MemorySegment from, Lines lines, Supplier<R> supplier, int most) {
            this.from = from;
            this.lines = lines;
            this.reducers = Stream.generate(supplier).limit(most).toList();
        }

        R reducer(int i) {
            return reducers.get(i);
        }

        void reduce(long group, long line, int count) {
            for (int i = 0; i < count; i++) {
                reducer(i).reset();
            }
            for (long done = 0; done < lines.length(); done += Moments.CHUNK) {
                long some = Math.min(Moments.CHUNK, lines.length() - done);
                for (int i = 0; i < count; i++) {
                    Lines one = lines.line(group, line + i);
                    reducer(i).add(from, one.offset() + done * one.stride(), one.stride(), some);
                }
            }
            for (int i = 0; i < count; i++) {
                Lines one = lines.line(group, line + i);
                reducer(i).finish(to -> to.add(from, one.offset(), one.stride(), one.length()));
            }
        }
    }
}
