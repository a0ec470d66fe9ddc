package dev.quire.array;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one Python literal. The grammar, with blanks (space, tab, line feed, carriage return, form feed) allowed
 * between any two words:
 *
 * <pre>
 * literal  = dict | list | tuple | '(' literal ')' | string | number | 'True' | 'False' | 'None'
 * dict     = '{' [ string ':' literal { ',' string ':' literal } [ ',' ] ] '}'      no key twice
 * list     = '[' [ literal { ',' literal } [ ',' ] ] ']'
 * tuple    = '(' ')' | '(' literal ',' [ literal { ',' literal } [ ',' ] ] ')'
 * string   = [ 'u' | 'U' ] ( "'" chars "'" | '"' chars '"' )                        on one line, Python's escapes
 * number   = [ '-' | '+' ] digits [ 'L' ]                                           no leading zero; 'L' if allowed
 * </pre>
 *
 * Everything else that Python allows (floats, sets, bytes, joined or triple-quoted strings, comments) is refused: NumPy
 * never writes it. Time and memory grow with the length of the text, the stack with its nesting, which is limited.
 */
final class PythonParser {

    /** Nested dtypes in the wild go 3 or 4 deep; Python's own parser gives up at 200. */
    private static final int MAX_DEPTH = 64;

    private final String file;
    private final String text;
    private final boolean longSuffix;
    private int position;
    private int depth;

    private PythonParser(String file, String text, boolean longSuffix) {
        this.file = file;
        this.text = text;
        this.longSuffix = longSuffix;
    }

    /**
     * Parses a text that holds one literal.
     *
     * @param file named in the message of an error
     * @param longSuffix whether whole numbers may end in {@code L}, as Python 2 wrote them
     */
    static PythonLiteral parse(String file, String text, boolean longSuffix) throws ArrayFileException.BadHeader {
        PythonParser parser = new PythonParser(file, text, longSuffix);
        PythonLiteral value = parser.literal();
        if (parser.peek() >= 0) {
            throw parser.failure("something follows the closing brace");
        }
        return value;
    }

    private PythonLiteral literal() throws ArrayFileException.BadHeader {
        if (++depth > MAX_DEPTH) {
            throw failure("nested more than " + MAX_DEPTH + " deep");
        }
        PythonLiteral value = switch (peek()) {
            case '{' -> dict();
            case '[' -> sequence();
            case '(' -> tuple();
            case '\'', '"' -> new PythonLiteral.Str(string());
            case '-', '+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> word();
        };
        depth--;
        return value;
    }

    private PythonLiteral dict() throws ArrayFileException.BadHeader {
        Map<String, PythonLiteral> entries = new LinkedHashMap<>();
        expect('{');
        while (!accept('}')) {
            if (!(literal() instanceof PythonLiteral.Str(String key))) {
                throw failure("a key that is not a string");
            }
            expect(':');
            if (entries.put(key, literal()) != null) {
                throw failure("the key " + PythonText.excerpt(key) + " twice");
            }
            separate('}');
        }
        return new PythonLiteral.Dict(entries);
    }

    private PythonLiteral sequence() throws ArrayFileException.BadHeader {
        List<PythonLiteral> items = new ArrayList<>();
        expect('[');
        while (!accept(']')) {
            items.add(literal());
            separate(']');
        }
        return new PythonLiteral.Sequence(items);
    }

    private PythonLiteral tuple() throws ArrayFileException.BadHeader {
        List<PythonLiteral> items = new ArrayList<>();
        boolean comma = true;
        expect('(');
        while (!accept(')')) {
            items.add(literal());
            comma = separate(')');
        }
        return items.size() == 1 && !comma ? items.getFirst() : new PythonLiteral.Tuple(items);
    }

    /** Between two items: takes a comma, or sees the end. */
    private boolean separate(char end) throws ArrayFileException.BadHeader {
        boolean comma = accept(',');
        if (!comma && peek() != end) {
            throw failure("expected ',' or '" + end + "'");
        }
        return comma;
    }

    private PythonLiteral number() throws ArrayFileException.BadHeader {
        int start = position;
        position += text.charAt(position) <= '-' ? 1 : 0;
        int digits = position;
        skipDigits();
        if (position == digits || (text.charAt(digits) == '0' && position > digits + 1)) {
            throw failure("not a whole number");
        }
        String written = text.substring(start, position);
        if (longSuffix && at(position) == 'L') {
            position++;
        }
        if (Character.isLetterOrDigit(at(position)) || at(position) == '_' || at(position) == '.') {
            throw failure("not a whole number");
        }
        try {
            return new PythonLiteral.Int(Long.parseLong(written));
        } catch (NumberFormatException tooLarge) {
            throw failure("the number " + PythonText.excerpt(written) + " exceeds 64 bits");
        }
    }

    private void skipDigits() {
        while (at(position) >= '0' && at(position) <= '9') {
            position++;
        }
    }

    private PythonLiteral word() throws ArrayFileException.BadHeader {
        int start = position;
        while (Character.isLetter(at(position))) {
            position++;
        }
        String word = text.substring(start, position);
        return switch (word) {
            case "True" -> new PythonLiteral.Bool(true);
            case "False" -> new PythonLiteral.Bool(false);
            case "None" -> new PythonLiteral.None();
            case "u", "U" -> new PythonLiteral.Str(string());
            default -> throw failure(start == text.length() ? "the text ends early" : "not a Python literal");
        };
    }

    private String string() throws ArrayFileException.BadHeader {
        char mark = at(position);
        if (mark != '\'' && mark != '"') {
            throw failure("expected a string");
        }
        position++;
        StringBuilder value = new StringBuilder();
        while (at(position) != mark) {
            if (position >= text.length() || at(position) == '\n') {
                throw failure("a string without end");
            }
            appendCharacter(value);
        }
        position++;
        return value.toString();
    }

    private void appendCharacter(StringBuilder value) throws ArrayFileException.BadHeader {
        char c = text.charAt(position++);
        if (c != '\\') {
            value.append(c);
            return;
        }
        char letter = at(position++);
        switch (letter) {
            case '\\', '\'', '"' -> value.append(letter);
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'x' -> value.appendCodePoint(codePoint(2));
            case 'u' -> value.appendCodePoint(codePoint(4));
            case 'U' -> value.appendCodePoint(codePoint(8));
            default -> throw failure("an escape that is none of \\\\ \\' \\\" \\n \\r \\t \\x \\u \\U");
        }
    }

    private int codePoint(int hexDigits) throws ArrayFileException.BadHeader {
        int value = 0;
        for (int i = 0; i < hexDigits; i++) {
            int digit = Character.digit(at(position), 16);
            value = value * 16 + digit;
            if (digit < 0 || value > Character.MAX_CODE_POINT) {
                throw failure("an escape that is not a character");
            }
            position++;
        }
        return value;
    }

    /** The next character that is not blank, or -1 at the end. */
    private int peek() {
        while (position < text.length() && " \t\n\r\f".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        return position < text.length() ? text.charAt(position) : -1;
    }

    /** The character at a position, or NUL past the end. */
    private char at(int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    private boolean accept(char wanted) {
        boolean found = peek() == wanted;
        position += found ? 1 : 0;
        return found;
    }

    private void expect(char wanted) throws ArrayFileException.BadHeader {
        if (!accept(wanted)) {
            throw failure("expected '" + wanted + "'");
        }
    }

    private ArrayFileException.BadHeader failure(String problem) {
        int at = Math.min(position, text.length());
        return new ArrayFileException.BadHeader(
                file,
                "the header is not the Python dict it should be: " + problem + " at character " + at + ", near "
                        + PythonText.excerpt(text.substring(Math.max(0, at - 10), Math.min(text.length(), at + 30))));
    }
}
