package dev.quire.internal.backing;

import dev.quire.error.MappingException;
import dev.quire.hint.Healing;
import dev.quire.hint.Hint;
import dev.quire.hint.SystemFacts;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_system;
import dev.quire.internal.load.NativePlatform;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The C layer's {@code quire_system} as a value. */
@SuppressWarnings("EnumOrdinal") // words stand in the order of the bits in quire.h; a test holds them to it
public final class SystemQuery {
    /** No platform of ours has smaller pages. */
    private static final long LEAST_PAGE = 4096;

    /** The first answer; a question that failed is asked again. */
    private static volatile @Nullable SystemFacts known;

    private SystemQuery() {}

    /** Asks the operating system: some 100 microseconds. */
    public static SystemFacts query() throws MappingException {
        if (NativeLibrary.isMissing()) {
            return withoutLibrary();
        }
        NativeLibrary.load();
        CallFrame frame = CallFrame.take();
        try {
            MemorySegment system = frame.room(quire_system.sizeof());
            int code = QuireHeader.quire_query_system(system, frame.error);
            Failures.check(code, frame, "query", Subject.memory("the system"), -1, -1);
            return facts(system);
        } finally {
            frame.giveBack();
        }
    }

    /** What Java itself knows. */
    private static SystemFacts withoutLibrary() {
        boolean windows = NativePlatform.current().isWindows();
        Set<Capability> capabilities = windows ? Set.of() : Set.of(Capability.REPLACE_OPEN_FILE);
        String os = System.getProperty("os.name", "");
        return new SystemFacts(
                os, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, capabilities, Set.of(), Healing.UNAVAILABLE);
    }

    private static SystemFacts facts(MemorySegment system) {
        return new SystemFacts(
                name(quire_system.os(system)),
                quire_system.os_major(system),
                quire_system.os_minor(system),
                quire_system.page_size(system),
                quire_system.granularity(system),
                quire_system.huge_page_size(system),
                quire_system.map_limit(system),
                quire_system.map_reserve(system),
                quire_system.mapped(system),
                quire_system.lock_limit(system),
                quire_system.memory_total(system),
                quire_system.memory_available(system),
                quire_system.group_limit(system),
                quire_system.group_available(system),
                chosen(Capability.class, quire_system.capabilities(system)),
                chosen(Hint.class, quire_system.hints(system)),
                NativeLibrary.healing());
    }

    private static String name(int os) {
        return switch (os) {
            case 1 -> "Linux";
            case 2 -> "macOS";
            case 3 -> "Windows";
            default -> "POSIX";
        };
    }

    private static <E extends Enum<E>> Set<E> chosen(Class<E> words, long bits) {
        Set<E> chosen = EnumSet.noneOf(words);
        for (E word : words.getEnumConstants()) {
            if ((bits >>> word.ordinal() & 1) != 0) {
                chosen.add(word);
            }
        }
        return chosen;
    }

    /** Bytes of a page; -1 without the library: Java does not tell. Asked once. */
    public static long pageSize() {
        return known().pageBytes();
    }

    /** No more than a page has, and not much less. */
    public static long stepBytes() {
        long page = pageSize();
        return page > 0 ? page : LEAST_PAGE;
    }

    /** Whether the platform can do something; asked once. */
    public static boolean can(Capability capability) {
        return known().capabilities().contains(capability);
    }

    /** Refuses what needs an capability that the platform does not have; without the library, because of that. */
    public static void require(Capability capability, String operation, Subject subject, String otherwise)
            throws MappingException {
        NativeLibrary.load();
        if (!can(capability)) {
            throw Failures.unsupported(operation, subject, otherwise);
        }
    }

    /** Whether the platform has a hint at all; asked once. */
    public static boolean supports(Hint hint) {
        return known().hints().contains(hint);
    }

    /** The answers that do not change while the process lives, as soon as there are any. */
    private static SystemFacts known() {
        SystemFacts facts = known;
        if (facts == null) {
            try {
                facts = query();
            } catch (MappingException e) {
                throw new UncheckedIOException(e);
            }
            known = facts;
        }
        return facts;
    }
}
