package dev.quire.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What documents say of the sources, and sources of documents, is so. */
class DocumentsTest {
    private static final Path ACCEPTANCE = Repository.file("java/core/src/test/ACCEPTANCE.md");

    /** "acceptance 19 to 21", "Acceptance 32, 33, 34: ...", "acceptance 11 and 14". */
    private static final Pattern CITATION =
            Pattern.compile("\\b[Aa]cceptance (\\d+[a-z]?((, | and | to )\\d+[a-z]?)*)");

    @Test
    void everyNumberThatASourceCitesIsInTheList() {
        Set<String> listed = Repository.lines(ACCEPTANCE).stream()
                .map(Pattern.compile("- \\*\\*(\\d+[a-z]?)\\*\\* .*")::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>();
        int citations = 0;
        for (String folder : List.of("java", "native/src", "benchmarks/src")) {
            for (Path source : Repository.files(folder, "")) {
                if (!source.toString().matches(".*\\.(java|c|h)")) {
                    continue;
                }
                Matcher citation = CITATION.matcher(Repository.text(source));
                while (citation.find()) {
                    citations++;
                    for (String number : citation.group(1).split(", | and | to ", -1)) {
                        if (!listed.contains(number)) {
                            unknown.add(Repository.name(source) + ": " + number);
                        }
                    }
                }
            }
        }
        assertEquals(Set.of(), unknown, "numbers that " + Repository.name(ACCEPTANCE) + " does not have");
        assertTrue(citations >= 30, citations + " citations found");
    }

    /** The map of CONTRIBUTING.md names the packages of the architecture test, and those are the packages there are. */
    @Test
    void theMapNamesEveryPackage() {
        Set<String> mapped = new TreeSet<>();
        for (String line : Repository.lines(Repository.file("CONTRIBUTING.md"))) {
            if (line.startsWith("| `")) {
                Matcher name = Pattern.compile("`(dev\\.quire[a-z.]*)`").matcher(line.split("\\|", -1)[1]);
                while (name.find()) {
                    mapped.add(name.group(1));
                }
            }
        }
        assertEquals(new TreeSet<>(ArchitectureTest.LAYERS.keySet()), mapped);
        Set<String> present = Repository.files("java/core/src/main/java", ".java").stream()
                .map(file -> Repository.name(file.getParent())
                        .replaceFirst(".*/src/main/java/?", "")
                        .replace('/', '.'))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        present.add("dev.quire.internal.ffi"); // of the generated sources
        assertEquals(present, mapped);
    }

    /** The first example of README.md is in the program that is built as a user builds, without its comments. */
    @Test
    void theFirstExampleIsCompiled() {
        Matcher example =
                Pattern.compile("(?s)```java\n(.*?)```").matcher(Repository.text(Repository.file("README.md")));
        assertTrue(example.find());
        Set<String> program =
                Repository.lines(Repository.file("java/core/src/it/program/consumer/Program.java")).stream()
                        .map(String::strip)
                        .collect(Collectors.toSet());
        for (String line : example.group(1).lines().toList()) {
            String code = line.replaceFirst(" *//.*", "").strip();
            assertTrue(program.contains(code), code);
        }
    }

    /** The table of kinds names tests of Java as {@code Class.method} and of C as {@code file.c: function}. */
    @Test
    void theTestsThatHoldAKindAreThere() {
        String table = Repository.text(Repository.file("java/core/src/test/java/dev/quire/package-info.java"));
        Matcher cited = Pattern.compile("\\{@code (\\w+Test)\\.(\\w+)}|\\{@code (\\w+\\.c): (\\w+)}")
                .matcher(table);
        assertTrue(presentTests(cited) >= 80);
    }

    /** Each threat of the model has a test, and the tests are there. */
    @Test
    void theTestsThatShowWhatHoldsAgainstThreatsAreThere() {
        int rows = 0;
        for (String line : Repository.lines(Repository.file("SECURITY.md"))) {
            if (line.startsWith("| ") && !line.startsWith("| who")) {
                Matcher cited = Pattern.compile("`(\\w+(?:Test|Fuzz))\\.(\\w+)`|`(\\w+\\.c): (\\w+)`")
                        .matcher(line.split("\\|", -1)[3]);
                assertTrue(presentTests(cited) > 0, line);
                rows++;
            }
        }
        assertTrue(rows >= 20, rows + " threats");
    }

    /** How many tests are cited; all of them have to exist. */
    private static int presentTests(Matcher cited) {
        List<Path> sources = new ArrayList<>(Repository.files("java", "Test.java"));
        sources.addAll(Repository.files("java", "Fuzz.java"));
        sources.addAll(Repository.files("native/src", ".c"));
        Set<String> missing = new TreeSet<>();
        int found = 0;
        while (cited.find()) {
            boolean java = cited.group(1) != null;
            String file = java ? cited.group(1) + ".java" : cited.group(3);
            String definition = (java ? cited.group(2) : cited.group(4)) + "(";
            found++;
            boolean there = sources.stream()
                    .filter(source -> file.equals(String.valueOf(source.getFileName())))
                    .anyMatch(source -> Repository.text(source).contains(" " + definition));
            if (!there) {
                missing.add(cited.group());
            }
        }
        assertEquals(Set.of(), missing);
        return found;
    }

    @Test
    void benchmarkResultsHaveNoRawData() {
        List<Path> results = Repository.files("benchmarks/results", ".json");
        assertFalse(results.isEmpty());
        for (Path result : results) {
            assertFalse(Repository.text(result).contains("\"rawData"), Repository.name(result));
        }
    }
}
