package dev.quire.array;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One part of a selection from an array, with the meaning it has in Python: {@code a[0:10, ::2]} is
 * {@code List.of(Index.range(0, 10), Index.every(2))}. Negative positions count from the end; a range is cut to the
 * axis, a single position must lie within it.
 */
public sealed interface Index {

    /**
     * One position: takes the axis away.
     *
     * @param index the position; negative ones count from the end
     */
    record At(long index) implements Index {
        @Override
        public String toString() {
            return Long.toString(index);
        }
    }

    /**
     * Positions from {@code start} up to, not including, {@code stop}, {@code step} apart.
     *
     * @param start the first position; without one the end the step comes from
     * @param stop the first position left out; without one past the end the step goes to
     * @param step the distance; negative goes backwards
     */
    record Range(OptionalLong start, OptionalLong stop, long step) implements Index {
        /** Refuses to stand still. */
        public Range {
            if (step == 0) {
                throw new IllegalArgumentException("a step of 0");
            }
        }

        /** The first position on an axis of this length, if there is one: CPython's {@code PySlice_AdjustIndices}. */
        public long first(long length) {
            return cut(start, step > 0 ? 0 : length - 1, length);
        }

        /** The number of positions on an axis of this length. */
        public long count(long length) {
            long first = first(length);
            long end = cut(stop, step > 0 ? length : -1, length);
            long distance = step > 0 ? end - first : first - end;
            return distance <= 0 ? 0 : (distance - 1) / Math.abs(Math.max(step, -Long.MAX_VALUE)) + 1;
        }

        /** Brings a bound to the axis: 0 to length if going forwards, length - 1 to -1 if backwards. */
        private long cut(OptionalLong bound, long missing, long length) {
            if (bound.isEmpty()) {
                return missing;
            }
            long position = bound.getAsLong();
            long before = step > 0 ? 0 : -1;
            return Math.clamp(position < 0 ? position + length : position, before, length + before);
        }

        @Override
        public String toString() {
            return text(start) + ":" + text(stop) + (step == 1 ? "" : ":" + step);
        }

        private static String text(OptionalLong bound) {
            return bound.isPresent() ? Long.toString(bound.getAsLong()) : "";
        }
    }

    /** As many whole axes as the other parts leave over: {@code ...}. */
    record Rest() implements Index {
        @Override
        public String toString() {
            return "...";
        }
    }

    /** A new axis of length 1: {@code None}. */
    record NewAxis() implements Index {
        @Override
        public String toString() {
            return "None";
        }
    }

    /** One position, {@code a[3]}. */
    static Index at(long index) {
        return new At(index);
    }

    /** Neighbours, {@code a[start:stop]}. */
    static Index range(long start, long stop) {
        return range(start, stop, 1);
    }

    /** Positions {@code step} apart, {@code a[start:stop:step]}. */
    static Index range(long start, long stop, long step) {
        return new Range(OptionalLong.of(start), OptionalLong.of(stop), step);
    }

    /** All from a position on, {@code a[start:]}. */
    static Index from(long start) {
        return new Range(OptionalLong.of(start), OptionalLong.empty(), 1);
    }

    /** All before a position, {@code a[:stop]}. */
    static Index to(long stop) {
        return new Range(OptionalLong.empty(), OptionalLong.of(stop), 1);
    }

    /** The whole axis, {@code a[:]}. */
    static Index all() {
        return every(1);
    }

    /** Every so many, {@code a[::step]}; -1 reverses. */
    static Index every(long step) {
        return new Range(OptionalLong.empty(), OptionalLong.empty(), step);
    }

    /** The axes left over, {@code a[..., 0]}. */
    static Index rest() {
        return new Rest();
    }

    /** A new axis of length 1, {@code a[None]}. */
    static Index newAxis() {
        return new NewAxis();
    }

    /**
     * Reads what stands between the brackets in Python, with or without them: {@code [0:10, ::2]}, {@code ..., -1},
     * {@code None, :}. As in Python, {@code ()} selects the whole array; nothing between the brackets is a mistake.
     *
     * @throws IllegalArgumentException if it is something else; the message names the part
     */
    static List<Index> parse(String text) {
        String inner = text.strip();
        if (inner.startsWith("[") && inner.endsWith("]") && inner.length() > 1) {
            inner = inner.substring(1, inner.length() - 1).strip();
        }
        if (inner.isEmpty()) {
            throw new IllegalArgumentException("an empty selection; write ... for the whole array");
        }
        if (inner.equals("()")) {
            return List.of();
        }
        if (inner.endsWith(",")) {
            inner = inner.substring(0, inner.length() - 1);
        }
        List<Index> parts = new ArrayList<>();
        for (String part : inner.split(",", -1)) {
            parts.add(parsePart(part.strip()));
        }
        return parts;
    }

    private static Index parsePart(String part) {
        return switch (part) {
            case "..." -> rest();
            case "None", "newaxis" -> newAxis();
            default -> part.contains(":") ? parseRange(part) : at(parseNumber(part, part));
        };
    }

    private static Index parseRange(String part) {
        String[] bounds = part.split(":", -1);
        if (bounds.length > 3) {
            throw new IllegalArgumentException("not start:stop:step: " + PythonText.excerpt(part));
        }
        OptionalLong step = bounds.length == 3 ? parseBound(bounds[2], part) : OptionalLong.empty();
        return new Range(parseBound(bounds[0], part), parseBound(bounds[1], part), step.orElse(1));
    }

    private static OptionalLong parseBound(String bound, String part) {
        return bound.isBlank() ? OptionalLong.empty() : OptionalLong.of(parseNumber(bound.strip(), part));
    }

    private static long parseNumber(String number, String part) {
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "not a position, range, ... or None: " + PythonText.excerpt(part)
                            + "; write for instance [0:10, ::2]",
                    e);
        }
    }
}
