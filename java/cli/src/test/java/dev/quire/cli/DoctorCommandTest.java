package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Platform;
import dev.quire.error.MappingException;
import dev.quire.hint.Healing;
import dev.quire.hint.Hint;
import dev.quire.hint.LibraryFacts;
import dev.quire.hint.SystemFacts;
import dev.quire.hint.SystemFacts.Capability;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
    @Test
    void everyHintIsAnswered() throws MappingException {
        Map<String, Object> facts = Tool.run("doctor", "--json").json();
        Map<?, ?> hints = (Map<?, ?>) facts.get("hints");
        assertEquals(Hint.values().length, hints.size());
        for (Hint hint : Hint.values()) {
            assertEquals(Platform.supports(hint), hints.get(hint.name()), hint.name());
        }
        assertEquals(Platform.pageSize(), Tool.number(facts, "pageBytes"));
        assertEquals(Platform.library().file(), ((Map<?, ?>) facts.get("library")).get("file"));
    }

    @Test
    void everyAbilityIsAnswered() throws MappingException {
        Map<?, ?> capabilities = (Map<?, ?>) Tool.run("doctor", "--json").json().get("capabilities");
        String text = Tool.run("doctor").fine().out();
        assertEquals(Capability.values().length, capabilities.size());
        for (Capability capability : Capability.values()) {
            assertEquals(
                    Platform.facts().capabilities().contains(capability),
                    capabilities.get(capability.name()),
                    capability.name());
            assertTrue(text.contains(capability.name().toLowerCase(Locale.ROOT).replace('_', '-')), text);
        }
    }

    @Test
    void healingIsSaidAndWarnsWhereItIsNotOn() throws MappingException {
        assertEquals(
                Platform.facts().healing().name(),
                Tool.run("doctor", "--json").json().get("healing"));
        for (Healing healing : Healing.values()) {
            SystemFacts facts = new SystemFacts(
                    "Linux", 6, 1, 4096, 4096, -1, -1, -1, -1, -1, -1, -1, -1, -1, Set.of(), Set.of(), healing);
            LibraryFacts library = new LibraryFacts("jar", "/lib/quire", "1", 1, "avx2", List.of());
            Diagnosis diagnosis = new Diagnosis(facts, library, Runtime.version(), true);
            assertEquals(
                    healing != Healing.ON, diagnosis.lines().toString().contains("can end the JVM"), healing::name);
            assertEquals(healing.name(), diagnosis.facts().get("healing"));
        }
    }

    @Test
    void theLastLineIsTheVerdict() {
        List<String> lines = Tool.run("doctor").fine().lines();
        assertTrue(lines.getLast().contains("Quire works here"), lines.getLast());
        assertTrue(lines.stream().allMatch(line -> line.length() <= 100 || line.startsWith("library")));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("hints ") && line.contains("SEQUENTIAL")));
    }

    @Test
    void noLibraryIsOneLine() {
        SystemFacts bare = new SystemFacts(
                "Plan 9", -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, Set.of(), Set.of(), Healing.UNAVAILABLE);
        LibraryFacts none = new LibraryFacts("no native library for plan9-mips", "", "", 0, "java", List.of());
        List<String> lines = new Diagnosis(bare, none, Runtime.version(), true).lines();
        String line = "library       none, files are mapped by the JDK alone: no native library for plan9-mips";
        assertTrue(lines.contains(line), lines::toString);
        assertTrue(lines.getLast().startsWith("Quire works here for files alone"), lines::toString);
    }

    @Test
    void whatIsMissingOrUnknownIsSaid() {
        SystemFacts bare = new SystemFacts(
                "POSIX",
                -1,
                -1,
                4096,
                65536,
                -1,
                4000,
                2000,
                1500,
                -1,
                -1,
                -1,
                -1,
                -1,
                Set.of(),
                Set.of(),
                Healing.OFF);
        LibraryFacts library =
                new LibraryFacts("java.library.path", "/lib/quire", "1", 1, "avx2", List.of("bundled: noexec"));
        Diagnosis diagnosis = new Diagnosis(bare, library, Runtime.version(), false);
        String text = String.join("\n", diagnosis.lines());
        assertTrue(text.contains("passed over bundled: noexec"), text);
        assertTrue(text.contains("\nkernels       avx2\n"), text);
        assertTrue(text.contains("huge pages have unknown"), text);
        assertTrue(text.contains("\nunsupported   NORMAL"), text);
        assertFalse(text.contains("\nhints"), text);
        assertTrue(text.contains("--enable-native-access=dev.quire"), text);
        assertTrue(text.contains("only 500 more areas"), text);
        assertTrue(text.contains("\nhealing       off: -Ddev.quire.heal=false\n"), text);
        assertTrue(text.contains("can end the JVM: faults are not healed"), text);
        assertTrue(text.endsWith("with 0 of 18 hints; see the warnings above."), text);
    }
}
