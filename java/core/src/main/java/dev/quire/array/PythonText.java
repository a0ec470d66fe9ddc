package dev.quire.array;

/** Text as Python's {@code repr} writes it. */
final class PythonText {

    /** How much of a file's own text goes into a message. */
    private static final int EXCERPT_CHARS = 80;

    private PythonText() {}

    /** A descriptor as it stands in a header: quoted, unless it is a list of fields. */
    static String descr(Descriptor descr) {
        return descr instanceof StructuredType ? descr.toString() : quote(descr.toString());
    }

    /** The start of a text from a file, quoted and made harmless for a terminal. */
    static String excerpt(String text) {
        return text.length() <= EXCERPT_CHARS ? quote(text) : quote(text.substring(0, EXCERPT_CHARS)) + "...";
    }

    /** The text with its escapes but without quotes, for a name within a path. */
    static String plain(String text) {
        String quoted = excerpt(text);
        return quoted.substring(1, quoted.lastIndexOf(quoted.charAt(0)));
    }

    /** A string literal: single quotes unless the text has only those, everything unprintable escaped. */
    static String quote(String text) {
        char mark = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder(text.length() + 2).append(mark);
        text.codePoints().forEach(c -> appendCharacter(quoted, c, mark));
        return quoted.append(mark).toString();
    }

    private static void appendCharacter(StringBuilder quoted, int c, char mark) {
        switch (c) {
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            case '\\' -> quoted.append("\\\\");
            default -> {
                if (c == mark) {
                    quoted.append('\\').append(mark);
                } else if (isPrintable(c)) {
                    quoted.appendCodePoint(c);
                } else {
                    quoted.append(escape(c));
                }
            }
        }
    }

    private static String escape(int c) {
        if (c < 0x100) {
            return String.format("\\x%02x", c);
        }
        return c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
    }

    /** Python's rule: no control, format, surrogate, private or unassigned character, no separator but the space. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
