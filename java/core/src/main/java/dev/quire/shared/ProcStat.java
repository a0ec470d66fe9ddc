package dev.quire.shared;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What Linux tells of a process: {@code proc_pid_stat(5)}.
 *
 * @param state of its first thread, as a letter
 * @param threads how many it has
 * @param start in ticks since the machine started
 */
record ProcStat(char state, long threads, long start) {
    /** There is no such process. */
    static final long NONE = -1;

    /** It is not known when it began. */
    static final long UNKNOWN = 0;

    private static final Path FOLDER = Path.of("/proc");

    /** Behind the name, from the state on, which is the third field. */
    private static final int AT_THREADS = 17;

    private static final int AT_START = 19;

    /**
     * Whether the folder shows processes by the numbers that this one knows: it may be another container's, or hidden.
     */
    static boolean isOurs(long self) {
        try {
            return Files.readSymbolicLink(FOLDER.resolve("self")).toString().equals(Long.toString(self));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The start of a process that has not ended, {@link #UNKNOWN} if it hides from this user, or {@link #NONE}. Asked
     * of its first thread, because qemu invents what a process reads about itself.
     */
    static long startOf(long pid) {
        Path file = FOLDER.resolve(pid + "/task/" + pid + "/stat");
        try {
            ProcStat stat = parse(Files.readString(file, StandardCharsets.ISO_8859_1));
            return stat.isEnded() ? NONE : stat.start;
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (FileSystemException e) {
            return UNKNOWN;
        } catch (IOException e) {
            return NONE; // it ended while it was read
        }
    }

    /** The name is in parentheses and may have some itself. */
    static ProcStat parse(String line) {
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", AT_START + 2);
        return new ProcStat(fields[0].charAt(0), Long.parseLong(fields[AT_THREADS]), Long.parseLong(fields[AT_START]));
    }

    /** It only waits for its parent to ask. A process whose first thread has ended looks the same, but has others. */
    boolean isEnded() {
        return state == 'X' || state == 'x' || (state == 'Z' && threads <= 1);
    }
}
