package dev.quire.tensors;

/** What a file says, made harmless for a message. */
final class Quoted {
    private static final int LONGEST = 80;

    private Quoted() {}

    /** In quotes, cut, and without anything that a terminal might obey or that changes the direction of text. */
    static String of(CharSequence text) {
        StringBuilder quoted = new StringBuilder("\"");
        int length = Math.min(text.length(), LONGEST);
        for (int i = 0; i < length; i++) {
            append(quoted, text.charAt(i));
        }
        return quoted.append(length < text.length() ? "\"..." : "\"").toString();
    }

    private static void append(StringBuilder quoted, char c) {
        switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> quoted.append(String.format("\\u%04x", (int) c));
            default -> quoted.append(c);
        }
    }
}
