package dev.quire.internal;

import dev.quire.advice.Healing;
import dev.quire.advice.LibraryFacts;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.NotSupportedException;
import dev.quire.error.Refusal;
import dev.quire.internal.door.ErrorDoor;
import dev.quire.internal.ffi.QuireHeader;
import org.jspecify.annotations.Nullable;

/**
 * The native library: loaded once, at the first call that needs it. A failure is kept, and every such call throws it.
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
    /** The system property that leaves faults to the virtual machine when it is {@code false}; else it is {@code true}. */
    static final String HEAL = "dev.quire.heal";

    private NativeLibrary() {}

    /** Free of charge once it has succeeded. */
    public static void load() throws NotSupportedException {
        if (Once.REFUSAL != null) {
            throw ErrorDoor.<NotSupportedException>refused(Once.REFUSAL);
        }
    }

    /**
     * Whether files are mapped by the JDK instead: there is no library for this platform, or native access is denied. One
     * that is there and broken is an error.
     */
    static boolean isMissing() {
        return Once.REFUSAL != null && Once.SEARCH.isMissing();
    }

    /** Whether faults in mapped memory are healed. Decided once. */
    static boolean isHealing() {
        return Once.REFUSAL == null && Once.HEALING;
    }

    /** What becomes of accesses to lost pages. Asked each time, because others may install handlers too. */
    @SuppressWarnings("EnumOrdinal") // words stand in the order of the numbers in quire.h; a test holds them to it
    static Healing healing() {
        if (Once.REFUSAL != null) {
            return Healing.UNAVAILABLE;
        }
        Healing now = Healing.values()[QuireHeader.quire_heal(0)];
        return Once.HEALING || now == Healing.UNAVAILABLE ? now : Healing.OFF;
    }

    /** Why files are mapped by the JDK; empty if they are not. */
    public static String missing() {
        Refusal refusal = Once.REFUSAL;
        return refusal != null && isMissing() ? refusal.sentence() : "";
    }

    /** Refuses, before anything is done, what the JDK alone cannot do; the sentence says why not. */
    public static void require(String operation, Subject subject, String sentence) throws MappingException {
        if (isMissing()) {
            throw Refusals.unsupported(operation, subject, sentence + ": " + missing());
        }
    }

    /** Where the library came from and what it is. */
    public static LibraryFacts describe() throws NotSupportedException {
        load();
        return facts();
    }

    /** The same; without a file, and the reason as the origin, where there is no library. */
    static LibraryFacts facts() {
        if (Once.REFUSAL != null) {
            return new LibraryFacts(Once.REFUSAL.sentence(), "", "", 0, "java", Once.SEARCH.tried());
        }
        LibrarySearch search = Once.SEARCH;
        return new LibraryFacts(
                search.origin(),
                search.file(),
                QuireHeader.quire_library_version().getString(0),
                QuireHeader.quire_abi_version(),
                Kernels.name(Kernels.CHOSEN),
                search.tried());
    }

    private static final class Once {
        static final LibrarySearch SEARCH = new LibrarySearch(NativePlatform.current());
        static final @Nullable Refusal REFUSAL;
        static final boolean HEALING;

        static {
            String heal = System.getProperty(HEAL, "true");
            boolean wanted = heal.equals("true");
            REFUSAL = wanted || heal.equals("false")
                    ? SEARCH.run()
                    : SEARCH.refusal(
                            ErrorCode.UNSUPPORTED,
                            "the property " + HEAL + " is true or false, and not \"" + heal + "\"");
            HEALING = REFUSAL == null && wanted && isHealed(FirstCalls.heal(1));
            if (REFUSAL == null) {
                LinkerStart.begin();
            }
        }

        @SuppressWarnings("EnumOrdinal") // as above
        private static boolean isHealed(int answer) {
            return answer == Healing.ON.ordinal() || answer == Healing.COVERED.ordinal();
        }
    }
}
