package dev.quire.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Linux tells a process about itself. */
public final class ThisProcess {
    private ThisProcess() {}

    /** The mapped areas that name a file, or all of them for an empty name. */
    public static List<String> areas(String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(name)).toList();
        }
    }

    /** How many descriptors are open on what contains that text. */
    public static long descriptors(String name) throws IOException {
        long count = 0;
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                count += target(link).contains(name) ? 1 : 0;
            }
        }
        return count;
    }

    /** Listing the folder opens one more, which is gone when it is asked for. */
    private static String target(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** A line of the status file that is in kilobytes, such as {@code VmLck} and {@code VmRSS}, in bytes. */
    public static long status(String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(key + ":")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IllegalArgumentException(key);
    }
}
