package dev.quire.cli;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Names of files as they were typed. Java has lost them where its locale does not know their bytes: {@code LC_ALL=C},
 * or a name that is not UTF-8. Linux has kept the command line; a byte of it that is none of UTF-8 is a character from
 * U+DC80 to U+DCFF in the texts here.
 */
final class FileArgument {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final char UNKNOWN = '\ufffd';
    private static final int ESCAPE = 0xDC00;

    private FileArgument() {}

    /** The arguments from the process's command line, if Java could not read them. */
    static String[] asTyped(String[] args) {
        boolean lost = String.join("", args).indexOf(UNKNOWN) >= 0;
        return lost && Files.isReadable(COMMAND_LINE) ? fromCommandLine(args) : args;
    }

    private static String[] fromCommandLine(String[] args) {
        List<String> words = new ArrayList<>();
        try {
            byte[] line = Files.readAllBytes(COMMAND_LINE);
            int start = 0;
            for (int i = 0; i < line.length; i++) {
                if (line[i] == 0) {
                    words.add(decoded(ByteBuffer.wrap(line, start, i - start)));
                    start = i + 1;
                }
            }
        } catch (IOException e) {
            return args;
        }
        return words.size() < args.length
                ? args
                : words.subList(words.size() - args.length, words.size()).toArray(String[]::new);
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

    /** Whether a character stands for a byte that is none of UTF-8. */
    static boolean isByte(int one) {
        return one >= ESCAPE + 0x80 && one <= ESCAPE + 0xFF;
    }

    /** The path of a text, byte for byte. */
    static Path path(String text) {
        try {
            if (File.separatorChar == '/' && !isWritable(text)) {
                return fromBytes(text);
            }
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a valid file name in this locale; set LC_ALL=C.UTF-8 for this command", e);
        }
    }

    /** Whether Java's own way to a path has every character. */
    private static boolean isWritable(String text) {
        String encoding = String.valueOf(System.getProperty("sun.jnu.encoding"));
        return encoding.equalsIgnoreCase("UTF-8")
                ? text.codePoints().noneMatch(FileArgument::isByte)
                : text.chars().allMatch(one -> one < 128);
    }

    /** A URI has any bytes, and an absolute path. */
    private static Path fromBytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(one -> {
            if (isByte(one)) {
                bytes.write(one);
            } else {
                bytes.writeBytes(Character.toString(one).getBytes(StandardCharsets.UTF_8));
            }
        });
        StringBuilder uri = new StringBuilder("file://");
        if (!text.startsWith("/")) {
            uri = new StringBuilder(Path.of("").toUri().toString());
        }
        for (byte one : bytes.toByteArray()) {
            uri.append(one == '/' ? "/" : "%" + HexFormat.of().toHexDigits(one));
        }
        return Path.of(URI.create(uri.toString()));
    }
}
