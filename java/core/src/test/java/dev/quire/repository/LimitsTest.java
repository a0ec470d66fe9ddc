package dev.quire.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The lengths that CONTRIBUTING.md allows. The formatter and the C style put the end of a function under its beginning.
 */
class LimitsTest {
    private static final int JAVA_LINE = 120;
    private static final int JAVA_METHOD = 40;
    private static final int C_LINE = 100;
    private static final int C_FUNCTION = 60;

    /** Methods that are too long today. One that no longer is has to go from here, and none is added. */
    private static final Set<String> KNOWN_LONG_METHODS = Set.of(
            "java/core/src/test/programs/dev/quire/FaultAttempt.java:"
                    + " private static void elements(List<FaultAttempt> all) {",
            "java/core/src/test/programs/dev/quire/FaultAttempt.java:"
                    + " private static void pages(List<FaultAttempt> all) {",
            "java/core/src/test/programs/dev/quire/shared/TruncatedMain.java:"
                    + " private static void round(String name, long length) throws IOException {");

    /** Folders that have longer lines today. One that no longer has any has to go from here, and none is added. */
    private static final Set<String> KNOWN_LONG_JAVA = Set.of();

    private static final Set<String> KNOWN_LONG_C = Set.of();

    private static final Pattern NO_METHOD = Pattern.compile(
            "(} )?(if|for|while|switch|try|do|else|synchronized|catch|finally|case|default|static \\{).*"
                    + "|}.*|.*->.*|(.* )?(class|interface|enum|record|@interface) \\w.*");

    private static List<Path> sources(String ending) {
        List<Path> sources = new ArrayList<>();
        for (String folder : List.of("java", "benchmarks", "native", "scripts")) {
            sources.addAll(Repository.files(folder, ending));
        }
        assertTrue(sources.size() > 10, ending + " in " + sources.size() + " files");
        return sources;
    }

    private static List<Path> cSources() {
        List<Path> sources = new ArrayList<>(sources(".c"));
        sources.addAll(Repository.files("native", ".h"));
        return sources;
    }

    /**
     * The parts of a file that end with a line of a closing brace alone, and begin at the last line before it that is
     * indented no further.
     */
    private static Set<String> longParts(Path source, int limit, Predicate<String> isFunction) {
        Set<String> found = new TreeSet<>();
        List<String> lines = Repository.lines(source);
        for (int end = 0; end < lines.size(); end++) {
            if (!lines.get(end).matches(" *}")) {
                continue;
            }
            int start = end - 1;
            while (start > 0 && isInside(lines.get(start), indent(lines.get(end)))) {
                start--;
            }
            if (end - start + 1 > limit && isFunction.test(lines.get(start).strip())) {
                found.add(Repository.name(source) + ": " + lines.get(start).strip());
            }
        }
        return found;
    }

    /** Labels and directives of C stand at the left. */
    private static boolean isInside(String line, int indent) {
        return line.isBlank() || line.startsWith("#") || line.matches("\\w+:|\\{") || indent(line) > indent;
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static Set<String> longLines(List<Path> sources, int limit) {
        Set<String> found = new TreeSet<>();
        for (Path source : sources) {
            List<String> lines = Repository.lines(source);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > limit) {
                    found.add(Repository.name(source) + ":" + (i + 1));
                }
            }
        }
        return found;
    }

    @Test
    void methodsAreShort() {
        Set<String> found = new TreeSet<>();
        for (Path source : sources(".java")) {
            found.addAll(longParts(
                    source,
                    JAVA_METHOD,
                    head -> head.contains("(") && !NO_METHOD.matcher(head).matches()));
        }
        assertEquals(new TreeSet<>(KNOWN_LONG_METHODS), found);
    }

    @Test
    void functionsAreShort() {
        Set<String> found = new TreeSet<>();
        for (Path source : cSources()) {
            found.addAll(longParts(
                    source,
                    C_FUNCTION,
                    head -> head.contains("(") && !head.matches("(} )?(if|for|while|switch|do|else).*")));
        }
        assertEquals(Set.of(), found);
    }

    /** That the two above find something: the same with a smaller limit. */
    @Test
    void lengthsAreSeen() {
        Path java = Repository.file("java/core/src/test/java/dev/quire/repository/LimitsTest.java");
        assertEquals(
                Set.of(Repository.name(java)
                        + ": private static Set<String> longParts(Path source, int limit,"
                        + " Predicate<String> isFunction) {"),
                longParts(
                        java,
                        15,
                        head -> head.contains("(") && !NO_METHOD.matcher(head).matches()));
        Path c = Repository.file("native/src/test/c/check_wait.c");
        assertTrue(longParts(c, 5, head -> head.contains("(")).toString().contains("int main(void) {"));
        assertTrue(longLines(List.of(java), 60).size() > 10);
    }

    /** Fails for long lines elsewhere, and for a folder that has none any more. */
    private static void assertShort(Set<String> known, Set<String> found) {
        Set<String> used = new TreeSet<>();
        Set<String> others = new TreeSet<>();
        for (String line : found) {
            String folder = known.stream().filter(line::startsWith).findFirst().orElse("");
            if (folder.isEmpty()) {
                others.add(line);
            } else {
                used.add(folder);
            }
        }
        assertEquals(Set.of(), others);
        assertEquals(new TreeSet<>(known), used, "folders without long lines have to go from the list");
    }

    @Test
    void linesOfJavaAreShort() {
        assertShort(KNOWN_LONG_JAVA, longLines(sources(".java"), JAVA_LINE));
    }

    @Test
    void linesOfCAreShort() {
        assertShort(KNOWN_LONG_C, longLines(cSources(), C_LINE));
    }
}
