package dev.quire.shared;

import java.time.Instant;
import java.util.Optional;

/**
 * A process, told from a later one of the same number.
 *
 * @param pid its number
 * @param startMillis when it began, in milliseconds since 1970; 0 if that is not known
 */
public record ProcessIdentity(long pid, long startMillis) {
    /**
     * The system counts the start from the boot, whose time is read in seconds and shifts when the clock is set right: two
     * readers may differ by that much, and {@link #word} keeps whole seconds.
     */
    private static final long TOLERANCE_MILLIS = 3_000;

    /** No process. */
    static final ProcessIdentity NONE = new ProcessIdentity(0, 0);

    private static final ProcessIdentity CURRENT = of(ProcessHandle.current());

    /** This process. */
    public static ProcessIdentity current() {
        return CURRENT;
    }

    private static ProcessIdentity of(ProcessHandle handle) {
        long start = handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new ProcessIdentity(handle.pid(), start);
    }

    /** The process in 64 bits, which one exchange can set: its number above, the seconds of its start below. Never 0. */
    long word() {
        return pid << 32 | (startMillis / 1_000 & 0xFFFF_FFFFL);
    }

    static ProcessIdentity ofWord(long word) {
        return new ProcessIdentity(word >>> 32, (word & 0xFFFF_FFFFL) * 1_000);
    }

    /** Whether it still runs, as far as this process can see: processes of other containers look dead. */
    public boolean isAlive() {
        if (pid < 1) {
            return false;
        }
        Optional<ProcessHandle> found = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (found.isEmpty()) {
            return false;
        }
        ProcessIdentity now = of(found.get());
        boolean known = startMillis != 0 && now.startMillis != 0;
        return !known || Math.abs(now.startMillis - startMillis) <= TOLERANCE_MILLIS;
    }
}
