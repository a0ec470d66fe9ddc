package dev.quire.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON strictly, as RFC 8259 has it: numbers as {@link BigDecimal}, null as null. */
final class JsonReader {
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
    private static final Pattern STRING =
            Pattern.compile("\"((?:[^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*)\"");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(....)|(.))");

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String text) {
        return (Map<String, Object>) value(text);
    }

    static Object value(String text) {
        JsonReader reader = new JsonReader(text.strip());
        Object value = reader.value();
        if (reader.at != reader.text.length()) {
            throw reader.wrong();
        }
        return value;
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("no JSON at " + at + ": " + text);
    }

    private Object value() {
        return switch (peek()) {
            case '{' -> members();
            case '[' -> items();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> new BigDecimal(token(NUMBER).group());
        };
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        for (boolean more = begin('}'); more; more = isNext(',', '}')) {
            String name = string();
            expect(':');
            if (members.containsKey(name)) {
                throw wrong();
            }
            members.put(name, value());
        }
        return members;
    }

    private List<Object> items() {
        List<Object> items = new ArrayList<>();
        for (boolean more = begin(']'); more; more = isNext(',', ']')) {
            items.add(value());
        }
        return items;
    }

    /** Takes the opening sign, and the closing one if nothing is between. */
    private boolean begin(char close) {
        at++;
        if (peek() == close) {
            at++;
            return false;
        }
        return true;
    }

    private boolean isNext(char more, char close) {
        char sign = peek();
        expect(sign == more ? more : close);
        return sign == more;
    }

    private void expect(char sign) {
        if (peek() != sign) {
            throw wrong();
        }
        at++;
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong();
        }
        at += word.length();
        return value;
    }

    private String string() {
        peek();
        return ESCAPE.matcher(token(STRING).group(1)).replaceAll(JsonReader::unescaped);
    }

    private static String unescaped(java.util.regex.MatchResult escape) {
        String plain = escape.group(1) != null
                ? Character.toString(Integer.parseInt(escape.group(1), 16))
                : switch (escape.group(2)) {
                    case "b" -> "\b";
                    case "f" -> "\f";
                    case "n" -> "\n";
                    case "r" -> "\r";
                    case "t" -> "\t";
                    default -> escape.group(2);
                };
        return Matcher.quoteReplacement(plain);
    }

    private Matcher token(Pattern pattern) {
        Matcher token = pattern.matcher(text).region(at, text.length());
        if (!token.lookingAt()) {
            throw wrong();
        }
        at = token.end();
        return token;
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            throw wrong();
        }
        return text.charAt(at);
    }
}
