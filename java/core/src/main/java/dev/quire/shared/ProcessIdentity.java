package dev.quire.shared;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process, told from a later one of the same number.
 *
 * @param pid its number
 * @param start when it began: on Linux in ticks since the machine started ({@code starttime} of {@code proc_pid_stat(5)}),
 *     which no change of the clock moves, elsewhere in seconds since 1970; 0 if that is not known
 */
public record ProcessIdentity(long pid, long start) {
    /** No process. */
    static final ProcessIdentity NONE = new ProcessIdentity(0, 0);

    private static final long LOW_HALF = 0xFFFF_FFFFL;

    /** Where processes show themselves as files. Wine shows the folder too, but its processes have other numbers. */
    private static final @Nullable Path PROCESSES =
            File.separatorChar == '/' && Files.isReadable(Path.of("/proc/self/stat")) ? Path.of("/proc") : null;

    /** Behind the name, which ends with the last parenthesis, come the state and, so many fields later, the start. */
    private static final int FIELDS_TO_START = 19;

    /** Elsewhere the system tells the start to the second, and counts it from a boot that moves when the clock is set. */
    private static final long TOLERANCE = PROCESSES != null ? 0 : 3;

    private static final ProcessIdentity CURRENT = current(ProcessHandle.current().pid());

    private static ProcessIdentity current(long pid) {
        return new ProcessIdentity(pid, Math.max(0, startOf(pid)));
    }

    /** This process. */
    public static ProcessIdentity current() {
        return CURRENT;
    }

    /** The process in 64 bits, which one exchange can set: its number above, its start below. Never 0. */
    long word() {
        return pid << 32 | (start & LOW_HALF);
    }

    static ProcessIdentity ofWord(long word) {
        return new ProcessIdentity(word >>> 32, word & LOW_HALF);
    }

    /**
     * Whether it still runs, as far as this process can see: processes of other containers look dead. One that has ended and
     * that nobody has waited for is dead.
     */
    public boolean isAlive() {
        if (pid < 1) {
            return false;
        }
        if (pid == CURRENT.pid) {
            return isSame(CURRENT.start, 0);
        }
        long now = startOf(pid);
        return now >= 0 && isSame(now, TOLERANCE);
    }

    private boolean isSame(long now, long tolerance) {
        boolean known = start != 0 && now != 0;
        return !known || Math.abs((now & LOW_HALF) - (start & LOW_HALF)) <= tolerance;
    }

    /** The start of a process that runs now; 0 if that is not known, -1 if there is none. */
    private static long startOf(long pid) {
        if (PROCESSES == null) {
            return startByHandle(pid);
        }
        try {
            Path file = PROCESSES.resolve(Long.toString(pid)).resolve("stat");
            return startIn(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return -1;
        } catch (IOException e) {
            // it ended while it was read, or hides from this process: the signal 0 tells
            return startByHandle(pid) < 0 ? -1 : 0;
        }
    }

    private static long startByHandle(long pid) {
        Optional<ProcessHandle> found = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        return found.map(handle ->
                        handle.info().startInstant().map(Instant::getEpochSecond).orElse(0L))
                .orElse(-1L);
    }

    /** From the line that Linux shows; -1 if the process has ended and only waits for its parent to ask. */
    static long startIn(String stat) {
        int at = stat.lastIndexOf(')') + 2;
        char state = stat.charAt(at);
        if (state == 'Z' || state == 'X' || state == 'x') {
            return -1;
        }
        for (int i = 0; i < FIELDS_TO_START; i++) {
            at = stat.indexOf(' ', at) + 1;
        }
        return Long.parseLong(stat, at, stat.indexOf(' ', at), 10);
    }
}
