package dev.quire.cli;

import java.math.BigInteger;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes JSON: maps, collections, text, numbers and booleans; null is an empty {@link Optional}. Numbers that JSON does
 * not have are the texts {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}.
 */
final class Json {
    private final StringBuilder text = new StringBuilder();

    private Json() {}

    /** The value on one line. */
    static String write(Object value) {
        Json json = new Json();
        json.value(value);
        return json.text.toString();
    }

    private void value(Object value) {
        switch (value) {
            case Boolean bool -> text.append(bool);
            case Long number -> text.append(number);
            case Integer number -> text.append(number);
            case BigInteger number -> text.append(number);
            case Double number when !Double.isFinite(number) -> quoted(number.toString());
            case Double number -> text.append(number);
            case Map<?, ?> map -> list('{', map.entrySet(), this::member, '}');
            case Collection<?> items -> list('[', items, this::value, ']');
            case Optional<?> maybe when maybe.isPresent() -> value(maybe.get());
            case Optional<?> nothing -> text.append("null");
            default -> quoted(value.toString());
        }
    }

    private void member(Map.Entry<?, ?> entry) {
        quoted(String.valueOf(entry.getKey()));
        text.append(": ");
        value(entry.getValue());
    }

    private <T> void list(char open, Collection<T> items, Consumer<T> item, char close) {
        text.append(open);
        for (Iterator<T> rest = items.iterator(); rest.hasNext(); ) {
            item.accept(rest.next());
            text.append(rest.hasNext() ? ", " : "");
        }
        text.append(close);
    }

    private void quoted(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            character(string.charAt(i));
        }
        text.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"', '\\' -> text.append('\\').append(c);
            case '\n' -> text.append("\\n");
            case '\t' -> text.append("\\t");
            // controls must be escaped, and those from 0x7f on reach terminals; lone halves of a pair are no UTF-8
            default -> {
                if (c < ' ' || (c >= 0x7f && c <= 0x9f) || Character.isSurrogate(c)) {
                    text.append("\\u").append(hex(c));
                } else {
                    text.append(c);
                }
            }
        }
    }

    private static String hex(char c) {
        return Integer.toHexString(0x10000 | c).substring(1);
    }
}
