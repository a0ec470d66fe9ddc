package dev.quire.shared;

import dev.quire.internal.load.NativePlatform;
import java.time.Instant;

/**
 * A process, told from a later one of the same number, as long as the machine runs.
 *
 * @param pid its number
 * @param start when it began: on Linux in ticks since the machine started, which no change of the clock moves
 *     ({@code starttime} of {@code proc_pid_stat(5)}), elsewhere in seconds since 1970; 0 if that is not known
 */
public record ProcessIdentity(long pid, long start) {
    /** No process. */
    static final ProcessIdentity NONE = new ProcessIdentity(0, 0);

    private static final boolean IS_LINUX = NativePlatform.current().isLinux();

    /** In seconds, where the system counts the start from a boot that moves when the clock is set. */
    private static final long TOLERANCE = 3;

    /** What {@link #word} keeps of the start: on Linux 497 days. */
    private static final long KEPT = 0xFFFF_FFFFL;

    private static final long OWN = ProcessHandle.current().pid();
    private static final boolean IS_SEEN = IS_LINUX && ProcStat.isOurs(OWN);
    private static final ProcessIdentity CURRENT = new ProcessIdentity(OWN, Math.max(0, startOf(OWN)));

    /** This process. */
    public static ProcessIdentity current() {
        return CURRENT;
    }

    /** The process in 64 bits, which one exchange can set: its number above, its start below. Never 0. */
    long word() {
        return pid << 32 | (start & KEPT);
    }

    static ProcessIdentity ofWord(long word) {
        return new ProcessIdentity(word >>> 32, word & KEPT);
    }

    /**
     * Whether it still runs, as far as this process can see: some 50 microseconds. One that has ended counts as dead,
     * also before its parent has waited for it. Processes of other containers look dead; where Linux does
     * not show processes ({@code /proc} is hidden as a whole), all look alive, so that nothing is taken from them.
     */
    public boolean isAlive() {
        if (pid < 1) {
            return false;
        }
        long now = pid == OWN ? CURRENT.start : startOf(pid);
        if (now == ProcStat.NONE) {
            return false;
        }
        long apart = Math.abs((now & KEPT) - (start & KEPT));
        boolean known = start != 0 && now != ProcStat.UNKNOWN;
        return !known || apart <= (IS_LINUX || pid == OWN ? 0 : TOLERANCE);
    }

    private static long startOf(long pid) {
        if (IS_LINUX) {
            return IS_SEEN ? ProcStat.startOf(pid) : ProcStat.UNKNOWN;
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(handle -> handle.info()
                        .startInstant()
                        .map(Instant::getEpochSecond)
                        .orElse(ProcStat.UNKNOWN))
                .orElse(ProcStat.NONE);
    }
}
