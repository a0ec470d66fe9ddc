package dev.quire.cli;

import dev.quire.array.ArrayView;
import dev.quire.array.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Elements in rows and columns, those of more than two axes in one table after the other. What is too much is left out
 * in the middle.
 */
final class Table {
    private static final int WIDTH = 100;
    private static final int MOST_ROWS = 40;
    private static final int MOST_COLUMNS = 24;
    private static final int MOST_PLANES = 6;
    private static final String GAP = "...";

    private final List<String> lines = new ArrayList<>();
    private boolean cut;

    private Table() {}

    static Table of(ArrayView array, List<Positions> axes) {
        Table table = new Table();
        if (!array.shape().isEmpty()) {
            table.add(array, axes, "");
        }
        return table;
    }

    /** The table under its title. */
    List<String> linesBelow(String title) {
        Stream<String> remark =
                cut ? Stream.of("", "... stands for what was left out; select fewer, or --json for all.") : Stream.of();
        return Stream.of(Stream.of(title), lines.isEmpty() ? Stream.of("no elements") : lines.stream(), remark)
                .flatMap(part -> part)
                .toList();
    }

    private void add(ArrayView array, List<Positions> axes, String where) {
        switch (array.shape().rank()) {
            case 0 -> lines.add(Cells.text(Cells.value(array)));
            case 1 -> rows(array, shown(array.shape(), 0, MOST_ROWS), new long[] {0}, axes);
            case 2 -> {
                long[] rows = shown(array.shape(), 0, MOST_ROWS);
                rows(array, rows, fitting(array, rows, axes), axes);
            }
            default -> {
                for (long plane : shown(array.shape(), 0, MOST_PLANES)) {
                    plane(array, plane, axes, where);
                }
            }
        }
    }

    private void plane(ArrayView array, long plane, List<Positions> axes, String where) {
        if (plane < 0) {
            lines.addAll(List.of("", GAP));
            return;
        }
        String here = where + axes.getFirst().at(plane) + ", ";
        if (array.shape().rank() == 3) {
            lines.addAll(List.of("", "[" + here + "...]"));
        }
        add(array.index(0, plane), axes.subList(1, axes.size()), here);
    }

    /** Positions of an axis, with a -1 where some are left out. */
    private long[] shown(Shape shape, int axis, int most) {
        long length = shape.dim(axis);
        if (length <= most) {
            return LongStream.range(0, length).toArray();
        }
        cut = true;
        return shortened(length, most);
    }

    private static long[] shortened(long length, int most) {
        return LongStream.concat(
                        LongStream.concat(LongStream.range(0, (most + 1) / 2), LongStream.of(-1)),
                        LongStream.range(length - most / 2, length))
                .toArray();
    }

    /** As many columns as the width has room for, and one at least. */
    private long[] fitting(ArrayView array, long[] rows, List<Positions> axes) {
        boolean before = cut;
        long length = array.shape().dim(1);
        long[] columns = shown(array.shape(), 1, MOST_COLUMNS);
        for (int most = (int) Math.min(length, MOST_COLUMNS); width(array, rows, columns, axes) > WIDTH && most > 1; ) {
            most--;
            columns = shortened(length, most);
        }
        cut = before || LongStream.of(columns).anyMatch(column -> column < 0);
        return columns;
    }

    private static int width(ArrayView array, long[] rows, long[] columns, List<Positions> axes) {
        return Arrays.stream(widths(grid(array, rows, columns, axes)))
                        .map(width -> width + 2)
                        .sum()
                - 2;
    }

    private void rows(ArrayView array, long[] rows, long[] columns, List<Positions> axes) {
        List<List<String>> grid = grid(array, rows, columns, axes);
        int[] widths = widths(grid);
        for (List<String> row : grid) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(column == 0 ? "" : "  ").append(right(row.get(column), widths[column]));
            }
            lines.add(line.toString());
        }
    }

    private static String right(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }

    private static int[] widths(List<List<String>> grid) {
        int[] widths = new int[grid.getFirst().size()];
        for (List<String> row : grid) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    /** The cells with the positions beside and, if there are columns, above them. */
    private static List<List<String>> grid(ArrayView array, long[] rows, long[] columns, List<Positions> axes) {
        List<List<String>> grid = new ArrayList<>();
        boolean flat = array.shape().rank() == 1;
        if (!flat) {
            grid.add(line("", columns, column -> "[" + axes.get(1).at(column) + "]"));
        }
        for (long row : rows) {
            String label = row < 0 ? GAP : "[" + axes.get(0).at(row) + "]";
            grid.add(line(
                    label,
                    columns,
                    column -> row < 0 ? GAP : flat ? Cells.text(array, row) : Cells.text(array, row, column)));
        }
        return grid;
    }

    private static List<String> line(String label, long[] columns, LongFunction<String> cell) {
        return Stream.concat(
                        Stream.of(label),
                        LongStream.of(columns).mapToObj(column -> column < 0 ? GAP : cell.apply(column)))
                .collect(Collectors.toList());
    }
}
