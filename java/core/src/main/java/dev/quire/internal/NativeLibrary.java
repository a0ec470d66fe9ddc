package dev.quire.internal;

import dev.quire.advice.LibraryFacts;
import dev.quire.error.MappingException;
import dev.quire.error.NotSupportedException;
import dev.quire.error.Refusal;
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
    /** The system property that leaves faults to the virtual machine when it is {@code false}. */
    static final String HEAL = "dev.quire.heal";

    /** {@code QUIRE_HEALING_ON}; a test compares it with the bindings. */
    static final int HEALING_ON = 1;

    private NativeLibrary() {}

    /** Free of charge once it has succeeded. */
    static void load() throws NotSupportedException {
        if (Once.REFUSAL != null) {
            throw (NotSupportedException) MappingException.of(Once.REFUSAL);
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
            REFUSAL = SEARCH.run();
            boolean wanted = !"false".equals(System.getProperty(HEAL));
            HEALING = REFUSAL == null && wanted && FirstCalls.heal(1) == HEALING_ON;
            if (REFUSAL == null) {
                LinkerStart.begin();
            }
        }
    }
}
