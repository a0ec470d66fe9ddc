package dev.quire.array;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An element that NumPy knows and Quire does not map: strings, dates, Python objects, raw bytes, long doubles. Such a
 * file is recognised, so that the failure can say what it holds, and such a field of a structured element is stepped
 * over.
 *
 * @param descr the descriptor as the file has it: {@code <U12}
 * @param kind what it is, in words: {@code unicode strings}
 * @param itemBytes size of one element in bytes; 0 for Python objects, which are pickled
 */
public record UnmappableType(String descr, String kind, long itemBytes) implements Descriptor {

    /** Byte order, kind letter, count or size, and the unit of a date. */
    private static final Pattern FORM =
            Pattern.compile("[<>=|]?([OSaUVMmgGfc])(\\d{0,9})(\\[\\w{1,20}(?:/\\d{1,9})?])?");

    /** Recognises a descriptor by name; empty if NumPy has none like it. */
    static Optional<UnmappableType> find(String descr) {
        Matcher form = FORM.matcher(descr);
        if (!form.matches()) {
            return Optional.empty();
        }
        char letter = form.group(1).charAt(0);
        boolean hasUnit = form.group(3) != null;
        if (hasUnit && letter != 'M' && letter != 'm') {
            return Optional.empty();
        }
        long count = form.group(2).isEmpty() ? -1 : Long.parseLong(form.group(2));
        return Optional.ofNullable(kindOf(letter, count))
                .map(kind -> new UnmappableType(descr, kind, size(letter, count)));
    }

    private static @Nullable String kindOf(char letter, long count) {
        return switch (letter) {
            case 'O' -> "Python objects";
            case 'S', 'a' -> "byte strings";
            case 'U' -> "unicode strings";
            case 'V' -> "raw bytes (void)";
            case 'M' -> count == 8 ? "dates (datetime64)" : null;
            case 'm' -> count == 8 ? "time spans (timedelta64)" : null;
            case 'f' -> count == 12 || count == 16 ? "long doubles" : null;
            case 'c' -> count == 24 || count == 32 ? "complex long doubles" : null;
            case 'g' -> count == -1 ? "long doubles" : null;
            case 'G' -> count == -1 ? "complex long doubles" : null;
            default -> null;
        };
    }

    private static long size(char letter, long count) {
        return switch (letter) {
            case 'O' -> 0;
            case 'U' -> 4 * Math.max(count, 0); // UCS-4
            case 'g' -> 16;
            case 'G' -> 32;
            default -> Math.max(count, 0);
        };
    }

    /** Whether these are void bytes, which NumPy also uses to fill the gaps of a structured element. */
    boolean isVoid() {
        return descr.contains("V");
    }

    @Override
    public String toString() {
        return descr;
    }
}
