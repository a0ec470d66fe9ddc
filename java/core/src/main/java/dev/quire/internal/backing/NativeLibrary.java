package dev.quire.internal.backing;

import dev.quire.error.ErrorCode;
import dev.quire.error.FailureDetails;
import dev.quire.error.MappingException;
import dev.quire.error.NotSupportedException;
import dev.quire.hint.Healing;
import dev.quire.internal.door.ErrorDoor;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.load.LibrarySearch;
import dev.quire.internal.load.NativePlatform;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The native library: loaded once, at the first call that needs it. That it is missing, damaged or of another build is
 * kept, and every such call throws it; after any other failure the next call tries again, for what was in the way may
 * be gone.
 *
 * <p>What is tried, in this order:
 *
 * <ol>
 *   <li>the file that the system property {@code dev.quire.library} names, and then nothing else;
 *   <li>the library inside the jar, put into a {@link LibraryCache};
 *   <li>the directories of {@code java.library.path}.
 * </ol>
 */
public final class NativeLibrary {
    /**
     * The system property that leaves faults to the virtual machine when it is {@code false}; else it is {@code true}.
     */
    static final String HEAL = "dev.quire.heal";

    /**
     * What a search came to.
     *
     * @param details null if a library is loaded
     */
    private record Result(LibrarySearch search, @Nullable FailureDetails details, boolean healing) {
        boolean isMissing() {
            return details != null && search.isMissing();
        }
    }

    /** What will not change any more; null until then. */
    private static volatile @Nullable Result settled;

    private NativeLibrary() {}

    private static Result result() {
        Result known = settled;
        return known != null ? known : search();
    }

    /** An interrupt would close the files that are read and written here: it waits until there is a result. */
    private static synchronized Result search() {
        Result known = settled;
        if (known != null) {
            return known;
        }
        boolean interrupted = Thread.interrupted();
        try {
            for (; ; ) {
                Result found = searched();
                boolean isDisturbed = Thread.interrupted();
                interrupted |= isDisturbed;
                if (!isDisturbed || settled != null) {
                    return found;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Result searched() {
        LibrarySearch search = new LibrarySearch(NativePlatform.current(), new Version());
        String heal = System.getProperty(HEAL, "true");
        boolean isWanted = heal.equals("true");
        boolean isKnown = isWanted || heal.equals("false");
        FailureDetails details = isKnown
                ? search.run()
                : search.details(
                        ErrorCode.UNSUPPORTED, "the property " + HEAL + " is true or false, and not \"" + heal + "\"");
        boolean isHealing = details == null && isWanted && isHealed(FirstCalls.heal(1));
        Result result = new Result(search, details, isHealing);
        if (details == null || search.isLasting() || !isKnown) {
            settled = result;
        }
        if (details == null) {
            LinkerStart.begin();
        }
        return result;
    }

    @SuppressWarnings("EnumOrdinal") // words stand in the order of the numbers in quire.h; a test compares them
    private static boolean isHealed(int state) {
        return state == Healing.ON.ordinal() || state == Healing.COVERED.ordinal();
    }

    /** Costs next to nothing once it has succeeded. */
    public static void load() throws NotSupportedException {
        FailureDetails details = result().details();
        if (details != null) {
            throw ErrorDoor.<NotSupportedException>refused(details);
        }
    }

    /**
     * Whether files are mapped by the JDK instead: there is no library for this platform, or native access is denied.
     * One that is there and broken is an error.
     */
    public static boolean isMissing() {
        return result().isMissing();
    }

    /**
     * Whether faults in mapped memory are healed. Asked when something is mapped: to search for a library here, in a
     * static initialiser of the caller, could make a passing failure last.
     */
    public static boolean isHealing() {
        Result known = settled;
        if (known == null) {
            throw new IllegalStateException("nothing was mapped yet");
        }
        return known.healing();
    }

    /** What becomes of accesses to lost pages. Asked each time, because others may install handlers too. */
    @SuppressWarnings("EnumOrdinal") // as above
    public static Healing healing() {
        Result now = result();
        if (now.details() != null) {
            return Healing.UNAVAILABLE;
        }
        Healing healing = Healing.values()[QuireHeader.quire_heal(0)];
        return now.healing() || healing == Healing.UNAVAILABLE ? healing : Healing.OFF;
    }

    /** Why files are mapped by the JDK; empty if they are not. */
    public static String missing() {
        Result now = result();
        return now.details() != null && now.search().isMissing() ? now.details().sentence() : "";
    }

    /** Refuses, before anything is done, what the JDK alone cannot do; the sentence says why not. */
    public static void require(String operation, Subject subject, String sentence) throws MappingException {
        if (isMissing()) {
            throw Failures.unsupported(operation, subject, sentence + ": " + missing());
        }
    }

    /** The last search, whether it found the library or not. */
    public static LibrarySearch lastSearch() {
        return result().search();
    }

    /** Why there is no library; null if there is one. */
    public static @Nullable FailureDetails details() {
        return result().details();
    }

    /** Asks the library itself. A class, because the first lambda costs a process's start milliseconds. */
    private static final class Version implements IntSupplier {
        @Override
        public int getAsInt() {
            return QuireHeader.quire_abi_version();
        }
    }
}
