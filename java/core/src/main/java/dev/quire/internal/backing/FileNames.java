package dev.quire.internal.backing;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Paths as text and back. The C layer takes UTF-8; the text of a {@link Path} is lossy where Java was started in a
 * locale that has less, as with {@code LC_ALL=C} in many containers, and where a name is not UTF-8. The path's URI has
 * its bytes. A byte that is none of UTF-8 is a character from U+DC80 to U+DCFF here, as in Python
 * ({@code surrogateescape}).
 */
public final class FileNames {
    private static final boolean UNIX = File.separatorChar == '/';
    private static final boolean LOSSY = UNIX && !"UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));

    /** What the JDK has for a byte that its locale does not know. */
    private static final char UNKNOWN = '\ufffd';

    private static final int ESCAPE = 0xDC00;

    private FileNames() {}

    /** As the C layer takes it, when {@link #bytes} has encoded it. */
    public static String text(Path path) {
        String text = path.toString();
        boolean lost = LOSSY ? !isAscii(text) : UNIX && text.indexOf(UNKNOWN) >= 0;
        return lost ? decoded(path.toUri().getRawPath()) : text;
    }

    /** The path that has this text. */
    public static Path path(String text) {
        return (LOSSY && !isAscii(text)) || hasEscape(text) ? fromUri(bytes(text)) : Path.of(text);
    }

    /** The name itself: UTF-8, but for bytes that are none. */
    public static byte[] bytes(String text) {
        if (!hasEscape(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(one -> {
            if (isEscape(one)) {
                bytes.write(one);
            } else {
                bytes.writeBytes(Character.toString(one).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    /** Byte by byte: the URI's own way to ASCII would put accents together that the name has apart. */
    private static Path fromUri(byte[] name) {
        StringBuilder uri = new StringBuilder("file://");
        if (name.length == 0 || name[0] != '/') {
            uri.append(Path.of("").toAbsolutePath().toUri().getRawPath());
        }
        for (byte one : name) {
            uri.append(one == '/' ? "/" : "%" + HexFormat.of().toHexDigits(one));
        }
        return Path.of(URI.create(uri.toString()));
    }

    /** The text of a URI's path, which is ASCII. */
    private static String decoded(String raw) {
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes.put((byte) HexFormat.fromHexDigits(raw, i + 1, i + 3));
                i += 2;
            } else {
                bytes.put((byte) raw.charAt(i));
            }
        }
        return decoded(bytes.flip());
    }

    private static String decoded(ByteBuffer bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(bytes, text, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                text.put((char) (ESCAPE | Byte.toUnsignedInt(bytes.get())));
            }
            decoder.reset();
            result = decoder.decode(bytes, text, true);
        }
        return text.flip().toString();
    }

    private static boolean isEscape(int one) {
        return one >= ESCAPE + 0x80 && one <= ESCAPE + 0xFF;
    }

    /** Where such a character is half of a pair, as in many emoji, it is none. */
    private static boolean hasEscape(String text) {
        return UNIX && text.codePoints().anyMatch(FileNames::isEscape);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(one -> one < 128);
    }
}
