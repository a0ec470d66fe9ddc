package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a {@link LoadingMain} said in its child JVM. */
record LoadingReport(List<String> lines) {
    static LoadingReport of(ChildJvm child) throws IOException, InterruptedException {
        return of(child.run());
    }

    static LoadingReport of(ChildJvm.Exit exit) {
        assertEquals(0, exit.status(), exit::toString);
        assertEquals("", exit.err());
        List<String> lines = exit.out().lines().toList();
        List<String> first = lines.subList(0, lines.size() / 2);
        List<String> second = lines.subList(lines.size() / 2, lines.size());
        assertEquals(withoutNumbers(first), withoutNumbers(second), "every call hears the same");
        return new LoadingReport(first);
    }

    /** A call that tries again makes a new directory. */
    private static List<String> withoutNumbers(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("quire-\\d+", "quire-NUMBER"))
                .toList();
    }

    LoadingReport loadedFrom(String origin) {
        assertTrue(value("origin ").contains(origin), this::toString);
        return this;
    }

    /** Refused, and the message has all these parts. */
    LoadingReport refused(String... parts) {
        assertEquals(1, lines.size(), this::toString);
        for (String part : parts) {
            assertTrue(value("refused ").contains(part), () -> part + " missing in " + this);
        }
        return this;
    }

    /** Not refused, but something was tried in vain, for a reason with all these parts. */
    LoadingReport passedOver(String... parts) {
        for (String part : parts) {
            assertTrue(value("passed ").contains(part), () -> part + " missing in " + this);
        }
        return this;
    }

    LoadingReport passedOverNothing() {
        assertFalse(lines.stream().anyMatch(line -> line.startsWith("passed ")), this::toString);
        return this;
    }

    Path file() {
        return Path.of(value("file "));
    }

    private String value(String key) {
        List<String> found = lines.stream().filter(line -> line.startsWith(key)).toList();
        assertEquals(1, found.size(), () -> key + "in " + this);
        return found.getFirst().substring(key.length());
    }
}
