package dev.quire.internal.backing;

import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Paths as text and back. The C layer takes UTF-8; the text of a {@link Path} is lossy where Java was started in a
 * locale that has less, as with {@code LC_ALL=C} in many containers. The path's URI has its bytes.
 */
public final class FileNames {
    private static final boolean LOSSY =
            File.separatorChar == '/' && !"UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));

    private FileNames() {}

    /** As the C layer takes it. */
    public static String text(Path path) {
        String text = path.toString();
        return LOSSY && !isAscii(text) ? path.toUri().getPath() : text;
    }

    /** The path that has this text. */
    public static Path path(String text) {
        return LOSSY && !isAscii(text) ? fromUri(text) : Path.of(text);
    }

    /** Byte by byte: the URI's own way to ASCII would put accents together that the name has apart. */
    private static Path fromUri(String text) {
        StringBuilder uri = new StringBuilder("file://");
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            uri.append(one == '/' ? "/" : "%" + HexFormat.of().toHexDigits(one));
        }
        return Path.of(URI.create(uri.toString()));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(one -> one < 128);
    }
}
