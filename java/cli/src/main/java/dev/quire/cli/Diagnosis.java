package dev.quire.cli;

import static java.util.function.Predicate.not;

import dev.quire.hint.Healing;
import dev.quire.hint.Hint;
import dev.quire.hint.LibraryFacts;
import dev.quire.hint.SystemFacts;
import dev.quire.hint.SystemFacts.Capability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The state of this machine.
 *
 * @param system what the operating system told
 * @param library that serves this process; without a file if there is none, and its origin then says why
 * @param java that runs
 * @param nativeAccess whether it was given with a flag
 */
record Diagnosis(SystemFacts system, LibraryFacts library, Runtime.Version java, boolean nativeAccess)
        implements Report {
    /** Enough for a program that maps some files; below it, the next limit met is this one. */
    private static final long COMFORTABLE_AREAS = 1000;

    private static final int COLUMNS = 100;

    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("os", system.os());
        facts.put("osVersion", osVersion());
        facts.put("architecture", System.getProperty("os.arch"));
        facts.put("java", java.toString());
        facts.put("vm", System.getProperty("java.vm.name"));
        facts.put("nativeAccess", nativeAccess);
        facts.put("library", libraryFacts());
        facts.put("healing", system.healing().name());
        addNumbers(facts);
        facts.put("capabilities", support(Capability.values(), system.capabilities()));
        facts.put("hints", support(Hint.values(), system.hints()));
        facts.put("warnings", warnings());
        return facts;
    }

    private Map<String, Object> libraryFacts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("file", library.file());
        facts.put("origin", library.origin());
        facts.put("version", library.version());
        facts.put("abi", library.abiVersion());
        facts.put("kernels", library.kernels());
        facts.put("passedOver", library.passedOver());
        return facts;
    }

    private void addNumbers(Map<String, Object> facts) {
        facts.put("pageBytes", system.pageBytes());
        facts.put("granularityBytes", system.granularityBytes());
        facts.put("hugePageBytes", system.hugePageBytes());
        facts.put("mapLimit", system.mapLimit());
        facts.put("mapReserve", system.mapReserve());
        facts.put("mappedAreas", system.mappedAreas());
        facts.put("lockLimitBytes", system.lockLimitBytes());
        facts.put("memoryBytes", system.memoryBytes());
        facts.put("memoryAvailableBytes", system.memoryAvailableBytes());
        facts.put("groupLimitBytes", system.groupLimitBytes());
        facts.put("groupAvailableBytes", system.groupAvailableBytes());
    }

    private static <E extends Enum<E>> Map<String, Object> support(E[] words, Set<E> supported) {
        Map<String, Object> support = new LinkedHashMap<>();
        for (E word : words) {
            support.put(word.name(), supported.contains(word));
        }
        return support;
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("platform      " + system.os() + " " + osVersion() + ", " + System.getProperty("os.arch"));
        lines.add("java          " + java + ", " + System.getProperty("java.vm.name") + ", native access "
                + (nativeAccess ? "enabled" : "not enabled"));
        lines.add("library       " + libraryLine());
        lines.add("kernels       " + library.kernels());
        library.passedOver().forEach(tried -> lines.add("  passed over " + tried));
        lines.add("healing       " + healing());
        lines.add("page          " + size(system.pageBytes()) + "; mappings are aligned to "
                + size(system.granularityBytes()) + ", huge pages have " + size(system.hugePageBytes()));
        lines.add("areas         " + areas());
        lines.add("lock limit    " + limit(system.lockLimitBytes(), " may be kept in memory by lock()"));
        lines.add("memory        " + size(system.memoryBytes()) + ", " + size(system.memoryAvailableBytes())
                + " available");
        lines.add("group limit   "
                + limit(system.groupLimitBytes(), ", " + size(system.groupAvailableBytes()) + " left"));
        addWords(lines, "can           ", names(Capability.values(), system.capabilities()::contains));
        addWords(lines, "cannot        ", names(Capability.values(), not(system.capabilities()::contains)));
        addWords(lines, "hints         ", names(Hint.values(), system.hints()::contains));
        addWords(lines, "unsupported   ", names(Hint.values(), not(system.hints()::contains)));
        warnings().forEach(warning -> lines.add("warning       " + warning));
        lines.add(verdict());
        return lines;
    }

    private String libraryLine() {
        return isFallback()
                ? "none, files are mapped by the JDK alone: " + library.origin()
                : library.version() + " (interface " + library.abiVersion() + "), " + library.origin() + ": "
                        + library.file();
    }

    private boolean isFallback() {
        return library.file().isEmpty();
    }

    /** A label and words, on as many lines as they need; nothing if there are none. */
    private static void addWords(List<String> lines, String label, List<String> words) {
        StringBuilder line = new StringBuilder(label);
        for (String word : words) {
            if (line.length() + word.length() > COLUMNS) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
                line.append(" ".repeat(label.length()));
            }
            line.append(word).append(' ');
        }
        if (!words.isEmpty()) {
            lines.add(line.toString().stripTrailing());
        }
    }

    private static <E extends Enum<E>> List<String> names(E[] words, Predicate<E> which) {
        return Arrays.stream(words)
                .filter(which)
                .map(word -> word instanceof Capability capability ? plain(capability) : word.name())
                .toList();
    }

    /** An capability in words. */
    private static String plain(Capability capability) {
        return capability.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private String healing() {
        return switch (system.healing()) {
            case ON -> "on: an access to a lost page of a file reads zeros, in any code";
            case COVERED -> "covered by a handler of SIGBUS that somebody else installed";
            case OFF -> "off: -Ddev.quire.heal=false";
            case UNAVAILABLE -> "not available";
        };
    }

    private String areas() {
        String now = system.mappedAreas() < 0 ? "unknown number" : Text.count(system.mappedAreas());
        return system.mapLimit() < 0
                ? now + " mapped, without a limit"
                : now + " of " + Text.count(system.mapLimit()) + " mapped; Quire leaves the last "
                        + Text.count(system.mapReserve()) + " to others";
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!nativeAccess) {
            warnings.add("give native access with --enable-native-access=dev.quire; a later Java will insist");
        }
        long areasLeft = system.mapLimit() - system.mapReserve() - system.mappedAreas();
        if (system.mapLimit() >= 0 && areasLeft < COMFORTABLE_AREAS) {
            warnings.add("only " + Text.count(areasLeft) + " more areas can be mapped: raise vm.max_map_count");
        }
        boolean isHealed = system.healing() == Healing.ON;
        if (!isHealed && !isFallback() && !system.os().equals("Windows")) {
            warnings.add("a file that is truncated while it is mapped can end the JVM: "
                    + (system.healing() == Healing.COVERED
                            ? "the handler of SIGBUS on top may pass nothing on"
                            : "faults are not healed"));
        }
        return warnings;
    }

    private String verdict() {
        if (isFallback()) {
            return "Quire works here for files alone: no hints, locks, residency, resize and anonymous memory.";
        }
        String hints = system.hints().size() + " of " + Hint.values().length + " hints";
        return warnings().isEmpty()
                ? "All is well: Quire works here, with " + hints + "."
                : "Quire works here, with " + hints + "; see the " + (warnings().size() == 1 ? "warning" : "warnings")
                        + " above.";
    }

    private String osVersion() {
        return system.osMajor() < 0 ? System.getProperty("os.version") : system.osMajor() + "." + system.osMinor();
    }

    private static String size(long bytes) {
        return bytes < 0 ? "unknown" : Text.bytes(bytes);
    }

    private static String limit(long bytes, String more) {
        return bytes < 0 ? "no limit" : Text.bytes(bytes) + more;
    }
}
